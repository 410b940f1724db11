using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that are held while people evaluate what was found.</summary>
public class EvaluationStories
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    [Fact]
    [Trait("requirement", "S004-198")]
    [Trait("requirement", "S004-21")]
    [Trait("requirement", "S004-111")]
    [Trait("requirement", "S004-113")]
    public async Task A_slow_version_at_100_percent_is_evaluated_after_ten_minutes_and_rolls_back_when_nobody_answers()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        var slow = await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        // The first crossing is found with the interval that holds it; it has to last longer than ten minutes from there.
        var opened = Assert.Single(await world.EntriesAsync<EvaluationOpened>(release));
        var at = world.Time.GetUtcNow();
        Assert.InRange(at - slow, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(17));
        Assert.Equal((at + Limit, EvaluationSilence.RollBack), (opened.Deadline, opened.Silence));
        Assert.Contains("latency_p95", opened.Sentence);
        Assert.Contains("limit 250 ms", opened.Sentence);
        await ShownAsync(world, release, opened);
        Assert.Contains("evaluation e1", Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Resume)).Why);
        Assert.Contains("slipway answer search-2.4.0 e1", Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote)).Why);

        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, opened.Deadline, true), (state.Phase, state.Rollback!.BegunAt, state.Rollback.Automated));
        Assert.Contains("evaluation e1 got no answer within 15 min", state.Rollback.Reason);
        Assert.Equal(EvaluationOutcome.Unanswered, Assert.Single(state.Evaluations).Ended!.Outcome);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_dismissed_evaluation_lets_the_release_go_on_and_the_same_crossing_asks_nobody_again()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        var held = world.Time.GetUtcNow();
        await world.RunUntilAsync(held - ReleaseWorld.Epoch + TimeSpan.FromMinutes(14));
        Assert.Contains("going on at 100 %", Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss)).Effect);
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Single(state.Evaluations);
        Assert.Equal(EvaluationOutcome.Dismissed, state.Evaluations[0].Ended!.Outcome);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_crossing_that_ended_and_begins_anew_is_asked_about_anew()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        var slow = await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss);
        var (quick, again) = (slow.AddMinutes(30), slow.AddMinutes(50));
        world.Service.Latency = (canary, at) => canary && at >= slow && (at < quick || at >= again) ? 400 : 40;
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        Assert.True(world.Time.GetUtcNow() >= again.AddMinutes(10));
        Assert.Equal(["e1", "e2"], (await world.EntriesAsync<EvaluationOpened>(release)).Select(opened => opened.Id));
        Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm, "E2"));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_confirmed_evaluation_rolls_back_at_once_by_the_person_who_confirmed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        var at = world.Time.GetUtcNow();
        Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm));
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, at, false, PeopleReports.OnCall), (state.Phase, state.Rollback!.BegunAt, state.Rollback.Automated, state.Rollback.Actor));
        Assert.Contains("confirmed by oncall@example.com: looked at it", state.Rollback.Reason);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Answers_that_come_late_twice_from_somebody_else_or_to_nothing_are_refused_with_the_reason()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);
        Assert.Contains("there is no evaluation e1; open: none", Why(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm)));
        await world.ComplainAsync(release, 10);
        Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, by: Requests.Ada));
        Assert.Contains("evaluation e1 is over: dismissed by ada@example.com", Why(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, by: Requests.Ada)));
        Assert.Contains("evaluation e1 is over: dismissed by ada@example.com", Why(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Confirm, by: Requests.Lee)));
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);

        await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + Limit);
        Assert.Contains("evaluation e2 is over: no answer within 15 min", Why(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, "e2")));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);

        static string Why(LedgerBody answer) => Assert.IsType<CommandRefused>(answer).Why;
    }

    [Fact]
    public async Task An_answer_recorded_in_time_counts_although_its_signal_is_lost()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + Limit - TimeSpan.FromSeconds(5));
        world.LosesSignals = true;
        await world.Desk.AnswerAsync(release, new EvaluationAnswer("in-time", "e1", EvaluationVerdict.Dismiss, Requests.Ada, ""), default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Contains(await world.EntriesAsync<CommandApplied>(release), applied => applied.CommandId == "in-time");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_breach_and_a_rollback_command_win_over_open_evaluations()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.ComplainAsync(release, 12);
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal("error_rate", state.Rollback!.Finding!.Metric);
        Assert.Equal(EvaluationOutcome.Withdrawn, Assert.Single(state.Evaluations).Ended!.Outcome);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Two_evaluations_hold_until_both_are_dismissed_and_a_person_may_keep_it_held()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(LongLastStage());
        await SlowAtFullAsync(world, release);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.ComplainAsync(release, 10);
        Assert.Equal(2, (await world.StateAsync(release)).OpenEvaluations.Count());
        Assert.Contains("still held by evaluation e2", Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss)).Effect);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        Assert.Contains("stays held", Assert.IsType<CommandApplied>(await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, "e2")).Effect);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(2));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);

        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_trigger_of_the_request_may_ask_for_an_evaluation_at_every_stage()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        request = request with
        {
            Guardrails = request.Guardrails with { Triggers = [new TriggerSpec { Metric = "latency_p95", Above = 100, Action = TriggerAction.Evaluate }] },
        };
        var release = await world.StartAsync(request);
        world.Service.Latency = (canary, _) => canary ? 150 : 40;
        await world.RunUntilAsync(release, ReleasePhase.Paused, 0);
        Assert.Equal("latency_p95 above 100", Assert.Single(await world.EntriesAsync<EvaluationOpened>(release)).Subject);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-197")]
    [Trait("requirement", "S004-114")]
    public async Task After_a_day_at_100_percent_errors_are_evaluated_when_they_last_and_lost_sight_only_holds()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Take(3), request.Stages[3] with { Bake = TimeSpan.FromHours(40) }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(25));
        var bad = world.Time.GetUtcNow();
        world.Service.ErrorRate = (_, at) => at >= bad && at < bad.AddMinutes(30) ? 0.08 : 0.002;
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        // Success below its objective is asked about at once, the error rate when it has lasted for more than ten minutes.
        Assert.Equal("availability objective", Assert.Single((await world.StateAsync(release)).OpenEvaluations).Opened.Subject);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, "e1");
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.InRange(world.Time.GetUtcNow() - bad, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(18));
        Assert.Equal("error_rate limit", Assert.Single((await world.StateAsync(release)).OpenEvaluations).Opened.Subject);
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss, "e2");
        await world.RunUntilAsync(bad - ReleaseWorld.Epoch + TimeSpan.FromHours(2));
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);

        var dead = world.Time.GetUtcNow();
        world.Service.Reports = (_, at) => at < dead || at >= dead.AddHours(2);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        await world.RunUntilAsync(dead - ReleaseWorld.Epoch + TimeSpan.FromHours(3));
        Assert.Equal((ReleasePhase.Paused, null), ((await world.StateAsync(release)).Phase, (await world.StateAsync(release)).Rollback));
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The standard canary whose last stage bakes for two hours.</summary>
    private static ReleaseRequest LongLastStage()
    {
        var request = Requests.Canary();
        return request with { Stages = [.. request.Stages.Take(3), request.Stages[3] with { Bake = TimeSpan.FromHours(2) }] };
    }

    private static async Task<DateTimeOffset> SlowAtFullAsync(ReleaseWorld world, ReleaseId release)
    {
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        var slow = world.Time.GetUtcNow();
        world.Service.Latency = (canary, at) => canary && at >= slow ? 400 : 40;
        return slow;
    }

    /// <summary>Everyone who looks finds the question, its deadline and the command: report, summary and the page to on-call.</summary>
    private static async Task ShownAsync(ReleaseWorld world, ReleaseId release, EvaluationOpened opened)
    {
        const string Command = "slipway answer search-2.4.0 e1 confirm|dismiss";
        var report = ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
        Assert.Contains(report.NextActions, action => action.Action.Contains(Command, StringComparison.Ordinal) && action.Action.Contains($"{opened.Deadline.UtcDateTime:HH:mm:ss}Z", StringComparison.Ordinal));
        Assert.Contains(report.PreDeployment.Checks, check => check.Check == "evaluation e1" && check.Details.Contains(Command, StringComparison.Ordinal));
        Assert.Contains(report.Monitoring.Alerts, alert => alert.Name == "evaluation e1" && alert.Triggered);
        var summary = (await world.Desk.GetAsync(release, default))!.Summary;
        Assert.Equal((Command, opened.Deadline), (Assert.Single(summary.Evaluations).Command, summary.Evaluations[0].Deadline));
        Assert.Equal(opened.Deadline, summary.NextAt);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == PeopleReports.OnCall && sent.Mail.Text.Contains(Command, StringComparison.Ordinal));
    }
}
