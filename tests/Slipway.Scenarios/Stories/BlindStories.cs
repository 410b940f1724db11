using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Reporting;

namespace Slipway.Scenarios.Stories;

/// <summary>Exposure never grows unseen, however the release came to the point of growing.</summary>
public class BlindStories
{
    [Fact]
    public async Task Sight_lost_while_an_approval_is_open_holds_the_increase_until_it_is_back()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindHold = TimeSpan.FromMinutes(30) } });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var lost = world.Time.GetUtcNow();
        var back = lost + TimeSpan.FromMinutes(20);
        world.Service.Reports = (_, at) => at < lost || at >= back;
        await world.RunUntilAsync(lost - ReleaseWorld.Epoch + TimeSpan.FromMinutes(12));
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "telemetry");

        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        await world.RunUntilAsync(back - ReleaseWorld.Epoch);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Queries_that_hang_while_the_watch_goes_on_as_a_new_run_blind_nobody()
    {
        // Two of three queries hang for twenty minutes, and so some of them do when the run of sixty polls ends; then the release turns bad.
        var bad = ReleaseWorld.Epoch + TimeSpan.FromMinutes(64);
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.MetricRead, TimeSpan.FromMinutes(20), call => call.At >= bad.AddMinutes(-30) && call.At < bad && call.Number % 3 != 0));
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromHours(3), MaxBake = null })] });
        world.Service.ErrorRate = (canary, at) => canary && at >= bad ? 1 : 0.002;

        var state = await world.RunToEndAsync(release);
        Assert.Contains("error_rate", state.Rollback!.Reason, StringComparison.Ordinal);
        Assert.InRange(state.Rollback.BegunAt - bad, TimeSpan.Zero, TimeSpan.FromMinutes(6));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Flags_or_a_ledger_that_hang_while_telemetry_answers_blind_nobody(bool flags)
    {
        var (from, until) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
        bool Hangs(DateTimeOffset at) => at >= from && at < until;
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagRead, TimeSpan.FromMinutes(4), call => flags && Hangs(call.At)));
        world.Ledger.ReadDelay = at => !flags && Hangs(at) ? TimeSpan.FromMinutes(4) : TimeSpan.Zero;
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromHours(1), MaxBake = null })] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        from = world.Time.GetUtcNow().AddMinutes(2);
        until = from.AddMinutes(40);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        Assert.DoesNotContain(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "telemetry");
        Assert.All(
            (await world.EntriesAsync<IntervalJudged>(release)).Where(judged => judged.JudgedUntil > from.AddMinutes(2) && judged.JudgedUntil < until),
            judged => Assert.NotEmpty(judged.Observations));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Sight_lost_while_the_window_is_closed_holds_the_increase_and_then_rolls_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary() with
        {
            Operations = new OperationsSpec
            {
                TrafficRps = 100,
                ActiveUsers = 120_000,
                Freezes = [new FreezeSpan(ReleaseWorld.Epoch + TimeSpan.FromMinutes(5), ReleaseWorld.Epoch + TimeSpan.FromMinutes(60), "sale")],
            },
        });
        world.Service.Reports = (_, at) => at < ReleaseWorld.Epoch + TimeSpan.FromMinutes(40);

        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Equal(new Percentage(5), state.PeakExposure);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Telemetry_that_becomes_late_is_called_late_and_not_dead(bool canaryAlone)
    {
        await using var world = new ReleaseWorld();
        var late = ReleaseWorld.Epoch + TimeSpan.FromMinutes(6);
        world.Service.Delay = (canary, at) => at >= late && (canary || !canaryAlone) ? TimeSpan.FromMinutes(6) : TimeSpan.Zero;
        var release = await world.StartAsync(Requests.Canary());

        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var blind = (await world.EntriesAsync<IntervalJudged>(release)).Where(judged => judged.Assessment.Verdict == Verdict.Blind).ToList();
        Assert.Equal(BlindCause.Late, blind[^1].Assessment.Blind);
        Assert.Equal(late, blind[^1].Assessment.BlindSince);
        Assert.Contains("later than the ingestion delay of 3m since", (await world.EntriesAsync<RollbackBegun>(release)).Single().Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Whoever_watches_sees_how_far_telemetry_is_complete_and_a_blind_release_says_how_old_the_last_data_are()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var dead = world.Time.GetUtcNow();
        var newest = new DateTimeOffset(dead.UtcTicks - (dead.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        world.Service.Reports = (_, at) => at < newest;
        await world.RunUntilAsync(dead.AddMinutes(8) - ReleaseWorld.Epoch);

        var (state, summary) = (await world.StateAsync(release), ReleaseSummaries.Of(await world.StateAsync(release)));
        Assert.Equal(newest, summary.Telemetry!.Newest);
        Assert.Equal(Verdict.Blind, state.Assessment!.Verdict);
        Assert.EndsWith($"; {state.Telemetry!.LastSeen(state.JudgedAt!.Value)}", summary.Why, StringComparison.Ordinal);
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "telemetry" && alert.Sentence.Contains($"the newest row seen is of {newest.UtcDateTime:HH:mm:ss}Z, ", StringComparison.Ordinal));

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        var reason = (await world.EntriesAsync<RollbackBegun>(release)).Single().Reason;
        Assert.Matches($"sight was lost for longer than 10 min: .*; the newest row seen is of {newest.UtcDateTime:HH:mm:ss}Z, 1[0-9]m[0-9s]* old", reason);
        var judged = await world.EntriesAsync<IntervalJudged>(release);
        Assert.All(judged, interval => Assert.NotNull(interval.Telemetry));
        Assert.Contains(judged, interval => interval.Telemetry!.Newest == interval.JudgedUntil + TimeSpan.FromMinutes(3));
        Assert.Null(ReleaseSummaries.Of(await world.StateAsync(release)).Telemetry);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Telemetry_that_was_late_once_is_judged_again_when_it_is_in_time()
    {
        await using var world = new ReleaseWorld();
        var late = ReleaseWorld.Epoch + TimeSpan.FromMinutes(6);
        world.Service.Delay = (_, at) => at >= late && at < late + TimeSpan.FromMinutes(5) ? TimeSpan.FromMinutes(7) : TimeSpan.Zero;
        var release = await world.StartAsync(Requests.Canary());

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var judged = await world.EntriesAsync<IntervalJudged>(release);
        Assert.Contains(judged, interval => interval.Assessment.Blind == BlindCause.Late);
        Assert.Equal(judged.SelectMany(interval => interval.Observations).Select(row => (row.Start, row.Region)).Distinct().Count(), judged.Sum(interval => interval.Observations.Count));
        await Invariants.CheckAsync(world, release);
    }
}
