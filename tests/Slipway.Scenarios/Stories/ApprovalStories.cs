using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Scenarios.World;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that wait for people: before the start, and before a stage with users exposed.</summary>
public class ApprovalStories
{
    private const string Start = "start:release-managers";
    private const string Stage = "stage-2:release-managers";

    [Fact]
    [Trait("requirement", "S002-24")]
    [Trait("requirement", "S002-67")]
    [Trait("requirement", "S002-140")]
    public async Task A_release_of_medium_risk_starts_when_its_group_has_approved()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var waiting = await ReportAsync(world, release);
        Assert.Equal((BoardStatus.Pending, ReportStatus.InProgress), (waiting.Compliance.ApprovalBoard, waiting.Status));
        Assert.Empty(waiting.PreDeployment.Approvals);
        Assert.Contains(waiting.NextActions, action => action.Trigger == ActionTrigger.Manual && action.Action.StartsWith("Approve or reject the start", StringComparison.Ordinal));

        await world.RunUntilAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        var decidedAt = world.Time.GetUtcNow();
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada), comment: "go"));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        var report = await ReportAsync(world, release);
        var approval = Assert.Single(report.PreDeployment.Approvals);
        Assert.Equal((ApprovalKind.Manual, Requests.Ada, decidedAt), (approval.Type, approval.Approver, approval.Timestamp));
        Assert.Contains("comment: go", approval.Conditions);
        Assert.Equal(BoardStatus.Approved, report.Compliance.ApprovalBoard);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-140")]
    public async Task A_rejection_before_the_start_ends_the_release_and_nobody_was_exposed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart(quorum: 2));
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.DecideAsync(world.LinkOf(Requests.Ada));
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Lee), ApprovalChoice.Reject, "not this week"));
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.Failed, Percentage.Zero), (state.Phase, state.PeakExposure));
        Assert.Contains("rejected by lee@example.com: not this week", state.PhaseReason);
        var report = await ReportAsync(world, release);
        Assert.Equal(BoardStatus.Rejected, report.Compliance.ApprovalBoard);
        Assert.Equal(Requests.Ada, Assert.Single(report.PreDeployment.Approvals).Approver);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_missing_answer_is_a_denial_and_reminders_come_on_time_to_the_silent_ones_only()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart(quorum: 2));
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var asked = Assert.Single(await world.EntriesAsync<ApprovalRequested>(release));
        await world.RunUntilAsync(asked.AskedAt - ReleaseWorld.Epoch + TimeSpan.FromMinutes(30));
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Equal(asked.Deadline, (await world.LedgerAsync(release)).Single(entry => entry.Read() is ApprovalEnded { Outcome: ApprovalOutcome.TimedOut }).At);
        Assert.Equal([0, 20], Invited(world, Requests.Ada, asked.AskedAt));
        Assert.Equal([0, 20, 40], Invited(world, Requests.Lee, asked.AskedAt));
        Assert.Empty(Invited(world, Requests.Dana, asked.AskedAt));
        Assert.Equal(BoardStatus.Rejected, (await ReportAsync(world, release)).Compliance.ApprovalBoard);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_quorum_of_two_needs_two_people_and_the_same_person_counts_once()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart(quorum: 2));
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var first = world.LinkOf(Requests.Ada);
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, first));
        await world.DecideAsync(first);
        Assert.Single(await world.EntriesAsync<ApprovalDecided>(release));

        // The reminder's link is another link of the same person; rejecting after approving comes too late as well.
        var other = ApprovalToken.Sign(Claim(await AskedAsync(world, release), Requests.Ada) with { Nonce = "another" }, ReleaseWorld.Keys);
        Assert.Contains("counts once", Assert.IsType<CommandRefused>(await world.AnswerToAsync(release, other)).Why);
        Assert.Contains("counts once", Assert.IsType<CommandRefused>(await world.AnswerToAsync(release, first, ApprovalChoice.Reject)).Why);
        Assert.Equal(ReleasePhase.Approving, (await world.StateAsync(release)).Phase);

        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Lee)));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_requester_a_stranger_and_other_evidence_are_refused_in_the_ledger()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var asked = await AskedAsync(world, release);

        string Why(LedgerBody answer) => Assert.IsType<CommandRefused>(answer).Why;
        Assert.Contains("whoever does cannot decide", Why(await world.AnswerToAsync(release, Token(Claim(asked, Requests.Dana)))));
        Assert.Contains("is not in the group", Why(await world.AnswerToAsync(release, Token(Claim(asked, "eve@example.com")))));
        Assert.Contains("other evidence", Why(await world.AnswerToAsync(release, Token(Claim(asked, Requests.Ada) with { EvidenceHash = "00" }))));
        Assert.Equal(ReleasePhase.Approving, (await world.StateAsync(release)).Phase);

        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        Assert.Equal(ReleasePhase.Failed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_decision_after_the_gate_is_decided_is_refused_and_an_expired_or_forged_link_records_nothing()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var (ada, lee) = (world.LinkOf(Requests.Ada), world.LinkOf(Requests.Lee));
        await world.DecideAsync(ada);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Contains("decided already", Assert.IsType<CommandRefused>(await world.AnswerToAsync(release, lee, ApprovalChoice.Reject)).Why);

        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        await world.RunUntilAsync(TimeSpan.FromHours(2));
        var before = (await world.LedgerAsync(release)).Count(entry => entry.Read() is ApprovalDecided);
        Assert.IsType<ApprovalAnswer.Expired>(await world.DecideAsync(lee));
        Assert.IsType<ApprovalAnswer.Forged>(await world.DecideAsync(lee[..^4] + (lee.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA")));
        Assert.IsType<ApprovalAnswer.Malformed>(await world.DecideAsync("approve"));
        Assert.Equal(before, (await world.LedgerAsync(release)).Count(entry => entry.Read() is ApprovalDecided));

        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.IsType<ApprovalAnswer.Expired>(await world.DecideAsync(lee));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_decision_in_time_whose_signal_was_lost_counts_at_the_deadline()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.RunUntilAsync(TimeSpan.FromMinutes(50));
        world.LosesSignals = true;
        await world.DecideAsync(world.LinkOf(Requests.Ada));
        world.LosesSignals = false;
        Assert.Equal(ReleasePhase.Approving, (await world.StateAsync(release)).Phase);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_stage_is_shifted_only_when_its_group_has_approved_and_what_is_exposed_stays_watched()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStage());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var judged = (await world.EntriesAsync<IntervalJudged>(release)).Count;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(15));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.True((await world.EntriesAsync<IntervalJudged>(release)).Count >= judged + 10);
        Assert.Equal(BoardStatus.Pending, (await ReportAsync(world, release)).Compliance.ApprovalBoard);

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Lee)));
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(15));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal([ApprovalKind.Automated, ApprovalKind.Manual], (await ReportAsync(world, release)).PreDeployment.Approvals.Select(approval => approval.Type));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_denial_at_a_stage_rolls_back(bool rejected)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStage());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        if (rejected) Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada), ApprovalChoice.Reject));
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, new Percentage(5)), (state.Phase, state.PeakExposure));
        var begun = Assert.Single(await world.EntriesAsync<RollbackBegun>(release));
        Assert.Equal((!rejected, rejected ? Requests.Ada : "slipway"), (begun.Automated, begun.Actor));
        Assert.Equal(BoardStatus.Rejected, (await ReportAsync(world, release)).Compliance.ApprovalBoard);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.RollBack)]
    [InlineData(ReleaseCommandKind.Abort)]
    [Trait("requirement", "S002-36")]
    public async Task A_rollback_needs_no_approval(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStage());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(ApprovalOutcome.Withdrawn, Assert.Single(await world.EntriesAsync<ApprovalEnded>(release)).Outcome);
        Assert.IsType<ApprovalAnswer.Ended>(await world.DecideAsync(world.LinkOf(Requests.Ada)));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_breach_while_approving_rolls_back_and_no_approval_stops_it()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStage());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunUntilAsync(release, ReleasePhase.RollingBack);
        var late = await world.DecideAsync(world.LinkOf(Requests.Ada));
        Assert.True(late is ApprovalAnswer.Recorded or ApprovalAnswer.Ended);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, new Percentage(5)), (state.Phase, state.PeakExposure));
        Assert.DoesNotContain(state.Approvals[Stage].Decisions, decision => decision.Applied == true);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_lost_signal_of_a_decision_costs_a_minute()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        world.LosesSignals = true;
        await world.DecideAsync(world.LinkOf(Requests.Ada));
        world.LosesSignals = false;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(1));
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        await world.RunUntilAsync(release, ReleasePhase.Propagating, limit: TimeSpan.FromMinutes(1));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_group_that_could_never_approve_is_refused_at_the_start()
    {
        await using var world = new ReleaseWorld();
        await world.Flags.CreateAsync(Requests.Flag, "carries the release", default);
        var refused = Assert.IsType<StartOutcome.Refused>(await world.Desk.StartAsync(Requests.ApprovedStart(quorum: 3), Requests.Dana, default));
        Assert.Equal("approvals.release-managers", Assert.Single(refused.Problems).Path);
    }

    private static string Token(ApprovalClaim claim) => ApprovalToken.Sign(claim, ReleaseWorld.Keys);

    private static ApprovalClaim Claim(AskedGate asked, string approver) =>
        new(Requests.Canary().Release.Id, asked.Gate.Id, approver, asked.EvidenceHash, asked.Deadline, "test");

    private static async Task<AskedGate> AskedAsync(ReleaseWorld world, ReleaseId release) => (await world.StateAsync(release)).Approvals[Start].Asked;

    private static async Task<ReleaseReport> ReportAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());

    private static IEnumerable<double> Invited(ReleaseWorld world, string person, DateTimeOffset askedAt) => world.Mailer.Sent
        .Where(sent => sent.Mail.To == person && sent.Mail.Text.Contains("/approvals/", StringComparison.Ordinal))
        .Select(sent => Math.Round((sent.At - askedAt).TotalMinutes, 1));
}
