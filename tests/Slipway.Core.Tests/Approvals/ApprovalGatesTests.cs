using Slipway.Core.Approvals;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Approvals;

public class ApprovalGatesTests
{
    private static readonly ServerPolicy Policy = new()
    {
        ApproverGroups = new Dictionary<string, IReadOnlyList<string>>
        {
            ["team"] = ["ada@example.com", "lee@example.com"],
            ["board"] = ["kim@example.com"],
        },
    };

    [Theory]
    [InlineData(RiskLevel.Low, "stage-2:board")]
    [InlineData(RiskLevel.Medium, "start:team, stage-2:board")]
    [InlineData(RiskLevel.High, "start:team, stage-2:board")]
    [InlineData(RiskLevel.Critical, "start:team, stage-2:board")]
    public void Of_RiskAndStages_SaysWhatHasToBeApproved(RiskLevel risk, string expected) =>
        Assert.Equal(expected, Ids(Request(risk, null, "board") with { Approvals = new Dictionary<string, ApprovalSpec> { ["team"] = new() } }));

    [Theory]
    [InlineData(null, "board", "start:board, stage-2:board")]
    [InlineData("team", "board", "start:board, start:team, stage-2:board", "board", "team")]
    [InlineData("team", "team", "start:team, stage-2:team")]
    public void Of_MediumRisk_TheStartAsksTheStagesGroupsWhereNoneIsListedAndNobodyTwiceAtOnce(string? first, string? second, string expected, params string[] listed) =>
        Assert.Equal(expected, Ids(Request(RiskLevel.Medium, first, second) with { Approvals = listed.ToDictionary(name => name, _ => new ApprovalSpec()) }));

    [Theory]
    [Trait("requirement", "S001-87")]
    [InlineData(RiskLevel.Low, "")]
    [InlineData(RiskLevel.Medium, "start:team")]
    [InlineData(RiskLevel.High, "start:team, stage-2:team, stage-3:team")]
    [InlineData(RiskLevel.Critical, "start:team, stage-2:team, stage-3:team")]
    public void Of_HighRisk_AddsAGateBeforeEveryIncreaseToThoseOfMediumRisk(RiskLevel risk, string expected)
    {
        var small = Given.Request(Given.Small);
        var request = small with { Release = small.Release with { DeclaredRisk = risk }, Approvals = new Dictionary<string, ApprovalSpec> { ["team"] = new() } };

        Assert.Equal(expected, Ids(request));
        Assert.Equal(risk >= RiskLevel.High, Planner.Draft(request).Notes.Contains($"Approvals: team approves every increase that names no group, as the risk is {risk.ToString().ToLowerInvariant()}."));
    }

    [Fact]
    public void Of_RequesterAndStarter_AreBarredAndAGroupOfThemAloneIsAProblem()
    {
        var request = Request(RiskLevel.Low, "team", "board");
        request = request with { Release = request.Release with { RequestedBy = "Ada@example.com" } };
        var gates = ApprovalGates.Of(request, Planner.Draft(request), Policy, "kim@example.com");

        Assert.Equal(["lee@example.com"], gates[0].Eligible());
        var problem = Assert.Single(ApprovalGates.Problems(gates));
        Assert.Equal(("approvals.board", true), (problem.Path, problem.Found.StartsWith("0 who may decide", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_InlineApprovers_CountOnlyWhereThePolicyAllowsThem()
    {
        var request = Request(RiskLevel.Low, "own", null) with { Approvals = new Dictionary<string, ApprovalSpec> { ["own"] = new() { Approvers = ["eve@example.com"] } } };

        Assert.Empty(Assert.Single(ApprovalGates.Of(request, Planner.Draft(request), Policy, "")).Members);
        Assert.Equal(["eve@example.com"], Assert.Single(ApprovalGates.Of(request, Planner.Draft(request), Policy with { InlineApprovers = true }, "")).Members);
    }

    private static string Ids(ReleaseRequest request) =>
        string.Join(", ", ApprovalGates.Of(request, Planner.Draft(request), Policy, "").Select(gate => gate.Id));

    private static ReleaseRequest Request(RiskLevel risk, string? first, string? second)
    {
        var small = Given.Request(Given.Small);
        return small with
        {
            Release = small.Release with { DeclaredRisk = risk },
            Stages =
            [
                new StageSpec { Percentage = new(5), Bake = TimeSpan.FromHours(1), Approval = first },
                new StageSpec { Percentage = new(100), Bake = TimeSpan.FromHours(1), Approval = second },
            ],
        };
    }
}
