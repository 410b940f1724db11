using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What is measured beside the requests: memory and processor at 0 %, pools, caches and events at scale, and the capacity.</summary>
public class MeasurementStories
{
    private static readonly MeasurementSpec Heap = new() { Name = "heap_mb", Kind = MeasurementKind.Memory, Unit = "MB", MaxSlope = 20, Limit = 900 };
    private static readonly MeasurementSpec Cpu = new() { Name = "cpu", Kind = MeasurementKind.Cpu, Unit = "%", Limit = 80 };
    private static readonly MeasurementSpec Pool = new() { Name = "db_pool", Kind = MeasurementKind.ConnectionPool, Warning = 80, Limit = 100, Action = TriggerAction.AutoRollback, Stages = [new Percentage(50)] };
    private static readonly MeasurementSpec Cache = new() { Name = "cache_hits", Kind = MeasurementKind.CacheHitRate, Unit = "%", Direction = KpiDirection.HigherIsBetter, Limit = 60, Action = TriggerAction.AutoRollback };
    private static readonly MeasurementSpec Refreshes = new() { Name = "token_refresh", ExpectedPerHour = 1000, Tolerance = new Percentage(20) };
    private static readonly MeasurementSpec Failures = new() { Name = "failed_auth", LimitPerHour = 5, Action = TriggerAction.Pause };

    [Theory]
    [InlineData("healthy")]
    [InlineData("leak")]
    [InlineData("cpu")]
    [InlineData("errors")]
    [InlineData("regression")]
    [InlineData("unseen")]
    [Trait("requirement", "S004-153")]
    [Trait("requirement", "S004-154")]
    [Trait("requirement", "S004-155")]
    [Trait("requirement", "S004-156")]
    [Trait("requirement", "S004-157")]
    public async Task Dormant_code_is_watched_for_an_hour_before_anybody_sees_it(string course)
    {
        await using var world = BandedRequests.World();
        var begun = ReleaseWorld.Epoch;
        if (course != "unseen") world.Service.Measurements["heap_mb"] = (_, at) => 400 + ((course == "leak" ? 60 : 5) * (at - begun).TotalHours);
        world.Service.Measurements["cpu"] = (_, _) => course == "cpu" ? 85 : 40;
        if (course == "errors") world.Service.ErrorRate = (_, _) => 0.0008;
        var gate = new Uri("http://127.0.0.1/regression");
        if (course == "regression") world.Probe.Answer = (url, _) => new ProbeResult(url == gate ? 500 : 200, 20, "", "");
        var request = BandedRequests.Dark();
        var release = await world.StartAsync(request with
        {
            Gates = [new HttpGateSpec { Name = "regression", Url = gate, When = GateTiming.DuringBake, Stage = Percentage.Zero }],
            Guardrails = request.Guardrails with { Measurements = [Heap with { Stages = [Percentage.Zero] }, Cpu with { Stages = [Percentage.Zero] }] },
        });
        if (course == "healthy")
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
            var stage = (await world.StateAsync(release)).Stages[0];
            Assert.InRange(stage.EndedAt!.Value - stage.EvidenceFrom!.Value, TimeSpan.FromHours(1), TimeSpan.FromMinutes(70));
            var ended = Assert.Single(await world.EntriesAsync<StageEnded>(release));
            Assert.Contains("no increase over the baseline of 0.05 %", ended.Sentence, StringComparison.Ordinal);
            Assert.Contains("5 MB an hour, tolerated 20 MB", ended.Sentence, StringComparison.Ordinal);
            Assert.Contains("cpu: 40 %", ended.Sentence, StringComparison.Ordinal);
            Assert.Contains(await world.EntriesAsync<IntervalJudged>(release), judged => judged.Stage == 0 && judged.Observations.Any(row => row.Control!.Measurements.ContainsKey("heap_mb")));
        }
        else if (course == "regression")
        {
            var state = await world.RunToEndAsync(release);
            Assert.Equal(Percentage.Zero, state.PeakExposure);
            Assert.Contains("regression", state.PhaseReason, StringComparison.Ordinal);
        }
        else
        {
            await world.RunUntilAsync(release, ReleasePhase.Paused, 0);
            var why = (await world.StateAsync(release)).PhaseReason;
            Assert.Contains(course switch
            {
                "leak" => "heap_mb changes by 60 MB an hour over 1h",
                "cpu" => "cpu 85 %, limit 80 %",
                "errors" => "an increase over the baseline of 0.05 %",
                _ => "heap_mb: no value at 0 %; unseen is not zero",
            }, why, StringComparison.Ordinal);
            Assert.Equal(Percentage.Zero, (await world.StateAsync(release)).PeakExposure);
        }

        await world.EndAsync(release);
    }

    [Fact]
    [Trait("requirement", "S001-54")]
    [Trait("requirement", "S004-79")]
    [Trait("requirement", "S004-166")]
    [Trait("requirement", "S004-180")]
    [Trait("requirement", "S004-181")]
    [Trait("requirement", "S004-182")]
    [Trait("requirement", "S004-183")]
    [Trait("requirement", "S004-184")]
    public async Task At_half_of_the_users_the_same_is_measured_and_the_pool_and_events_scale_with_the_share()
    {
        await using var world = AtScale();
        var release = await world.StartAsync(Request());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 2);

        var stages = await world.EntriesAsync<StageEnded>(release);
        Assert.Contains("token_refresh: 100 an hour, expected 100 (1000 at 10 %) ± 20 %", stages[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("token_refresh: 500 an hour, expected 500 (1000 at 50 %) ± 20 %", stages[1].Sentence, StringComparison.Ordinal);
        Assert.Contains("db_pool: 60", stages[1].Sentence, StringComparison.Ordinal);
        Assert.Contains("cache_hits: 90 % on average, 90 % in the stage before", stages[1].Sentence, StringComparison.Ordinal);
        Assert.Contains("0.05 % in the stage before", stages[1].Sentence, StringComparison.Ordinal);
        Assert.Contains("ms at 50 %, ", stages[1].Sentence, StringComparison.Ordinal);

        var sampled = (await world.EntriesAsync<IntervalJudged>(release)).GroupBy(judged => judged.Stage)
            .ToDictionary(stage => stage.Key, stage => stage.SelectMany(judged => judged.Assessment.Readings.Select(reading => reading.Metric)).Distinct().Order().ToList());
        Assert.Equal(sampled[0], sampled[1]);
        Assert.DoesNotContain("db_pool", stages[0].Sentence, StringComparison.Ordinal);
        foreach (var metric in (string[])["error_rate", "latency_p95", "availability", "cache_hits", "token_refresh", "failed_auth"])
            Assert.All(stages.Take(2), stage => Assert.Contains(metric, stage.Sentence, StringComparison.Ordinal));
        await world.EndAsync(release);
    }

    [Theory]
    [InlineData("pool")]
    [InlineData("cache")]
    [InlineData("errors")]
    [Trait("requirement", "S004-185")]
    public async Task Any_issue_at_half_of_the_users_is_level_1(string course)
    {
        await using var world = AtScale();
        var release = await world.StartAsync(Request());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var from = world.Time.GetUtcNow();
        switch (course)
        {
            case "pool":
                world.Service.Measurements["db_pool"] = (_, at) => at >= from ? 101 : 60;
                break;
            case "cache":
                world.Service.Measurements["cache_hits"] = (canary, at) => canary && at >= from ? 55 : 90;
                break;
            default:
                world.Service.ErrorRate = (canary, at) => canary && at >= from ? 0.02 : 0.0005;
                break;
        }

        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.RolledBack, new Percentage(50)), (state.Phase, state.PeakExposure));
        Assert.Equal(1, state.Rollback!.Levels[0].Result.Level);
        Assert.Contains(course switch { "pool" => "db_pool 101, limit 100", "cache" => "cache_hits 55 %, limit 60 %", _ => "error_rate" }, state.Rollback.Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData("events", "token_refresh: 350 an hour, expected 500 (1000 at 50 %) ± 20 %")]
    [InlineData("cache", "cache_hits: 70 % on average, 90 % in the stage before, tolerated 1.25 times")]
    [InlineData("latency", "in the stage before, tolerated 1.25 times")]
    [InlineData("errors", "in the stage before, tolerated 1.25 times")]
    [InlineData("unseen", "db_pool: no value at 50 %; unseen is not zero")]
    public async Task What_is_worse_than_in_the_stage_before_or_not_as_expected_is_not_promoted(string course, string says)
    {
        await using var world = AtScale();
        var release = await world.StartAsync(Request());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var from = world.Time.GetUtcNow();
        switch (course)
        {
            case "events":
                world.Service.Measurements["token_refresh"] = (canary, at) => canary ? 350 / 60.0 : 0;
                break;
            case "cache":
                world.Service.Measurements["cache_hits"] = (_, at) => 70;
                break;
            case "latency":
                // Both versions alike: against the control arm nothing is wrong.
                world.Service.Latency = (_, at) => at >= from ? 199 : 150;
                break;
            case "errors":
                world.Service.ErrorRate = (_, at) => at >= from ? 0.0009 : 0.0005;
                break;
            default:
                world.Service.Measurements.Remove("db_pool");
                break;
        }

        await world.RunUntilAsync(release, ReleasePhase.Paused, 1);
        var judged = (await world.EntriesAsync<IntervalJudged>(release))[^1];
        Assert.Contains(says, judged.Assessment.Sentence, StringComparison.Ordinal);
        Assert.Equal(new Percentage(50), await world.ExposureAsync());
        await world.EndAsync(release);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public async Task Fewer_than_five_failed_attempts_an_hour_are_allowed(int events, bool held)
    {
        await using var world = AtScale();
        var release = await world.StartAsync(Request());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var from = world.Time.GetUtcNow();

        // One every nine minutes.
        world.Service.Measurements["failed_auth"] = (canary, at) => canary && at > from && (int)(at - from).TotalMinutes % 9 == 0 && (at - from).TotalMinutes < (9 * events) + 1 && at >= from.AddMinutes(5) ? 1 : 0;
        await world.RunUntilAsync(from.AddMinutes(75) - ReleaseWorld.Epoch);
        var state = await world.StateAsync(release);
        Assert.Equal(held ? ReleasePhase.Paused : ReleasePhase.Baking, state.Phase);
        if (held) Assert.Contains("failed_auth 5 within an hour, fewer than 5 are allowed", state.PhaseReason, StringComparison.Ordinal);
        await world.EndAsync(release);
    }

    [Theory]
    [InlineData(TriggerAction.Pause, 2100, ReleasePhase.Paused)]
    [InlineData(TriggerAction.Alert, 2100, ReleasePhase.Baking)]
    [InlineData(TriggerAction.Pause, 1400, ReleasePhase.Baking)]
    [Trait("requirement", "S001-57")]
    [Trait("requirement", "S002-97")]
    public async Task More_of_the_capacity_than_the_limit_is_told_or_holds_the_release(TriggerAction action, double rps, ReleasePhase reached)
    {
        await using var world = BandedRequests.World(1000);
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with
        {
            Operations = request.Operations with { CapacityRps = 2500 },
            Guardrails = request.Guardrails with { Measurements = [new MeasurementSpec { Name = "capacity_used", Kind = MeasurementKind.Capacity, Limit = 80, Action = action }] },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Service.Rps = rps;
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(20) - ReleaseWorld.Epoch);

        var state = await world.StateAsync(release);
        Assert.Equal((reached, new Percentage(10)), (state.Phase, state.Exposure));
        var report = ReleaseReporter.Report(state, world.Time.GetUtcNow());
        Assert.Equal((rps, 100 * rps / 2500), (report.HealthMetrics.Throughput.RequestsPerSecond, report.HealthMetrics.Throughput.CapacityUsed));
        var alert = Assert.Single(report.Monitoring.Alerts, alert => alert.Name == "capacity_used limit");
        Assert.Equal(rps > 2000, alert.Triggered);
        if (rps > 2000) Assert.Contains("capacity_used 84 %, limit 80 %", alert.ActionTaken, StringComparison.Ordinal);
        var judged = (await world.EntriesAsync<IntervalJudged>(release))[^1];
        Assert.Equal(rps > 2000, judged.Assessment.Verdict != Verdict.Fail && judged.Assessment.Findings.Any(finding => finding.Rule == "capacity_used limit"));
        await world.EndAsync(release);
    }

    [Fact]
    [Trait("requirement", "S001-97")]
    public async Task A_service_that_sends_logs_and_no_metrics_does_not_start()
    {
        await using var world = BandedRequests.World(rps: 0);
        world.Service.Measurements["log_lines"] = (_, _) => 900;
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { Measurements = [new MeasurementSpec { Name = "log_lines", Kind = MeasurementKind.LogVolume }] } });
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.Failed, Percentage.Zero), (state.Phase, state.PeakExposure));
        Assert.Contains("baseline", state.PhaseReason, StringComparison.Ordinal);
        Assert.Contains(await world.EntriesAsync<GateChecked>(release), gate => gate.Status == GateStatus.Fail && gate.Details.Contains("sent no request", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(4, LogVolume.Reduced)]
    [InlineData(9, LogVolume.Normal)]
    [InlineData(25, LogVolume.Elevated)]
    [Trait("requirement", "S002-103")]
    public async Task The_report_tells_more_and_fewer_logs_than_the_old_version_writes(double linesPerRequest, LogVolume expected)
    {
        await using var world = BandedRequests.World(rps: 100);
        world.Service.Measurements["log_lines"] = (canary, at) => canary ? linesPerRequest * 600 : 10 * 5400;
        var request = BandedRequests.Canary();
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { Measurements = [new MeasurementSpec { Name = "log_lines", Kind = MeasurementKind.LogVolume }] } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(20) - ReleaseWorld.Epoch);

        var report = ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
        Assert.Equal(expected, report.Monitoring.Logs.LogVolume);
        Assert.DoesNotContain(report.PreDeployment.Checks, check => check.Details.Contains("log volume", StringComparison.Ordinal));
        var seen = Assert.Single(report.CanaryAnalysis.Metrics.CustomMetrics, metric => metric.Name == "log_lines");
        Assert.Equal((54_000, linesPerRequest * 600), (seen.Baseline, seen.Canary));
        await world.EndAsync(release);
    }

    private static ReleaseWorld AtScale()
    {
        var world = BandedRequests.World();
        var service = world.Service;
        service.Measurements["db_pool"] = (_, _) => 60;
        service.Measurements["cache_hits"] = (_, _) => 90;
        service.Measurements["token_refresh"] = (canary, _) => canary ? 1000 * (double)service.Exposure.Fraction / 60 : 0;
        service.Measurements["failed_auth"] = (_, _) => 0;
        return world;
    }

    private static ReleaseRequest Request()
    {
        var request = BandedRequests.Canary();
        return request with { Guardrails = request.Guardrails with { Measurements = [Pool, Cache, Refreshes, Failures], StageToStage = 1.25m } };
    }
}
