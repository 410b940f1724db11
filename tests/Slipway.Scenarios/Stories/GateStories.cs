using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>HTTP gates of the request: before a stage and during its bake.</summary>
public class GateStories
{
    private static readonly Uri Partner = new("http://127.0.0.1/partner");
    private static readonly string Gate = QualityGates.Http("partner");

    [Fact]
    public async Task A_gate_before_a_stage_is_asked_once_each_time_and_lets_a_healthy_release_pass()
    {
        await using var world = new ReleaseWorld();
        var asked = new List<DateTimeOffset>();
        Answer(world, at => { asked.Add(at); return 200; });
        var release = await world.StartAsync(With(GateTiming.BeforeStage));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        var shifts = (await world.LedgerAsync(release)).Where(entry => entry.Read() is PhaseEntered { Phase: ReleasePhase.Shifting }).Select(entry => entry.At);
        Assert.Equal(shifts, asked);
        Assert.Equal(GateStatus.Pass, (await CheckAsync(world, release)).Status);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_gate_of_one_stage_is_asked_before_that_stage_only()
    {
        await using var world = new ReleaseWorld();
        var asked = new List<Percentage>();
        Answer(world, _ => { asked.Add(world.Service.Exposure); return 200; });
        var release = await world.StartAsync(With(GateTiming.BeforeStage, 50));
        Assert.Contains("due before 50 %", (await CheckAsync(world, release)).Details);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        Assert.Equal([new Percentage(25)], asked);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task While_a_gate_does_not_pass_it_is_asked_every_interval_and_nothing_is_increased()
    {
        await using var world = new ReleaseWorld();
        DateTimeOffset? first = null;
        var asked = 0;
        Answer(world, at => ++asked > 0 && at >= (first ??= at).AddMinutes(5) ? 204 : 503);
        var release = await world.StartAsync(With(GateTiming.BeforeStage, 25));
        await world.RunUntilAsync(release, ReleasePhase.Waiting, 1);
        var waiting = await world.StateAsync(release);
        Assert.Contains("gate: partner does not pass before 25 %: answered 503, expected 2xx", waiting.PhaseReason);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());

        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var shifted = (await world.LedgerAsync(release)).Last(entry => entry.Read() is PhaseEntered { Phase: ReleasePhase.Shifting }).At;
        Assert.Equal(first!.Value.AddMinutes(5), shifted);

        // Each minute, and once more when the window was found open.
        Assert.Equal(7, asked);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal([GateStatus.Fail, GateStatus.Pass], (await CheckedAsync(world, release)).Select(gate => gate.Status));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_gate_that_does_not_pass_for_ten_minutes_holds_the_release_and_resume_asks_anew()
    {
        await using var world = new ReleaseWorld();
        var status = 503;
        Answer(world, _ => status);
        var release = await world.StartAsync(With(GateTiming.BeforeStage, 25));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        var began = (await world.LedgerAsync(release)).First(entry => entry.Read() is PhaseEntered { Trigger: ReleaseTrigger.GatesAwaited }).At;
        Assert.Equal(TimeSpan.FromMinutes(10), world.Time.GetUtcNow() - began);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.Subject.Contains("Held at 5 %", StringComparison.Ordinal) && sent.Mail.Text.Contains("answered 503", StringComparison.Ordinal));
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == Gate && alert.Severity == AlertSeverity.Critical);
        Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote));

        // Still closed: it is held again ten minutes later.
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        var resumed = world.Time.GetUtcNow();
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.Equal(TimeSpan.FromMinutes(10), world.Time.GetUtcNow() - resumed);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());

        status = 200;
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_is_honoured_while_a_gate_is_asked_and_does_not_answer()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.Probe, TimeSpan.FromMinutes(3), FaultRule.Target(Partner.ToString())));
        var release = await world.StartAsync(With(GateTiming.BeforeStage, 25));
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_gate_that_opens_outside_the_change_window_waits_for_the_window_and_is_asked_again()
    {
        await using var world = new ReleaseWorld();
        var request = With(GateTiming.BeforeStage, 25);
        DateTimeOffset? first = null;
        Answer(world, at => at >= (first ??= at).AddMinutes(5) ? 200 : 503);
        var closes = ReleaseWorld.Epoch.AddMinutes(16);
        var release = await world.StartAsync(request with
        {
            Operations = request.Operations with { Freezes = [new FreezeSpan(closes, closes.AddHours(2), "audit")] },
        });
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        Assert.True(first < closes && first.Value.AddMinutes(5) > closes, $"the gate opened inside the window: {first:u}");
        Assert.Equal(closes.AddHours(2), (await world.LedgerAsync(release)).First(entry => entry.Read() is PhaseEntered { Phase: ReleasePhase.Shifting, Stage: 1 } && entry.At > closes).At);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_gate_of_the_bake_is_asked_at_every_poll_and_recorded_when_it_changes_and_at_the_end()
    {
        await using var world = new ReleaseWorld();
        var asked = 0;
        Answer(world, _ => { asked++; return 200; });
        var release = await world.StartAsync(With(GateTiming.DuringBake, 25));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        // Ten minutes of bake and three of ingestion delay, a poll each minute.
        Assert.InRange(asked, 12, 15);
        Assert.Equal(2, (await CheckedAsync(world, release)).Count);
        Assert.Equal(GateStatus.Pass, (await CheckAsync(world, release)).Status);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_failing_gate_blocks_promotion_by_a_person_and_by_the_bake_until_it_passes()
    {
        await using var world = new ReleaseWorld();
        var baking = DateTimeOffset.MaxValue;

        // Two polls bad, one good, and so on: never three in a row, and bad when the bake would end.
        Answer(world, at => at >= baking.AddMinutes(14) || (int)(at - baking).TotalMinutes % 3 == 2 ? 200 : 503);
        var release = await world.StartAsync(With(GateTiming.DuringBake, 25));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        baking = world.Time.GetUtcNow();
        Assert.Contains("gate partner has not answered yet", Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote)).Why);
        await world.RunUntilAsync(baking - ReleaseWorld.Epoch + TimeSpan.FromSeconds(90));
        Assert.Contains("gate partner does not pass: answered 503", Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote)).Why);
        Assert.Equal(GateStatus.Warning, (await CheckAsync(world, release)).Status);

        await world.RunUntilAsync(release, ReleasePhase.Propagating, 2);
        Assert.True(world.Time.GetUtcNow() >= baking.AddMinutes(14), "promoted although the gate did not pass");
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Three_polls_in_a_row_without_a_pass_roll_the_release_back_and_say_so()
    {
        await using var world = new ReleaseWorld();
        var bad = DateTimeOffset.MaxValue;
        Answer(world, at => at >= bad ? 500 : 200);
        var release = await world.StartAsync(With(GateTiming.DuringBake));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        bad = world.Time.GetUtcNow().AddMinutes(2);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, true), (state.Phase, state.Rollback!.Automated));
        Assert.Contains("gate partner failed 3 polls in a row", state.Rollback.Reason);
        Assert.Equal(3, state.Rollback.Reason.Split("answered 500, expected 2xx").Length - 1);
        Assert.InRange(state.Rollback.BegunAt - bad, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3.1));
        Assert.Equal(GateStatus.Fail, (await CheckAsync(world, release)).Status);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_paused_bake_keeps_asking_its_gates_and_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var bad = DateTimeOffset.MaxValue;
        Answer(world, at => at >= bad ? 500 : 200);
        var release = await world.StartAsync(With(GateTiming.DuringBake));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        bad = world.Time.GetUtcNow().AddHours(1);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_gate_that_hangs_delays_neither_the_judging_nor_a_rollback()
    {
        async Task<(TimeSpan Judged, TimeSpan Back)> RunAsync(params FaultRule[] faults)
        {
            await using var world = new ReleaseWorld(faults);
            var release = await world.StartAsync(With(GateTiming.DuringBake, 25));
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
            var bad = world.Time.GetUtcNow();
            var state = await world.RunToEndAsync(release);
            Assert.Contains("error_rate", state.Rollback!.Reason);
            await Invariants.CheckAsync(world, release);
            var judged = (await world.LedgerAsync(release)).First(entry => entry.Read() is IntervalJudged { Assessment.Findings.Count: > 0 }).At;
            return (judged - bad, state.Rollback.BegunAt - bad);
        }

        // The error rate is high from the first poll on; the gate needs longer than two polls for an answer.
        var hanging = FaultRule.Slow(FaultOperations.Probe, TimeSpan.FromSeconds(150), FaultRule.Target(Partner.ToString()));
        Assert.Equal(await RunAsync(), await RunAsync(hanging));
    }

    [Fact]
    public async Task A_gate_of_a_bake_that_fails_after_the_verdict_is_asked_again_before_more_users_come()
    {
        await using var world = new ReleaseWorld();
        var (bad, good, asked) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 0);
        Answer(world, at =>
        {
            asked++;
            return at >= bad && at < good ? 503 : 200;
        });
        var release = await world.StartAsync(Requests.ApprovedStage() with { Gates = With(GateTiming.DuringBake, 5).Gates });
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        // The watch cannot read yet that the bake is over, and asks its gates once more.
        (bad, good) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddMinutes(2));
        world.Ledger.ReadsFail = at => at >= bad && at < good;
        await world.RunUntilAsync(good.AddMinutes(3) - ReleaseWorld.Epoch);
        Assert.Equal(GateStatus.Fail, (await CheckedAsync(world, release))[^1].Status);
        await world.AnswerToAsync(release, world.LinkOf(Requests.Ada));
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);

        var bodies = (await world.LedgerAsync(release)).Select(entry => entry.Read()).ToList();
        var failed = bodies.FindLastIndex(body => body is GateChecked { Status: GateStatus.Fail } gate && gate.Gate == Gate);
        Assert.Contains(bodies.Skip(failed).TakeWhile(body => body is not EffectIntended { Kind: EffectKind.Flag }), body => body is GateChecked { Status: GateStatus.Pass } gate && gate.Gate == Gate);

        // It was a gate of 5 %: the stages behind ask it no more.
        asked = 0;
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(0, asked);
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest With(GateTiming when, decimal? stage = null) => Requests.Canary() with
    {
        Gates = [new HttpGateSpec { Name = "partner", Url = Partner, When = when, Stage = stage is { } percentage ? new Percentage(percentage) : null }],
    };

    private static void Answer(ReleaseWorld world, Func<DateTimeOffset, int> status) =>
        world.Probe.Answer = (url, at) => new ProbeResult(url == Partner ? status(at) : 200, 20, "", "");

    private static async Task<IReadOnlyList<GateChecked>> CheckedAsync(ReleaseWorld world, ReleaseId release) =>
        [.. (await world.EntriesAsync<GateChecked>(release)).Where(gate => gate.Gate == Gate)];

    private static async Task<PreDeploymentCheck> CheckAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow()).PreDeployment.Checks.Single(check => check.Check == Gate);
}
