using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Scenarios.World;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases of high risk: whoever approves them has signed in.</summary>
public class SignInStories
{
    private const string Start = "start:release-managers";

    [Fact]
    public async Task With_high_risk_only_signed_in_approvers_move_the_release_and_the_ledger_says_so()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.HighRisk());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var link = world.LinkOf(Requests.Ada);

        Assert.Null(Assert.IsType<ApprovalAnswer.NotSignedIn>(await world.DecideAsync(link)).Who);
        Assert.IsType<ApprovalAnswer.NotSignedIn>(await world.DecideAsync(link, who: new ApprovalPrincipal(Requests.Lee, true)));
        Assert.IsType<ApprovalAnswer.NotSignedIn>(await world.DecideAsync(link, who: new ApprovalPrincipal(Requests.Ada, false)));
        Assert.Empty(await world.EntriesAsync<ApprovalDecided>(release));
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, link, who: new ApprovalPrincipal("ADA@example.com", true)));

        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        var report = ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
        Assert.Contains("decided after a sign-in", Assert.Single(report.PreDeployment.Approvals).Conditions);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_decision_that_got_into_the_ledger_by_the_link_alone_counts_for_nothing()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.HighRisk());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var asked = (await world.StateAsync(release)).Approvals[Start].Asked;
        var byLink = new ApprovalDecision("by-link", Start, Requests.Lee, ApprovalChoice.Reject, "", asked.EvidenceHash, ApproverIdentity.Link);

        await world.Journal.AppendAsync(release, [new LedgerDraft("by-link", world.Time.GetUtcNow(), Requests.Lee, new ApprovalDecided(byLink))], default);
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada), who: new ApprovalPrincipal(Requests.Ada, true)));

        Assert.Contains("signed-in approver", Assert.Single(await world.EntriesAsync<CommandRefused>(release)).Why);
        Assert.Equal(ApprovalOutcome.Approved, (await world.StateAsync(release)).Approvals[Start].Ended!.Outcome);
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task High_risk_is_refused_where_too_few_approvers_can_sign_in_and_their_names_are_told()
    {
        await using var world = new ReleaseWorld(new ServerPolicy { ApproverGroups = Requests.Groups });
        await world.Flags.CreateAsync(Requests.Flag, "carries the release", default);
        var refused = Assert.IsType<StartOutcome.Refused>(await world.Desk.StartAsync(Requests.HighRisk(), Requests.Dana, default));

        var problem = Assert.Single(refused.Problems);
        Assert.Equal("approvals.release-managers", problem.Path);
        Assert.Contains("no key with the role approver: ada@example.com, lee@example.com", problem.Found);
    }
}
