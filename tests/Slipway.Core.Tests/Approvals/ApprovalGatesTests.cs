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
        var gates = ApprovalGates.Of(request, Planner.Draft(request), Policy, ["kim@example.com"]);

        Assert.Equal(["lee@example.com"], gates[0].Eligible());
        var problem = Assert.Single(ApprovalGates.Problems(gates));
        Assert.Equal(("approvals.board", true), (problem.Path, problem.Found.StartsWith("0 who may decide", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Ada Lane <ada@example.com>", "")]
    [InlineData("mailto:ADA@example.com", "")]
    [InlineData("Ada (ada@example.com), product", "")]
    [InlineData("\"Ada\" <ada@example.com>; ada.lane@example.org.", "")]
    [InlineData("", "Ada Lane <ada@example.com>")]
    [InlineData("the product team", "ada@example.com")]
    public void Of_AnAddressWithinAName_IsBarred(string requestedBy, string startedBy)
    {
        var request = Request(RiskLevel.Low, "team", null);
        request = request with { Release = request.Release with { RequestedBy = requestedBy } };
        var gates = ApprovalGates.Of(request, Planner.Draft(request), Policy, [startedBy]);

        Assert.Equal(["lee@example.com"], gates[0].Eligible());
        Assert.Empty(ApprovalGates.Unknown(gates));
    }

    [Theory]
    [InlineData("o'brien@example.com")]
    [InlineData("Pat O'Brien <O'Brien@example.com>")]
    [InlineData("'o'brien@example.com'")]
    public void Of_AnAddressWithAnApostrophe_IsBarredAsMembersHaveIt(string requestedBy)
    {
        var request = Request(RiskLevel.Low, "team", null);
        request = request with { Release = request.Release with { RequestedBy = requestedBy } };
        var policy = Policy with { ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["team"] = ["o'brien@example.com", "brien@example.com"] } };

        Assert.Equal(["brien@example.com"], ApprovalGates.Of(request, Planner.Draft(request), policy, []).Single().Eligible());
    }

    [Theory]
    [InlineData("", "", "(unnamed)")]
    [InlineData("", "operator", "(operator)")]
    [InlineData("the product team", "operator", "(the product team, operator)")]
    public void Unknown_NobodyWhoCouldBeAMemberIsBarred_SaysSo(string requestedBy, string startedBy, string named)
    {
        var request = Request(RiskLevel.Low, "team", null);
        request = request with { Release = request.Release with { RequestedBy = requestedBy } };

        Assert.Contains(named, Assert.Single(ApprovalGates.Unknown(ApprovalGates.Of(request, Planner.Draft(request), Policy, [startedBy]))), StringComparison.Ordinal);
        Assert.Empty(ApprovalGates.Unknown([]));
    }

    [Fact]
    public void Of_InlineApprovers_CountOnlyWhereThePolicyAllowsThem()
    {
        var request = Request(RiskLevel.Low, "own", null) with { Approvals = new Dictionary<string, ApprovalSpec> { ["own"] = new() { Approvers = ["eve@example.com"] } } };

        Assert.Empty(Assert.Single(ApprovalGates.Of(request, Planner.Draft(request), Policy, [])).Members);
        Assert.Equal(["eve@example.com"], Assert.Single(ApprovalGates.Of(request, Planner.Draft(request), Policy with { InlineApprovers = true }, [])).Members);
    }

    [Theory]
    [InlineData(RiskLevel.Low, ApproverIdentity.Link, ApproverIdentity.Link, ApproverIdentity.Link)]
    [InlineData(RiskLevel.Medium, ApproverIdentity.Link, ApproverIdentity.Link, ApproverIdentity.Link)]
    [InlineData(RiskLevel.Medium, ApproverIdentity.SignIn, ApproverIdentity.Link, ApproverIdentity.SignIn)]
    [InlineData(RiskLevel.Medium, ApproverIdentity.Link, ApproverIdentity.SignIn, ApproverIdentity.SignIn)]
    [InlineData(RiskLevel.High, ApproverIdentity.Link, ApproverIdentity.Link, ApproverIdentity.SignIn)]
    [InlineData(RiskLevel.Critical, ApproverIdentity.Link, ApproverIdentity.Link, ApproverIdentity.SignIn)]
    public void Of_RiskRequestAndPolicy_EachMayAskForASignIn(RiskLevel risk, ApproverIdentity request, ApproverIdentity policy, ApproverIdentity expected)
    {
        var release = Request(risk, "team", "team") with { Approvals = new Dictionary<string, ApprovalSpec> { ["team"] = new() { Identity = request } } };

        Assert.All(
            ApprovalGates.Of(release, Planner.Draft(release), Policy with { ApproverIdentity = policy }, []),
            gate => Assert.Equal(expected, gate.Identity));
    }

    [Theory]
    [InlineData(1, "", "ada@example.com, lee@example.com")]
    [InlineData(1, "ADA@example.com", null)]
    [InlineData(2, "ada@example.com", "lee@example.com")]
    [InlineData(2, "ada@example.com lee@example.com", null)]
    public void SignInProblems_TooFewKeysForTheQuorum_NamesWhoseAreMissing(int quorum, string keys, string? missing)
    {
        var request = Request(RiskLevel.High, "team", "team") with { Approvals = new Dictionary<string, ApprovalSpec> { ["team"] = new() { Quorum = quorum } } };
        var policy = Policy with { Keys = [.. keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new PolicyKey(name, [PolicyRole.Approver], ""))] };
        var gates = ApprovalGates.Of(request, Planner.Draft(request), policy, []);

        var problems = ApprovalGates.SignInProblems(gates, policy, RiskLevel.High).ToList();

        if (missing is null)
        {
            Assert.Empty(problems);
            return;
        }

        var problem = Assert.Single(problems);
        Assert.Equal("approvals.team", problem.Path);
        Assert.EndsWith($"(no key with the role approver: {missing})", problem.Found, StringComparison.Ordinal);
        Assert.Contains("with high risk approvers sign in", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void SignInProblems_AKeyOfAnotherRole_IsNoApprovers()
    {
        var request = Request(RiskLevel.High, "board", "board");
        var policy = Policy with { Keys = [new PolicyKey("kim@example.com", [PolicyRole.Operator, PolicyRole.Viewer], "")] };

        Assert.NotEmpty(ApprovalGates.SignInProblems(ApprovalGates.Of(request, Planner.Draft(request), policy, []), policy, RiskLevel.High));
    }

    private static string Ids(ReleaseRequest request) =>
        string.Join(", ", ApprovalGates.Of(request, Planner.Draft(request), Policy, []).Select(gate => gate.Id));

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
