using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Scenarios.Stories;

/// <summary>What a release learns of its users before it exposes anybody.</summary>
public class CalibrationStories
{
    /// <summary>The control arm fails at 0.2 %.</summary>
    private const double TwiceAsOften = 0.004;

    [Fact]
    [Trait("requirement", "S001-39")]
    public async Task Users_are_compared_before_the_first_write_and_the_watch_starts_with_what_was_learnt()
    {
        await using var world = new ReleaseWorld();
        world.Service.CohortErrorRate = (_, _) => TwiceAsOften;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        var ledger = await world.LedgerAsync(release);
        var measured = ledger.Single(entry => entry.Read() is CalibrationMeasured);
        var firstWrite = ledger.First(entry => entry.Read() is EffectIntended intended && !intended.EffectId.StartsWith("kill-switch:", StringComparison.Ordinal) && intended.Kind == EffectKind.Flag);
        Assert.True(measured.Sequence < firstWrite.Sequence);
        var calibration = ((CalibrationMeasured)measured.Read()).Calibration;
        Assert.Equal([5m, 25m, 50m], calibration.Offsets.Where(offset => offset.Metric == "error_rate").Select(offset => offset.Percentage));
        Assert.InRange(calibration.OffsetOf("error_rate", "all", 5), 0.4, Math.Log(2));
        Assert.NotNull(calibration.Autocorrelation);
        Assert.Equal((await world.StateAsync(release)).Calibrations[0].Offsets, calibration.Offsets);

        // The judge has it from its first interval on, and through every child after that.
        var first = await WatchAsync(world, release, 1);
        Assert.Equal(calibration.Offsets, first.Judge!.Calibration!.Offsets);
        Assert.Equal(first.JudgedUntil, first.Judge.JudgedUntil);
        await world.RunToEndAsync(release);
        var last = (await world.EntriesAsync<WatchDirected>(release)).Max(directed => directed.Watch);
        Assert.True(last > 1);
        Assert.Equal(calibration.Offsets, (await WatchAsync(world, release, last)).Judge!.Calibration!.Offsets);
        Assert.Equal(GateStatus.Pass, (await CheckAsync(world, release)).Status);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Telemetry_without_users_is_said_and_the_release_goes_on()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Empty(state.Calibrations[0].Offsets);
        var check = await CheckAsync(world, release);
        Assert.Equal(GateStatus.Warning, check.Status);
        Assert.StartsWith("A/A offset: not measured, telemetry has no user ids; users that hash into the canary may differ from the others", check.Details, StringComparison.Ordinal);
        Assert.Contains("noise with memory: unknown, telemetry has no user ids", check.Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Telemetry_that_does_not_answer_for_it_is_said_and_the_release_goes_on()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.CohortRead));
        world.Service.CohortErrorRate = (_, _) => TwiceAsOften;
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Contains("telemetry did not answer (", (await CheckAsync(world, release)).Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task An_answer_that_hangs_is_waited_for_no_longer_than_for_a_gate()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.CohortRead, TimeSpan.FromHours(1)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        var state = await world.StateAsync(release);
        Assert.InRange(state.GatesPassedAt!.Value - ReleaseWorld.Epoch, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        Assert.Contains("it could not be read (no answer within 30 s)", state.Calibrations[0].Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_baseline_ends_the_release_before_anything_is_compared()
    {
        await using var world = new ReleaseWorld();
        world.Service.ErrorRate = (_, _) => 0.05;
        var release = await world.StartAsync(Requests.Canary());
        Assert.Equal(ReleasePhase.Failed, (await world.RunToEndAsync(release)).Phase);
        Assert.Empty(await world.EntriesAsync<CalibrationMeasured>(release));
        Assert.Equal(0, world.Faults.CallsOf(FaultOperations.CohortRead));
    }

    [Fact]
    public async Task Each_environment_has_its_own()
    {
        await using var world = new ReleaseWorld();
        world.Service.CohortErrorRate = (_, _) => TwiceAsOften;
        var release = await world.StartAsync(EnvironmentStories.StagingThenProd());
        var state = await world.RunToEndAsync(release);

        // Staging has one stage, which exposes everybody.
        Assert.Contains("no stage exposes a part of the users", Assert.Single(state.Calibrations[0].Notes), StringComparison.Ordinal);
        Assert.NotEmpty(state.Calibrations[1].Offsets);
        for (var number = 1; number <= (await world.EntriesAsync<WatchDirected>(release)).Max(directed => directed.Watch); number++)
        {
            var watch = await WatchAsync(world, release, number);
            Assert.Equal(state.Calibrations[watch.Environment].Offsets, watch.Judge!.Calibration!.Offsets);
        }

        Assert.StartsWith("staging: A/A offset", (await CheckAsync(world, release)).Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_long_wait_users_are_compared_anew()
    {
        await using var world = new ReleaseWorld();
        world.Service.CohortErrorRate = (_, at) => at < ReleaseWorld.Epoch ? TwiceAsOften : 0.002;
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(5) } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);

        var measured = await world.EntriesAsync<CalibrationMeasured>(release);
        Assert.Equal(2, measured.Count);
        Assert.InRange(measured[0].Calibration.OffsetOf("error_rate", "all", 5), 0.4, Math.Log(2));
        Assert.InRange(measured[1].Calibration.OffsetOf("error_rate", "all", 5), -0.05, 0.05);
        Assert.Equal(measured[1].Calibration.Offsets, (await WatchAsync(world, release, 1)).Judge!.Calibration!.Offsets);
    }

    private static async Task<WatchInput> WatchAsync(ReleaseWorld world, ReleaseId release, int number) =>
        WorkflowRegistry.FromJson<WatchInput>((await world.InstancesAsync()).Single(instance => instance.Id == $"{release}/watch/{number}").Input);

    private static async Task<PreDeploymentCheck> CheckAsync(ReleaseWorld world, ReleaseId release) =>
        ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow()).PreDeployment.Checks.Single(check => check.Check == QualityGates.Calibration);
}
