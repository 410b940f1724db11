using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Rescue;
using Slipway.Functions.Tests.Engine;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Functions.Tests.Releases;

/// <summary>Releases on Durable Task, and the same ones on the embedded engine: their ledgers tell the same story.</summary>
[Collection(InRealTime.Name)]
public sealed class DurableStories
{
    [Fact]
    public async Task A_healthy_release_completes_as_on_the_embedded_engine()
    {
        await using var world = await DurableWorld.StartAsync();
        var request = DurableWorld.Quick(Requests.Canary());
        var release = await world.StartAsync(request);
        Assert.Equal(ReleasePhase.Completed, (await world.EndAsync(release)).Phase);
        Assert.Equal(Percentage.Full, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);

        await using var embedded = new ReleaseWorld();
        embedded.Service.Rps = world.Service.Rps;
        var same = await embedded.StartAsync(request);
        await embedded.RunToEndAsync(same);
        Assert.Equal(Phases(await embedded.LedgerAsync(same)), Phases(await world.LedgerAsync(release)));
        Assert.Equal(Bodies(await embedded.LedgerAsync(same)), Bodies(await world.LedgerAsync(release)));
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_bad_release_is_rolled_back_with_the_flag_off_as_on_the_embedded_engine()
    {
        await using var world = await DurableWorld.StartAsync();
        world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var request = DurableWorld.Quick(Requests.Canary());
        var release = await world.StartAsync(request);
        var state = await world.EndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var flag = await world.Flags.ReadAsync(Requests.Flag, default);
        Assert.Equal((false, Percentage.Zero), (flag!.Enabled, flag.Exposure));
        Assert.Equal(state.Captured!.Flags[0].Json, flag.Json);

        await using var embedded = new ReleaseWorld();
        embedded.Service.Rps = world.Service.Rps;
        embedded.Service.ErrorRate = world.Service.ErrorRate;
        var same = await embedded.StartAsync(request);
        await embedded.RunToEndAsync(same);
        Assert.Equal(Phases(await embedded.LedgerAsync(same)), Phases(await world.LedgerAsync(release)));
        Assert.Equal(Bodies(await embedded.LedgerAsync(same)), Bodies(await world.LedgerAsync(release)));
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_command_reaches_a_release_that_bakes_within_seconds()
    {
        await using var world = await DurableWorld.StartAsync();
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary(), TimeSpan.FromMinutes(30)));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.EndAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);

        var entries = await world.LedgerAsync(release);
        var asked = entries.First(entry => entry.Read() is CommandReceived);
        Assert.InRange((entries.First(entry => entry.Read() is RollbackBegun).At - asked.At).TotalSeconds, -1, 10);
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_paused_release_stays_watched_and_goes_on_when_it_is_resumed()
    {
        await using var world = await DurableWorld.StartAsync();
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary()));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        var paused = await world.UntilAsync(release, state => state.Phase == ReleasePhase.Paused);
        await world.UntilAsync(release, state => state.JudgedAt > paused.PhaseSince + TimeSpan.FromSeconds(2));
        await world.CommandAsync(release, ReleaseCommandKind.Resume);
        Assert.Equal(ReleasePhase.Completed, (await world.EndAsync(release)).Phase);
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task An_approver_decides_by_the_link_in_the_mail()
    {
        await using var world = await DurableWorld.StartAsync();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(DurableWorld.Quick(request with { Stages = [request.Stages[0], request.Stages[^1] with { Approval = "release-managers" }] }));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Approving && world.LinkOf(Requests.Ada) is not null);
        Assert.IsType<ApprovalAnswer.Recorded>(await world.Desk.DecideAsync(world.LinkOf(Requests.Ada)!, null, ApprovalChoice.Approve, "", "prod", default));
        Assert.Equal(ReleasePhase.Completed, (await world.EndAsync(release)).Phase);
        Assert.Single((await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<ApprovalEnded>(), ended => ended.Outcome == ApprovalOutcome.Approved);
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task A_watch_that_continued_as_new_still_sees_and_still_hears()
    {
        await using var world = await DurableWorld.StartAsync();
        var bad = false;
        world.Service.ErrorRate = (canary, _) => canary && Volatile.Read(ref bad) ? 0.2 : 0.002;
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary(), TimeSpan.FromMinutes(30)));
        var begun = await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);
        await world.UntilAsync(release, state => state.JudgedAt > begun.PhaseSince + TimeSpan.FromSeconds(70), 120);
        Volatile.Write(ref bad, true);
        Assert.Equal(ReleasePhase.RolledBack, (await world.EndAsync(release)).Phase);

        var judged = (await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<IntervalJudged>().SelectMany(interval => interval.Observations).Select(row => row.Start).ToList();
        Assert.Equal(judged.Distinct().Count(), judged.Count);
        Assert.Equal((judged.Max() - judged.Min()).TotalSeconds + 1, judged.Count);
        await CheckAsync(world, release);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_release_whose_orchestration_failed_while_users_were_exposed_is_rescued(bool changed)
    {
        await using var world = await DurableWorld.StartAsync();
        if (!changed) world.Breaks.FailsAt = ReleasePhase.Paused;
        var release = await world.StartAsync(DurableWorld.Quick(Requests.Canary(), TimeSpan.FromMinutes(30)));
        await world.UntilAsync(release, state => state.Phase == ReleasePhase.Baking);

        // Code that no longer does what history says, or code that throws beside a watch that goes on.
        world.Breaks.Changed = changed;
        await world.Desk.CommandAsync(release, new ReleaseCommand("c1", ReleaseCommandKind.Pause, Requests.Dana, "because"), default);
        for (var until = DateTime.UtcNow.AddSeconds(20); await world.Client.HealthAsync(release, default) != OrchestrationHealth.Failed; await Task.Delay(50))
            Assert.True(DateTime.UtcNow < until, "the orchestration did not fail");

        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        await world.Sweeper.SweepAsync(default);
        var state = await world.UntilAsync(release, state => state.IsTerminal);
        Assert.Equal((ReleasePhase.RolledBack, RescueEntries.Rescuer), (state.Phase, state.Rollback!.Actor));
        Assert.Equal(Percentage.Zero, (await world.Flags.ReadAsync(Requests.Flag, default))!.Exposure);
        Assert.Single((await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<RollbackBegun>());
        await CheckAsync(world, release);
    }

    [Fact]
    public async Task Scheduling_waking_and_rescuing_again_changes_nothing()
    {
        await using var world = await DurableWorld.StartAsync();
        var release = ReleaseId.Parse("nobody-1.0");
        Assert.Equal(OrchestrationHealth.Missing, await world.Client.HealthAsync(release, default));
        await world.Client.WakeAsync(release, default);
        Assert.Equal(OrchestrationHealth.Missing, await world.Client.HealthAsync(release, default));

        release = await world.StartAsync(DurableWorld.Quick(Requests.Canary()));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.Client.ScheduleAsync(release, default)));
        await world.EndAsync(release);
        await world.Client.ScheduleAsync(release, default);
        await world.Client.WakeAsync(release, default);
        await world.Client.RescueAsync(release, default);
        await world.Client.RescueAsync(release, default);
        Assert.Equal(OrchestrationHealth.Completed, await world.Client.HealthAsync(release, default));
        Assert.Single((await world.LedgerAsync(release)).Select(entry => entry.Read()).OfType<ReleaseEnded>());
        await CheckAsync(world, release);
    }

    /// <summary>Half a minute of real time each: two of them, or with SLIPWAY_DURABLE=all every one.</summary>
    public static TheoryData<string> Courses => Environment.GetEnvironmentVariable("SLIPWAY_DURABLE") == "all"
        ? ["blue-green", "an integration and gates", "canary by the hook, bad", "shadow", "dark launch"]
        : ["blue-green", "an integration and gates"];

    [Theory]
    [MemberData(nameof(Courses))]
    public async Task Both_engines_take_a_release_through_the_same_course(string course)
    {
        await using var world = await DurableWorld.StartAsync();
        await using var embedded = new ReleaseWorld();
        embedded.Service.Rps = world.Service.Rps;
        var request = RequestOf(course);
        if (course.EndsWith("bad", StringComparison.Ordinal)) world.Service.ErrorRate = embedded.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var release = await world.StartAsync(request);
        var state = await world.EndAsync(release, 120);
        var same = await embedded.StartAsync(request);
        var expected = await embedded.RunToEndAsync(same);

        Assert.True(expected.Phase == state.Phase, $"{expected.Phase} ({expected.PhaseReason}) became {state.Phase} ({state.PhaseReason})");
        Assert.Equal(Phases(await embedded.LedgerAsync(same)), Phases(await world.LedgerAsync(release)));
        Assert.Equal(Bodies(await embedded.LedgerAsync(same)), Bodies(await world.LedgerAsync(release)));
        Assert.Equal(embedded.Hook.Took.Select(took => took.Step.Sentence), world.Hook.Took.Select(took => took.Step.Sentence));
        await CheckAsync(world, release);
    }

    private static ReleaseRequest RequestOf(string course)
    {
        var request = course switch
        {
            "shadow" => StrategyRequests.Shadow(),
            "dark launch" => StrategyRequests.Dark(),
            "canary by the hook, bad" => StrategyRequests.CanaryByHook(),
            "an integration and gates" => Requests.Canary() with
            {
                Gates = [new HttpGateSpec { Name = "before", Url = new Uri("http://127.0.0.1/before") }, new HttpGateSpec { Name = "during", Url = new Uri("http://127.0.0.1/during"), When = GateTiming.DuringBake }],
                Preflight = Requests.Canary().Preflight with { Dependencies = new DependencySpec { ExternalApis = [new ExternalApiDependency { Name = "geo", Health = new Uri("http://127.0.0.1/geo") }] } },
            },
            _ => StrategyRequests.BlueGreen(),
        };
        return DurableWorld.Quick(request);
    }

    private static async Task CheckAsync(DurableWorld world, ReleaseId release) => await Invariants.CheckAsync(await world.LedgerAsync(release), world.Flags);

    private static IEnumerable<string> Phases(IReadOnlyList<LedgerEntry> entries) =>
        entries.Select(entry => entry.Read()).OfType<PhaseEntered>().Select(phase => $"{phase.Trigger} -> {phase.Phase} {phase.Stage}");

    /// <summary>The kinds of entries and how often each was written. How many intervals were judged, and on which side of another entry of
    /// the same moment an entry stands, is the clock's doing.</summary>
    private static IEnumerable<string> Bodies(IReadOnlyList<LedgerEntry> entries) =>
        entries.Select(entry => entry.Read()).Where(body => body is not (IntervalJudged or WatchDirected)).GroupBy(body => body.GetType().Name).Select(group => $"{group.Key} {group.Count()}").Order();
}
