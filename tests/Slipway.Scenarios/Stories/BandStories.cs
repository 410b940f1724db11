using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>The values beside a limit: targets block a promotion, warnings tell people and never move a user, critical values go back at once.</summary>
public class BandStories
{
    [Theory]
    [InlineData("error_rate", 0.09, true)]
    [InlineData("error_rate", 0.11, false)]
    [InlineData("latency_p95", 199.9, true)]
    [InlineData("latency_p95", 200.1, false)]
    [InlineData("availability", 99.91, true)]
    [InlineData("availability", 99.89, false)]
    [Trait("requirement", "S004-76")]
    [Trait("requirement", "S004-77")]
    [Trait("requirement", "S004-78")]
    public async Task A_canary_that_misses_a_target_is_not_promoted_although_the_old_version_is_no_better(string metric, double value, bool promoted)
    {
        await using var world = BandedRequests.World();
        if (metric == "latency_p95") world.Service.Latency = (_, _) => value;
        else world.Service.ErrorRate = (_, _) => (metric == "error_rate" ? value : 100 - value) / 100;
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with
        {
            // Of error rate and availability each is left out where the other is tested: both count failed requests.
            Guardrails = request.Guardrails with
            {
                ErrorRate = metric == "availability" ? new LimitSpec(0.5m) : request.Guardrails.ErrorRate,
                AvailabilityBand = metric == "error_rate" ? null : request.Guardrails.AvailabilityBand,
            },
        });
        if (promoted)
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            var ended = Assert.Single(await world.EntriesAsync<StageEnded>(release));
            Assert.Equal(Verdict.Pass, ended.Verdict);
            Assert.Contains($"{metric}: ", ended.Sentence, StringComparison.Ordinal);
            Assert.Contains("target", ended.Sentence, StringComparison.Ordinal);
        }
        else
        {
            await world.RunUntilAsync(release, ReleasePhase.Paused, 0);
            Assert.Empty(await world.EntriesAsync<StageEnded>(release));
            var why = (await world.StateAsync(release)).PhaseReason;
            Assert.Contains("the evidence does not suffice at the longest bake", why, StringComparison.Ordinal);
            Assert.Contains($"{metric}: ", why, StringComparison.Ordinal);
            Assert.Contains("target", why, StringComparison.Ordinal);
            Assert.Equal(new Percentage(10), await world.ExposureAsync());
        }

        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData("error_rate warning", 0.14, false)]
    [InlineData("error_rate warning", 0.16, true)]
    [InlineData("latency_p95 warning", 300, false)]
    [InlineData("latency_p95 warning", 301, true)]
    [InlineData("latency_p95 warning", 500, true)]
    [InlineData("availability warning", 99.81, false)]
    [InlineData("availability warning", 99.79, true)]
    [Trait("requirement", "S004-90")]
    public async Task A_warning_is_told_once_and_moves_nobody(string rule, double value, bool warns)
    {
        // So many requests that a hundredth of a percent is no chance.
        await using var world = BandedRequests.World(rps: 2_000_000);
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with
            {
                ErrorRate = new LimitSpec(0.5m, 100) { Band = rule.StartsWith("error", StringComparison.Ordinal) ? new MetricBand(Warning: 0.15m) : null },
                LatencyP95 = new LimitSpec(500, 100) { Band = new MetricBand(Warning: 300) },
                AvailabilityBand = rule.StartsWith("avail", StringComparison.Ordinal) ? new MetricBand(Warning: 99.8m) : null,
            },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var from = world.Time.GetUtcNow();
        Func<bool, DateTimeOffset, bool> worse = (canary, at) => canary && at >= from && at < from.AddMinutes(20);
        if (rule.StartsWith("latency", StringComparison.Ordinal)) world.Service.Latency = (canary, at) => worse(canary, at) ? value : 150;
        else world.Service.ErrorRate = (canary, at) => worse(canary, at) ? (rule.StartsWith("error", StringComparison.Ordinal) ? value : 100 - value) / 100 : 0.0005;
        await world.RunUntilAsync(from.AddMinutes(60) - ReleaseWorld.Epoch);

        var alerts = (await world.EntriesAsync<AlertRaised>(release)).Where(alert => alert.Name == rule).ToList();
        Assert.Equal(warns ? 1 : 0, alerts.Count);
        Assert.All(alerts, alert => Assert.Equal((AlertSeverity.Warning, "people were told; the release goes on"), (alert.Severity, alert.ActionTaken)));
        Assert.Equal(warns, world.Mailer.Sent.Any(sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains($"trigger {rule}", StringComparison.Ordinal)));
        Assert.Equal((ReleasePhase.Baking, 0), ((await world.StateAsync(release)).Phase, (await world.StateAsync(release)).Stage));
        Assert.Equal(new Percentage(10), await world.ExposureAsync());
        var reported = Assert.Single(ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow()).Monitoring.Alerts, alert => alert.Name == rule);
        Assert.Equal(warns, reported.Triggered);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0, 0.16, 0)]
    [InlineData(0, 0.21, 1)]
    [InlineData(1, 0.16, 1)]
    [InlineData(1, 0.21, 2)]
    [Trait("requirement", "S004-88")]
    public async Task The_canarys_own_warning_counts_while_users_are_exposed_and_the_general_one_everywhere(int stage, double percent, int warnings)
    {
        await using var world = BandedRequests.World(rps: 2_000_000);
        var request = BandedRequests.Dark();
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with
            {
                ErrorRate = new LimitSpec(0.5m, 100) { Band = new MetricBand(Warning: 0.15m) },
                AvailabilityBand = null,
                Triggers = [new TriggerSpec { Metric = "error_rate", Above = 0.2m, Action = TriggerAction.Alert }],
            },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        var from = world.Time.GetUtcNow();

        // Without users on the new version everybody's requests count.
        world.Service.ErrorRate = (canary, at) => at >= from && at < from.AddMinutes(10) && (canary || stage == 0) ? percent / 100 : 0.0005;
        await world.RunUntilAsync(from.AddMinutes(15) - ReleaseWorld.Epoch);

        var raised = (await world.EntriesAsync<AlertRaised>(release)).Where(alert => alert.Name.StartsWith("error_rate", StringComparison.Ordinal)).Select(alert => alert.Name).ToList();
        Assert.Equal(warnings, raised.Count);
        Assert.Equal(percent > 0.2, raised.Contains("error_rate above 0.2"));
        Assert.Equal(stage > 0, raised.Contains("error_rate warning"));
        Assert.Equal(request.Stages[stage].Percentage, await world.ExposureAsync());
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0, "error_rate", 0.51)]
    [InlineData(1, "error_rate", 0.51)]
    [InlineData(0, "latency_p95", 501)]
    [InlineData(1, "latency_p95", 501)]
    [InlineData(0, "availability", 99.49)]
    [InlineData(1, "availability", 99.49)]
    [InlineData(0, "pool", 101)]
    [InlineData(1, "pool", 101)]
    [Trait("requirement", "S004-49")]
    [Trait("requirement", "S004-89")]
    [Trait("requirement", "S004-91")]
    [Trait("requirement", "S004-92")]
    public async Task A_critical_value_at_canary_or_partial_is_level_1_within_one_interval_of_the_alert(int stage, string metric, double value)
    {
        await using var world = BandedRequests.World(rps: 2_000_000);
        var (release, from) = await CriticalAsync(world, stage, metric, value);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, stage), (state.Phase, state.Stage));
        Assert.Equal(metric, state.Rollback!.Finding!.Metric);
        Assert.Equal(1, state.Rollback.Levels[0].Result.Level);
        Assert.Empty(state.Commands);
        var ledger = await world.LedgerAsync(release);
        var alerted = ledger.First(entry => entry.Read() is IntervalJudged { Assessment.Verdict: Verdict.Fail }).At;
        var begun = ledger.Single(entry => entry.Read() is RollbackBegun).At;
        Assert.InRange(begun - alerted, TimeSpan.Zero, state.Plan.Watch.Interval);

        // Two windows that do not overlap have to show it, three minutes after each end.
        Assert.InRange(begun - from, TimeSpan.Zero, TimeSpan.FromMinutes(8));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData("error_rate", 0.50)]
    [InlineData("latency_p95", 500)]
    [InlineData("availability", 99.5)]
    [InlineData("pool", 100)]
    public async Task At_the_limit_itself_nothing_is_critical(string metric, double value)
    {
        await using var world = BandedRequests.World(rps: 2_000_000);
        var (release, _) = await CriticalAsync(world, 0, metric, value);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(1));
        Assert.Equal(ReleasePhase.Baking, (await world.StateAsync(release)).Phase);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(30, 2.0)]
    [InlineData(90, 3.5)]
    [Trait("requirement", "S004-167")]
    public async Task Two_hours_without_a_warning_are_needed_before_a_promotion(int warnedAfterMinutes, double promotedAfterHours)
    {
        await using var world = BandedRequests.World(rps: 2_000_000);
        var request = BandedRequests.Canary((10, TimeSpan.FromHours(2)), (100, TimeSpan.FromHours(2)));
        var release = await world.StartAsync(request with
        {
            Stages = [.. request.Stages.Select(stage => stage with { MaxBake = TimeSpan.FromHours(6) })],
            Guardrails = request.Guardrails with { ErrorRate = new LimitSpec(0.5m, 100) { Band = new MetricBand(Warning: 0.15m) }, AvailabilityBand = null },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var begun = world.Time.GetUtcNow();
        var warned = begun.AddMinutes(warnedAfterMinutes);
        world.Service.ErrorRate = (canary, at) => canary && at >= warned && at < warned.AddMinutes(2) ? 0.004 : 0.0005;
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);

        var ended = (await world.LedgerAsync(release)).Single(entry => entry.Read() is StageEnded);
        Assert.Single(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "error_rate warning");
        Assert.InRange((ended.At - begun).TotalHours, promotedAfterHours, promotedAfterHours + 0.75);
        Assert.True(ended.At - warned >= TimeSpan.FromHours(2));
        var waiting = (await world.EntriesAsync<IntervalJudged>(release)).Last(judged => judged.Stage == 0 && judged.Assessment.Verdict == Verdict.Undecided);
        Assert.Contains("alerts: error_rate warning was crossed until", waiting.Assessment.Sentence, StringComparison.Ordinal);
        Assert.Contains("2h without a warning or a critical value are asked for", waiting.Assessment.Sentence, StringComparison.Ordinal);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(165.0, true)]
    [InlineData(165.1, false)]
    [Trait("requirement", "S004-169")]
    public async Task Latency_within_ten_percent_of_the_baseline_is_promoted_and_a_tenth_of_a_millisecond_more_is_not(double latency, bool promoted)
    {
        await using var world = BandedRequests.World();
        world.Service.Latency = (_, _) => latency;
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with { LatencyP95 = request.Guardrails.LatencyP95! with { WithinBaseline = new Percentage(10) } },
        });
        await world.RunUntilAsync(release, promoted ? ReleasePhase.Baking : ReleasePhase.Paused, promoted ? 1 : 0);

        var judged = (await world.EntriesAsync<IntervalJudged>(release)).Last(interval => interval.Stage == 0);
        Assert.Contains("within 10 % of the baseline", judged.Assessment.Sentence, StringComparison.Ordinal);
        Assert.Contains("165 ms", judged.Assessment.Sentence, StringComparison.Ordinal);
        Assert.Equal(promoted ? Verdict.Pass : Verdict.Undecided, judged.Assessment.Verdict);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A release in a stage in which one metric of the canary becomes critical, or comes just to its limit.</summary>
    private static async Task<(ReleaseId Release, DateTimeOffset From)> CriticalAsync(ReleaseWorld world, int stage, string metric, double value)
    {
        world.Service.Measurements["pool"] = (_, _) => 60;
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with
        {
            Guardrails = request.Guardrails with
            {
                // Only the limits speak: no warning, and everything is tolerated against the old version.
                ErrorRate = new LimitSpec(metric == "availability" ? 90 : 0.5m, 100),
                LatencyP95 = new LimitSpec(500, 100),
                Availability = new Percentage(metric == "error_rate" ? 90 : 99.5m),
                AvailabilityBand = null,
                Measurements = [new MeasurementSpec { Name = "pool", Kind = MeasurementKind.ConnectionPool, Limit = 100, Action = TriggerAction.AutoRollback }],
            },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
        var from = world.Time.GetUtcNow();
        if (metric == "latency_p95") world.Service.Latency = (canary, at) => canary && at >= from ? value : 150;
        else if (metric == "pool") world.Service.Measurements["pool"] = (_, at) => at >= from ? value : 60;
        else world.Service.ErrorRate = (canary, at) => canary && at >= from ? (metric == "error_rate" ? value : 100 - value) / 100 : 0.0005;
        return (release, from);
    }
}
