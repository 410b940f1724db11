using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

/// <summary>Counts and findings, as telemetry and the judge brought them.</summary>
public sealed class EvidenceInReportTests
{
    [Theory]
    [InlineData("error_rate", MetricVerdict.Fail, MetricVerdict.Pass, MetricVerdict.Fail, MetricVerdict.Pass)]
    [InlineData("success_rate", MetricVerdict.Fail, MetricVerdict.Pass, MetricVerdict.Fail, MetricVerdict.Pass)]
    [InlineData("availability", MetricVerdict.Fail, MetricVerdict.Pass, MetricVerdict.Fail, MetricVerdict.Pass)]
    [InlineData("latency_p95", MetricVerdict.Pass, MetricVerdict.Fail, MetricVerdict.Pass, MetricVerdict.Pass)]
    [InlineData("latency_p99", MetricVerdict.Pass, MetricVerdict.Fail, MetricVerdict.Pass, MetricVerdict.Pass)]
    [Trait("requirement", "S002-80")]
    public void A_finding_fails_the_metric_that_it_is_about(string metric, MetricVerdict errors, MetricVerdict latency, MetricVerdict success, MetricVerdict custom)
    {
        var metrics = Failing(metric).CanaryAnalysis.Metrics;

        Assert.Equal((errors, latency, success), (metrics.ErrorRate.Verdict, metrics.LatencyP95.Verdict, metrics.SuccessRate.Verdict));
        Assert.Equal(("searches_with_click", custom), (Assert.Single(metrics.CustomMetrics).Name, metrics.CustomMetrics[0].Verdict));
    }

    [Fact]
    [Trait("requirement", "S002-96")]
    public void Latencies_are_percentiles_of_the_newest_interval_and_the_budget_is_the_guardrail()
    {
        var latency = ReportAtEveryMomentTests.ReportOf("running").HealthMetrics.Latency;

        // Of 13,200 requests 80 % take a third of what the rest takes: 120 ms with the canary, 100 ms with the control arm.
        Assert.Equal(250, latency.Budget);
        Assert.InRange(latency.P50, 32, 42);
        Assert.InRange(latency.P95, 100, 106);
        Assert.InRange(latency.P99, 100, 126);
        Assert.True(latency.P50 <= latency.P95 && latency.P95 <= latency.P99);
    }

    [Theory]
    [InlineData(9, 0, false)]
    [InlineData(10, 0, true)]
    [InlineData(10, 10, false)]
    [InlineData(20, 10, true)]
    [InlineData(19, 10, false)]
    [Trait("requirement", "S002-101")]
    public void A_spike_is_ten_errors_at_twice_the_rate_of_the_control_arm(long canary, long control, bool expected) =>
        Assert.Equal(expected, After(new ArmSample { Requests = 1000, Errors = canary }, new ArmSample { Requests = 1000, Errors = control }).Monitoring.Logs.ErrorSpike);

    [Fact]
    [Trait("requirement", "S002-102")]
    [Trait("requirement", "S002-105")]
    public void New_kinds_of_errors_are_those_that_only_the_canary_shows_and_failed_calls_are_counted_by_dependency()
    {
        var canary = new ArmSample
        {
            Requests = 1000,
            Errors = 4,
            ErrorTypes = ["Timeout", "NullReference", "BadIndex"],
            DependencyFailures = new Dictionary<string, long> { ["catalog"] = 3, ["geo"] = 7 },
        };
        var monitoring = After(canary, new ArmSample { Requests = 1000, Errors = 2, ErrorTypes = ["Timeout"], DependencyFailures = new Dictionary<string, long> { ["old"] = 9 } }).Monitoring;

        Assert.Equal(["BadIndex", "NullReference"], monitoring.Logs.NewErrorTypes);
        Assert.Equal(["geo: 7 failed calls", "catalog: 3 failed calls"], monitoring.Traces.DependencyFailures);
    }

    [Fact]
    [Trait("requirement", "S002-104")]
    [Trait("requirement", "S002-106")]
    public void The_critical_path_takes_as_long_as_its_slowest_probe_and_what_is_beyond_the_budget_is_a_bottleneck()
    {
        var script = SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start));
        Assert.Equal((42, "external API: geo: 900 ms, budget 250 ms"), (Traces(script).CriticalPathLatency, Assert.Single(Traces(script).Bottlenecks)));
        script
            .Add(new GateChecked(QualityGates.Smoke("search"), GateStatus.Pass, true, "slow", GateKind.Smoke, 250.5))
            .Add(new GateChecked(QualityGates.Service("catalog"), GateStatus.Pass, true, "at the budget", GateKind.Service, 250))
            .Add(new GateChecked(QualityGates.ExternalApi("geo"), GateStatus.Pass, false, "quick again", GateKind.ExternalApi, 80));
        Assert.Equal((250.5, "smoke: search: 250.5 ms, budget 250 ms"), (Traces(script).CriticalPathLatency, Assert.Single(Traces(script).Bottlenecks)));
        Assert.DoesNotContain("bottlenecks", Coverage(script), StringComparison.Ordinal);
        Assert.Contains("bottlenecks", Coverage(SampleLedgers.Begun(new LedgerScript(SampleRequests.Start))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1000, GateStatus.Pass, "requests succeeded in every judged interval; the fewest in global at 2026-03-02 09:05:36Z, 50 %")]
    [InlineData(999, 1000, GateStatus.Pass, "requests succeeded in every judged interval; the fewest in global at 2026-03-02 09:05:36Z, 0.05 %")]
    [InlineData(1000, 1000, GateStatus.Warning, "no request succeeded in global at 2026-03-02 09:05:36Z")]
    [Trait("requirement", "S002-151")]
    public void Downtime_is_an_interval_without_a_good_request_in_either_arm(long canary, long control, GateStatus expected, string details)
    {
        var report = After(new ArmSample { Requests = 1000, Errors = canary }, new ArmSample { Requests = 1000, Errors = control });

        Assert.Equal(new PreDeploymentCheck(QualityGates.ZeroDowntime, expected, details), Assert.Single(report.PreDeployment.Checks, check => check.Check == QualityGates.ZeroDowntime));
        Assert.DoesNotContain(ReportAtEveryMomentTests.ReportOf("failed_preflight").PreDeployment.Checks, check => check.Check == QualityGates.ZeroDowntime);
    }

    private static TraceReport Traces(LedgerScript script) => ReportAtEveryMomentTests.ReportOf(script.Entries).Monitoring.Traces;

    private static string Coverage(LedgerScript script) =>
        ReportAtEveryMomentTests.ReportOf(script.Entries).PreDeployment.Checks.Single(check => check.Check == "report coverage").Details;

    private static ReleaseReport Failing(string metric)
    {
        var script = SampleLedgers.Exposed(new LedgerScript(SampleRequests.Start), 1);
        var finding = new Finding
        {
            Rule = metric,
            Metric = metric,
            Value = 9,
            Bound = 8,
            Limit = 1,
            Sample = 1200,
            CrossedAt = script.Now,
            Action = TriggerAction.AutoRollback,
            Sentence = $"{metric} is bad",
        };
        script.Add(SampleLedgers.Judged(script.Now, 0, 4, new Assessment { Verdict = Verdict.Fail, Sentence = finding.Sentence, Findings = [finding] }));
        return ReportAtEveryMomentTests.ReportOf(script.Entries);
    }

    private static ReleaseReport After(ArmSample canary, ArmSample control)
    {
        var script = SampleLedgers.Preflighted(new LedgerScript(SampleRequests.Start));
        var observation = new Observation(script.Now, TimeSpan.FromMinutes(1), "global", canary, control);
        script.Wait(1).Add(new IntervalJudged(0, observation.End, [observation], new Assessment { Verdict = Verdict.Undecided, Sentence = "needs more" }));
        return ReportAtEveryMomentTests.ReportOf(script.Entries);
    }
}
