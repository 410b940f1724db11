using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class CalibrateTests
{
    private static readonly DateTimeOffset Until = SampleRequests.Start;
    private static readonly ReleasePlan Plan = SampleRequests.Plan();

    [Fact]
    public async Task Each_stage_is_read_over_an_hour_and_the_smallest_over_enough_intervals_for_the_memory_of_noise()
    {
        var metrics = new FakeMetrics { Cohort = _ => new CohortReading(CohortSight.Seen, [Row(6)]) };

        var calibration = await RunAsync(metrics);

        Assert.Equal(
            [(5m, Until.AddHours(-2), Until), (25m, Until.AddHours(-1), Until), (50m, Until.AddHours(-1), Until)],
            metrics.Cohorts.Select(asked => (asked.Cohort.Percentage.Value, asked.From, asked.To)));
        Assert.All(metrics.Cohorts, asked => Assert.Equal("search-v2", asked.Cohort.Flag));
        Assert.Equal([5m, 25m, 50m], calibration.Offsets.Where(offset => offset.Region == "all").Select(offset => offset.Percentage));
        Assert.Equal([5m, 25m, 50m], calibration.Offsets.Where(offset => offset.Region == "westeurope").Select(offset => offset.Percentage));
    }

    [Fact]
    public async Task A_source_without_users_is_asked_once_and_that_is_a_note()
    {
        var metrics = new FakeMetrics();
        var calibration = await RunAsync(metrics);
        Assert.Single(metrics.Cohorts);
        Assert.Contains("telemetry has no user ids", calibration.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_not_made_for_it_has_no_users()
    {
        IMetricSource source = new Bare();
        Assert.Equal(CohortSight.NoUsers, (await source.ReadCohortAsync(Plan.Watch, new CohortQuery("search-v2", new Percentage(5)), Until, Until, default)).Sight);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_a_note()
    {
        var calibration = await RunAsync(new FakeMetrics { Away = true });
        Assert.Empty(calibration.Offsets);
        Assert.StartsWith("A/A offset: not measured, telemetry did not answer (", calibration.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_in_a_source_is_not_hidden() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(new FakeMetrics { Cohort = _ => throw new InvalidOperationException("a bug") }));

    private static async Task<Calibration> RunAsync(IMetricSource metrics) => (await new Calibrate(metrics).RunAsync(
        new CalibrateInput(Plan.Watch, CalibrationPlan.Of(Plan, Plan.Environments[0], new GuardrailSpec()), Until), TestContext.Current.CancellationToken)).Calibration;

    private static Observation Row(long failures) => new(
        Until.AddMinutes(-1), TimeSpan.FromMinutes(1), "westeurope", new ArmSample { Requests = 300, Errors = failures }, new ArmSample { Requests = 5700, Errors = 57 });

    private sealed class Bare : IMetricSource
    {
        public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<Observation>>([]);
    }
}
