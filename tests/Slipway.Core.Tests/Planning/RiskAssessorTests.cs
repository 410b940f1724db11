using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning;

public sealed class RiskAssessorTests
{
    [Theory]
    [InlineData("{}", RiskLevel.Low, "")]
    [InlineData("{\"preflight\":{\"dependencies\":{\"databases\":[{\"name\":\"db\"}]}}}", RiskLevel.Low, "")]
    [InlineData("{\"preflight\":{\"dependencies\":{\"databases\":[{\"name\":\"db\",\"migration\":{\"up\":\"u\"}}]}}}", RiskLevel.High, "the migration of db has no way back that is safe with data written since")]
    [InlineData("{\"preflight\":{\"dependencies\":{\"databases\":[{\"name\":\"db\",\"migration\":{\"up\":\"u\",\"down\":\"d\"}}]}}}", RiskLevel.High, "the migration of db has no way back that is safe with data written since")]
    [InlineData("{\"preflight\":{\"dependencies\":{\"databases\":[{\"name\":\"db\",\"migration\":{\"up\":\"u\",\"down\":\"d\",\"down_safe_after_writes\":true}}]}}}", RiskLevel.Medium, "the database db is migrated")]
    [InlineData("{\"release\":{\"change_type\":\"data_migration\"}}", RiskLevel.Medium, "the change type is data_migration")]
    [InlineData("{\"changes\":{\"breaking_changes\":[\"x\"]}}", RiskLevel.Medium, "there are breaking changes")]
    [InlineData("{\"changes\":{\"files\":[{\"path\":\"a.cs\",\"area\":\"data_write\"}]}}", RiskLevel.Medium, "a.cs writes data")]
    [InlineData("{\"changes\":{\"files\":[{\"path\":\"a.cs\",\"area\":\"ui\"}]}}", RiskLevel.Low, "")]
    public void Each_row_of_the_table(string json, RiskLevel computed, string reason)
    {
        var assessment = RiskAssessor.Assess(Given.Request(json));

        Assert.Equal(computed, assessment.Computed);
        Assert.Equal(reason, string.Join("; ", assessment.Reasons));
    }

    [Theory]
    [InlineData(null, false, RiskLevel.Medium)]
    [InlineData(RiskLevel.Low, false, RiskLevel.Low)]
    [InlineData(RiskLevel.Low, true, RiskLevel.High)]
    [InlineData(RiskLevel.Critical, true, RiskLevel.Critical)]
    public void The_declared_risk_is_raised_and_never_lowered(RiskLevel? declared, bool irreversible, RiskLevel counting)
    {
        var request = irreversible
            ? Given.Request("{\"preflight\":{\"dependencies\":{\"databases\":[{\"name\":\"db\",\"migration\":{\"up\":\"u\"}}]}}}")
            : Given.Request("{}");

        Assert.Equal(counting, RiskAssessor.Assess(request with { Release = request.Release with { DeclaredRisk = declared } }).Counting);
    }
}
