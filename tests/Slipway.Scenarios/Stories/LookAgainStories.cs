using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What let a release go on does not count for ever: it is looked at again before more users get the new version.</summary>
public sealed class LookAgainStories
{
    private const string North = "search-v2@northeurope";
    private const string West = "search-v2@westeurope";

    [Fact]
    public async Task A_watch_that_fails_while_an_approval_is_open_holds_the_increase_until_it_judges_again()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindHold = TimeSpan.FromMinutes(30) } });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        world.Judge.Broken = true;
        await RunAsync(world, TimeSpan.FromMinutes(4));
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == AlertNames.WatchFails);

        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        await RunAsync(world, TimeSpan.FromMinutes(5));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());

        world.Judge.Broken = false;
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task While_a_watch_fails_nobody_promotes_early()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Judge.Broken = true;
        await RunAsync(world, TimeSpan.FromMinutes(4));

        Assert.Contains("unseen", Assert.IsType<CommandRefused>(await world.CommandAsync(release, ReleaseCommandKind.Promote)).Why, StringComparison.Ordinal);
        world.Judge.Broken = false;
        await RunAsync(world, TimeSpan.FromMinutes(3));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Promote));
        await world.EndAsync(release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_gate_that_fails_while_the_pipeline_works_or_is_closed_holds_its_next_step_back(bool closed)
    {
        await using var world = new ReleaseWorld();
        var begun = world.Time.GetUtcNow();
        DateTimeOffset? well = null;
        var shut = closed;
        world.Hook.Takes = step => step.Action == DeployAction.Deploy && !closed ? TimeSpan.FromMinutes(25) : TimeSpan.Zero;
        world.Hook.Closed = step => shut && step.Action == DeployAction.Shift;
        world.Probe.Answer = (url, at) => new ProbeResult(url.AbsolutePath == "/partner" && at >= begun.AddMinutes(5) && !(at >= well) ? 503 : 200, 20, "", "");
        var canary = StrategyRequests.CanaryByHook();
        var release = await world.StartAsync(canary with
        {
            Gates = [new HttpGateSpec { Name = "partner", Url = new Uri("http://127.0.0.1/partner"), When = GateTiming.BeforeStage, Stage = new Percentage(5) }],
            Deploy = canary.Deploy! with { Within = TimeSpan.FromHours(1) },
        });
        await world.RunUntilAsync(TimeSpan.FromMinutes(4));
        if (closed) Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Pause));
        await world.RunUntilAsync(TimeSpan.FromHours(1));
        shut = false;
        if (closed) Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await world.RunUntilAsync(TimeSpan.FromHours(2));

        Assert.Equal(["deploy 2.4.0 without users"], world.Hook.Took.Select(took => took.Step.Sentence));
        Assert.Equal(Percentage.Zero, (await world.StateAsync(release)).Exposure);
        well = world.Time.GetUtcNow();
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Equal(new Percentage(5), (await world.StateAsync(release)).Exposure);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_region_that_is_left_of_a_stage_is_not_raised_outside_the_window_after_a_hold()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(10), call => call.Target == North && call.At >= ReleaseWorld.Epoch.AddMinutes(5)));
        var release = await HeldHalfwayAsync(world);
        Assert.Equal(new Percentage(25), await world.ExposureAsync(West));

        // Somebody puts it back at noon, and resumes; the window has been closed since half past nine.
        await world.RunUntilAsync(TimeSpan.FromHours(3));
        await world.MeddleAsync(North, new Percentage(5));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await RunAsync(world, TimeSpan.FromMinutes(5));

        Assert.Equal(new Percentage(5), await world.ExposureAsync(North));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_region_that_is_left_of_a_stage_is_not_raised_outside_the_window_when_freezes_could_not_be_read_for_long()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagSet, call => call.Target == North && call.At >= ReleaseWorld.Epoch.AddMinutes(5) && call.At < ReleaseWorld.Epoch.AddMinutes(30)));
        var release = await world.StartAsync(Regional());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
        await RunAsync(world, TimeSpan.FromSeconds(1));
        Assert.Equal(new Percentage(25), await world.ExposureAsync(West));
        var (from, to) = (world.Time.GetUtcNow(), ReleaseWorld.Epoch.AddHours(2));
        world.Freezes.ReadsFail = at => at >= from && at < to;
        await world.RunUntilAsync(TimeSpan.FromHours(2.25));

        Assert.Equal(new Percentage(5), await world.ExposureAsync(North));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_region_that_is_left_of_a_stage_is_not_raised_outside_the_window_when_its_intent_could_not_be_recorded_for_long()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(10), call => call.Target == North && call.At >= ReleaseWorld.Epoch.AddMinutes(5)));
        var release = await HeldHalfwayAsync(world);
        await world.RunUntilAsync(TimeSpan.FromMinutes(28));
        await world.MeddleAsync(North, new Percentage(5));
        world.Ledger.AppendDelay = drafts => drafts.Any(draft => draft.Body is EffectIntended { Target: North }) && world.Time.GetUtcNow() < ReleaseWorld.Epoch.AddMinutes(36)
            ? throw new PortUnavailableException("ledger", "away")
            : TimeSpan.Zero;
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await world.RunUntilAsync(TimeSpan.FromMinutes(38));

        Assert.Equal(new Percentage(5), await world.ExposureAsync(North));
        await world.EndAsync(release);
    }

    [Fact]
    public async Task While_what_is_left_of_a_stage_waits_for_the_window_a_flag_that_somebody_changes_is_found()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(10), call => call.Target == North && call.At >= ReleaseWorld.Epoch.AddMinutes(5)));
        var release = await HeldHalfwayAsync(world);
        await world.RunUntilAsync(TimeSpan.FromHours(1));
        await world.MeddleAsync(North, new Percentage(5));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        await RunAsync(world, TimeSpan.FromMinutes(5));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        await world.MeddleAsync(West, new Percentage(100));
        await RunAsync(world, TimeSpan.FromMinutes(3));
        Assert.Equal(ReleasePhase.Paused, (await world.StateAsync(release)).Phase);
        Assert.Contains(West, (await world.StateAsync(release)).PhaseReason, StringComparison.Ordinal);
        await world.EndAsync(release);
    }

    /// <summary>West has the second stage; North was changed by somebody else amidst it, and the release is held.</summary>
    private static async Task<ReleaseId> HeldHalfwayAsync(ReleaseWorld world)
    {
        var release = await world.StartAsync(Regional());
        await world.RunUntilAsync(release, ReleasePhase.Shifting, 1);
        await RunAsync(world, TimeSpan.FromSeconds(2));
        await world.MeddleAsync(North, new Percentage(3));
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        return release;
    }

    private static ReleaseRequest Regional() => Requests.Canary() with
    {
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope", "northeurope"], Flags = FlagScope.PerRegion }],
        Operations = new() { TrafficRps = 100, Windows = [new ChangeWindow([DayOfWeek.Tuesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.5), "UTC")] },
    };

    [Theory]
    [InlineData(ReleaseCommandKind.Extend)]
    [InlineData(ReleaseCommandKind.Pause)]
    public async Task Whoever_extends_or_pauses_while_a_dark_deployment_is_looked_at_for_new_errors_is_heard(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.MetricRead, TimeSpan.FromSeconds(25), call => call.At >= ReleaseWorld.Epoch.AddMinutes(8)));
        var release = await world.StartAsync(StrategyRequests.Dark());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var ends = (await world.StateAsync(release)).Watch!.BakeEndsAt!.Value;
        while (!(await world.EntriesAsync<IntervalJudged>(release)).Any(judged => judged.JudgedUntil >= ends)) await RunAsync(world, TimeSpan.FromSeconds(1));
        await RunAsync(world, TimeSpan.FromSeconds(1));
        Assert.Equal((ReleasePhase.Baking, 0), ((await world.StateAsync(release)).Phase, (await world.StateAsync(release)).Stage));
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, kind, kind == ReleaseCommandKind.Extend ? TimeSpan.FromHours(1) : null));
        await RunAsync(world, TimeSpan.FromSeconds(5));
        if (kind == ReleaseCommandKind.Pause) Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));
        if (kind == ReleaseCommandKind.Extend)
        {
            await RunAsync(world, TimeSpan.FromMinutes(30));
            Assert.Equal((ReleasePhase.Baking, 0), ((await world.StateAsync(release)).Phase, (await world.StateAsync(release)).Stage));
        }

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    private static Task RunAsync(ReleaseWorld world, TimeSpan time) => world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);
}
