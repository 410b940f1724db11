using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What follows a release that is over.</summary>
public sealed class AftercareStories
{
    private static List<(DateTimeOffset At, OutgoingMail Mail)> Reviews(ReleaseWorld world, string to = "support@example.com") =>
        [.. world.Mailer.Sent.Where(sent => sent.Mail.To == to && sent.Mail.Subject.StartsWith("[Review]", StringComparison.Ordinal))];

    private static async Task RunAsync(ReleaseWorld world, TimeSpan time) => await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);

    private static IReadOnlyList<NextAction> Actions(ReleaseState state, ReleaseWorld world) => ReleaseReporter.Report(state, world.Time.GetUtcNow()).NextActions;

    [Fact]
    [Trait("requirement", "S002-143")]
    [Trait("requirement", "S001-72")]
    [Trait("requirement", "S001-73")]
    [Trait("requirement", "S001-74")]
    [Trait("requirement", "S004-190")]
    [Trait("requirement", "S004-191")]
    [Trait("requirement", "S004-192")]
    [Trait("requirement", "S004-193")]
    [Trait("requirement", "S004-194")]
    [Trait("requirement", "S004-195")]
    [Trait("requirement", "S004-207")]
    [Trait("requirement", "S004-209")]
    [Trait("requirement", "S004-82")]
    public async Task A_completed_release_is_reviewed_after_an_hour_a_day_two_days_and_a_week_and_then_closed()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var ended = await world.RunToEndAsync(release);
        var report = ReportJson.Write(ReleaseReporter.Report(ended, world.Time.GetUtcNow()));
        foreach (var (hours, task) in new[]
        {
            (1, "still meet their limits"), (1, "Review the logs"), (24, "all metrics"), (24, "Document issues and surprises"), (24, "update the runbook"),
            (24, "Schedule the postmortem"), (168, "after one stable week and remove what is no longer needed: search-v2"), (168, "lessons learned"),
        })
        {
            Assert.Contains(Actions(ended, world), action => action.Action.Contains(task, StringComparison.Ordinal) && action.ScheduledFor == ended.EndedAt!.Value.AddHours(hours) && action.Owner.Contains('@', StringComparison.Ordinal));
        }

        await RunAsync(world, TimeSpan.FromDays(2));
        Assert.IsType<CommandApplied>(await world.ReportAsync(release, new ReleaseSignal("lesson", ReleaseSignalKind.Lesson, "dana@example.com", "nothing surprised us")));
        await RunAsync(world, TimeSpan.FromDays(6));
        var state = await world.StateAsync(release);

        Assert.Equal([1, 24, 48, 168], Reviews(world).Select(sent => (int)Math.Round((sent.At - ended.EndedAt!.Value).TotalHours)));
        Assert.Contains(Reviews(world, "oncall@example.com"), sent => sent.Mail.Text.Contains("postmortem", StringComparison.Ordinal));
        Assert.Equal((ReleasePhase.Completed, ended.EndedAt), (state.Phase, state.EndedAt));
        Assert.Equal(ended.EndedAt!.Value.AddDays(7), state.Aftercare!.EndedAt);
        Assert.Contains("feature record is closed", Assert.Single(await world.EntriesAsync<AftercareEnded>(release)).Reason, StringComparison.Ordinal);
        Assert.All(Actions(state, world), action => Assert.StartsWith("Due: ", action.Action, StringComparison.Ordinal));
        Assert.NotEqual(report, ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())));
        Assert.All(await world.InstancesAsync(), instance => Assert.Equal(InstanceStatus.Completed, instance.Status));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Between_two_reviews_nothing_runs_but_one_timer_and_the_list_says_what_comes_next()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var ended = await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromHours(50));
        var before = await world.HistoryLengthAsync($"{release}/aftercare");
        await RunAsync(world, TimeSpan.FromHours(100));

        Assert.InRange(await world.HistoryLengthAsync($"{release}/aftercare"), before, before + world.LinesOfWaiting(TimeSpan.FromHours(100)));
        Assert.True(before < 200, $"{before} events");
        var summary = (await world.Desk.GetAsync(release, default))!.Summary;
        Assert.Equal(("Review of the first week", ended.EndedAt!.Value.AddDays(7)), (summary.NextEvent, summary.NextAt));
        Assert.Empty(await world.LockDesk.ListAsync(default));
    }

    [Fact]
    [Trait("requirement", "S004-133")]
    [Trait("requirement", "S004-134")]
    public async Task A_rolled_back_release_gets_its_incident_report_and_its_postmortem_within_two_days()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var ended = await world.RunToEndAsync(release);
        var planned = Actions(ended, world).Where(action => action.Trigger == ActionTrigger.Time).ToList();
        Assert.Contains(planned, action => action.Action.Contains("incident report", StringComparison.Ordinal) && action.ScheduledFor == ended.EndedAt!.Value.AddHours(24));
        Assert.Contains(planned, action => action.Action.Contains("postmortem", StringComparison.Ordinal) && action.ScheduledFor <= ended.EndedAt!.Value.AddHours(48));
        await RunAsync(world, TimeSpan.FromDays(8));

        var state = await world.StateAsync(release);
        Assert.Equal([1, 24, 48], Reviews(world).Select(sent => (int)Math.Round((sent.At - ended.EndedAt!.Value).TotalHours)));
        Assert.Equal((ReleasePhase.RolledBack, ended.EndedAt), (state.Phase, state.EndedAt));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_that_exposed_nobody_has_nothing_to_look_back_at()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);
        await world.RunSweptAsync(TimeSpan.FromMinutes(5));
        await RunAsync(world, TimeSpan.FromDays(8));

        Assert.Null((await world.StateAsync(release)).Aftercare);
        Assert.Empty(Reviews(world));
    }

    [Fact]
    public async Task An_aftercare_that_was_not_started_is_started_by_the_sweeper_once()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        world.LosesSignals = true;
        await world.RunToEndAsync(release);
        world.LosesSignals = false;
        Assert.Null((await world.StateAsync(release)).Aftercare);
        await world.RunSweptAsync(TimeSpan.FromMinutes(3));
        await RunAsync(world, TimeSpan.FromDays(8));

        Assert.Single(await world.EntriesAsync<AftercareBegun>(release));
        Assert.Equal(4, Reviews(world).Count);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Moments_that_passed_while_no_server_ran_are_told_as_one()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        world.LosesSignals = true;
        await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromDays(3));
        world.LosesSignals = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(3));

        Assert.Equal("Review of the second day", Assert.Single(Reviews(world)).Mail.Text.Split('\n')[2].Split(':')[0]);
        Assert.Equal([false, false, true], (await world.EntriesAsync<AftercareReached>(release)).Select(reached => reached.Told));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_mail_service_that_is_away_for_hours_delays_a_review_and_changes_nothing_else()
    {
        var (from, until) = (ReleaseWorld.Epoch.AddHours(1.5), ReleaseWorld.Epoch.AddHours(9));
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(from, until)));
        var release = await world.StartAsync(Requests.Canary());
        var ended = await world.RunToEndAsync(release);
        await RunAsync(world, TimeSpan.FromHours(12));

        Assert.Equal(ReleasePhase.Completed, ended.Phase);
        Assert.True(Assert.Single(Reviews(world)).At >= until);
        Assert.Empty((await world.StateAsync(release)).DueMessages);
        await Invariants.CheckAsync(world, release);
    }
}
