using Slipway.Cli.Terminal;
using Slipway.Cli.Tests.Fakes;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Cli.Tests.Commands;

public sealed class ApproveTests : IDisposable
{
    private const string Ada = "ada@example.com";
    private readonly CliWorld _world = new(new ServerPolicy
    {
        ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["release-managers"] = [Ada] },
        Keys = [new PolicyKey(Ada, [PolicyRole.Approver], "")],
    });

    [Theory]
    [InlineData("", ApprovalChoice.Approve)]
    [InlineData(" --reject --comment no", ApprovalChoice.Reject)]
    public async Task Approve_DecidesAndWaitsForTheAnswer(string options, ApprovalChoice choice)
    {
        var (release, token) = await AskAsync();
        Answer(id => new CommandApplied(id, "approved: 1 of 1"));

        var run = await _world.RunAsync($"approve {token}{options}", TestContext.Current.CancellationToken);

        Assert.True(run.Code == ExitCodes.Done, run.ToString());
        Assert.Contains("approved: 1 of 1", run.Output, StringComparison.Ordinal);
        var decision = Assert.Single(await DecisionsAsync(release));
        Assert.Equal((Ada, choice), (decision.Approver, decision.Choice));
    }

    [Fact]
    public async Task Approve_TheWholeLinkAndDryRun_ShowsWhatIsAskedAndSendsNothing()
    {
        var (release, token) = await AskAsync();

        var run = await _world.RunAsync($"approve http://localhost:5180/approvals/{token} --dry-run", TestContext.Current.CancellationToken);

        Assert.True(run.Code == ExitCodes.Done, run.ToString());
        Assert.Contains("shown", run.Output, StringComparison.Ordinal);
        Assert.Empty(await DecisionsAsync(release));
    }

    [Fact]
    public async Task Approve_ThatDoesNotCount_SaysWhyAndIsAConflict()
    {
        var (_, token) = await AskAsync();
        Answer(id => new CommandRefused(id, "the gate is decided already"));

        var run = await _world.RunAsync($"approve {token}", TestContext.Current.CancellationToken);

        Assert.True(run.Code == ExitCodes.Conflict, run.ToString());
        Assert.Contains("decided already", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_CutToken_NamesWhatToDo()
    {
        var (release, token) = await AskAsync();

        var run = await _world.RunAsync($"approve {token[..20]}", TestContext.Current.CancellationToken);

        Assert.NotEqual(ExitCodes.Done, run.Code);
        Assert.Contains("whole link", run.Error, StringComparison.Ordinal);
        Assert.Empty(await DecisionsAsync(release));
    }

    [Fact]
    public async Task Approve_AGateThatAsksForASignIn_SendsTheCallersOwnKey()
    {
        var (release, token) = await AskAsync("high");
        Answer(id => new CommandApplied(id, "approved: 1 of 1"));

        var other = await _world.RunAsync($"approve {token}", TestContext.Current.CancellationToken);
        Assert.True(other.Code == ExitCodes.NotAuthorised, other.ToString());
        Assert.Contains("SLIPWAY_TOKEN", other.Error, StringComparison.Ordinal);
        Assert.Empty(await DecisionsAsync(release));

        _world.Variables["SLIPWAY_TOKEN"] = ApiWorld.AdaKey;
        var own = await _world.RunAsync($"approve {token}", TestContext.Current.CancellationToken);
        Assert.True(own.Code == ExitCodes.Done, own.ToString());
        Assert.Equal(ApproverIdentity.SignIn, Assert.Single(await DecisionsAsync(release)).Identity);
    }

    public void Dispose() => _world.Dispose();

    private async Task<IReadOnlyList<ApprovalDecision>> DecisionsAsync(ReleaseId release) =>
        [.. (await _world.Api.Ledger.ReadAsync(release, 0, CancellationToken.None)).Select(entry => entry.Read()).OfType<ApprovalDecided>().Select(body => body.Decision)];

    private void Answer(Func<string, LedgerBody> answer) => _world.Api.Engine.OnWake = async release =>
        await _world.Api.AppendAsync(release, answer((await DecisionsAsync(release))[^1].Id));

    private async Task<(ReleaseId Release, string Token)> AskAsync(string risk = "medium")
    {
        var release = await _world.Api.StartSampleAsync(
            Samples.Patient.Replace("declared_risk: low", $"declared_risk: {risk}", StringComparison.Ordinal) + "\napprovals: { release-managers: {} }\n");
        var gate = ((ReleaseCreated)(await _world.Api.Ledger.ReadAsync(release, 0, CancellationToken.None))[0].Read()).Approvals[0];
        await _world.Api.AppendAsync(release, new ApprovalRequested(gate, "shown", "e1", ApiWorld.Start, ApiWorld.Start + gate.Timeout));
        return (release, ApprovalToken.Sign(new ApprovalClaim(release, gate.Id, Ada, "e1", ApiWorld.Start + gate.Timeout, "n"), ApiWorld.Keys));
    }
}
