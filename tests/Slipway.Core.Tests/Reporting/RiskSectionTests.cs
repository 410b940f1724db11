using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Contract;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

public sealed class RiskSectionTests
{
    [Theory]
    [Trait("requirement", "S001-18")]
    [Trait("requirement", "S001-20")]
    [InlineData(null, null, "minimal", "complex")]
    [InlineData(BlastRadius.Global, RollbackComplexity.Simple, "global", "complex")]
    [InlineData(BlastRadius.Significant, RollbackComplexity.Complex, "significant", "complex")]
    public void What_the_requester_states_raises_what_is_reported(BlastRadius? radius, RollbackComplexity? complexity, string expectedRadius, string expectedComplexity)
    {
        var risk = Json(release => release with { BlastRadius = radius, RollbackComplexity = complexity }).GetProperty("risk_assessment");

        Assert.Equal((expectedRadius, expectedComplexity), (risk.GetProperty("blast_radius").GetString(), risk.GetProperty("rollback_complexity").GetString()));
    }

    [Fact]
    [Trait("requirement", "S002-138")]
    public void An_answer_raises_the_confidence_that_is_reported()
    {
        var silent = Confidence(release => release);
        var answered = Confidence(release => release with { KnownRisks = [] });

        Assert.InRange(silent, 0, 1);
        Assert.Equal(silent / 0.99, answered, 4);

        static double Confidence(Func<ReleaseIdentity, ReleaseIdentity> change) => Json(change).GetProperty("risk_assessment").GetProperty("confidence_score").GetDouble();
    }

    [Theory]
    [Trait("requirement", "S002-134")]
    [InlineData(RiskLevel.Low, "low")]
    [InlineData(RiskLevel.Medium, "medium")]
    [InlineData(RiskLevel.High, "high")]
    [InlineData(RiskLevel.Critical, "critical")]
    public void The_risk_of_the_plan_is_reported_and_the_data_risk_follows_the_migration(RiskLevel risk, string expected)
    {
        var assessment = Json(release => release, risk).GetProperty("risk_assessment");

        Assert.Equal((expected, "medium"), (assessment.GetProperty("deployment_risk").GetString(), assessment.GetProperty("data_risk").GetString()));
        Assert.Equal(DataRisk.Medium, RiskScales.DataRiskOf(SampleRequests.Request()));
    }

    private static JsonElement Json(Func<ReleaseIdentity, ReleaseIdentity> change, RiskLevel risk = RiskLevel.Low)
    {
        var created = SampleRequests.Created(risk);
        created = created with { Request = created.Request with { Release = change(created.Request.Release) } };
        var state = ReleaseState.Fold(new LedgerScript(SampleRequests.Start).Add(created).Entries);
        return JsonDocument.Parse(Valid(ReportJson.Write(ReleaseReporter.Report(state, SampleRequests.Start)))).RootElement;

        static string Valid(string json)
        {
            Assert.Empty(ReportContract.Problems(json));
            return json;
        }
    }
}
