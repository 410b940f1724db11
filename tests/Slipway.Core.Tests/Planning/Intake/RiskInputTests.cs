using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Intake;

/// <summary>The risk assessment that comes with a request: asked for when it is absent, used when it is there.</summary>
public sealed class RiskInputTests
{
    [Theory]
    [Trait("requirement", "S004-211")]
    [InlineData("release.declared_risk", "\"critical\"", "deployment_risk", "critical")]
    [InlineData("release.blast_radius", "\"global\"", "blast_radius", "global")]
    public void What_is_left_out_is_a_gap_and_what_is_stated_reaches_the_report(string path, string value, string field, string expected)
    {
        var without = IntakeGaps.Analyse(CompleteRequest.Without(path), IntakeProfile.Strict);
        Assert.Contains(without.Gaps, gap => gap.Path == path && gap.Blocking);
        Assert.Contains(without.Insufficient!.Missing, missing => missing.StartsWith($"{path}: ", StringComparison.Ordinal));
        Assert.NotEqual(expected, Risk(CompleteRequest.Without(path)).GetProperty(field).GetString());

        var stated = CompleteRequest.With(path, value);
        Assert.DoesNotContain(IntakeGaps.Analyse(stated, IntakeProfile.Strict).Gaps, gap => gap.Path == path);
        Assert.Equal(expected, Risk(stated).GetProperty(field).GetString());
    }

    [Fact]
    [Trait("requirement", "S004-211")]
    public void The_known_risks_and_the_complexity_reach_the_profile()
    {
        Assert.Contains(IntakeGaps.Analyse(CompleteRequest.Without("release.known_risks"), IntakeProfile.Strict).Gaps, gap => gap is { Path: "release.known_risks", Blocking: true });
        var request = CompleteRequest.Read();
        Assert.Equal(["a full re-index takes six hours"], RiskProfile.Of(request, Planner.Draft(request)).KnownRisks);
        var harder = CompleteRequest.With("changes.complexity", "10");
        Assert.Equal(10, RiskAssessor.Assess(harder).Complexity.Value);
    }

    [Theory]
    [Trait("requirement", "S001-90")]
    [InlineData(ChangeType.Configuration, true)]
    [InlineData(ChangeType.Code, false)]
    public void A_change_of_configuration_names_the_keys_that_level_two_brings_back(ChangeType type, bool asked)
    {
        var request = CompleteRequest.Read();
        request = request with { Release = request.Release with { ChangeType = type } };
        Assert.Equal([1, 2, 3], Planner.Draft(request).Levels.Select(level => level.Level));
        Assert.Empty(IntakeGaps.Analyse(request, IntakeProfile.Strict).Gaps);

        var without = request with { Rollback = request.Rollback! with { Configuration = [] } };
        Assert.Equal(asked ? ["rollback.configuration"] : [], IntakeGaps.Analyse(without, IntakeProfile.Strict).Gaps.Select(gap => gap.Path));
    }

    [Theory]
    [Trait("requirement", "S001-16")]
    [InlineData(IntakeProfile.Strict, true)]
    [InlineData(IntakeProfile.Standard, false)]
    public void A_request_that_names_no_approval_is_asked_for_it(IntakeProfile profile, bool blocking)
    {
        var request = CompleteRequest.Read();
        request = request with { Approvals = new Dictionary<string, ApprovalSpec>(), Stages = [.. request.Stages.Select(stage => stage with { Approval = null })], Release = request.Release with { DeclaredRisk = RiskLevel.Low } };
        Assert.Contains(IntakeGaps.Analyse(request, profile).Gaps, gap => gap.Path == "approvals" && (gap.Blocking || !blocking));
    }

    private static JsonElement Risk(ReleaseRequest request)
    {
        var created = SampleRequests.Created(RiskLevel.Low) with { Request = request, Plan = Planner.Draft(request) };
        var state = ReleaseState.Fold(new LedgerScript(SampleRequests.Start).Add(created).Entries);
        return JsonDocument.Parse(ReportJson.Write(ReleaseReporter.Report(state, SampleRequests.Start))).RootElement.GetProperty("risk_assessment");
    }
}
