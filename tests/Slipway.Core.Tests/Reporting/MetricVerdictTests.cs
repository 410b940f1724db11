using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Analysis.Bands;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

/// <summary>Baseline, canary, delta and verdict of the guarded metrics, from counts that the judge has judged.</summary>
public sealed class MetricVerdictTests
{
    [Theory]
    [InlineData(150, MetricVerdict.Pass)]
    [InlineData(499, MetricVerdict.Pass)]
    [InlineData(500, MetricVerdict.Pass)]
    [InlineData(501, MetricVerdict.Fail)]
    [InlineData(700, MetricVerdict.Fail)]
    [Trait("requirement", "S002-78")]
    public void Latency_fails_just_above_its_limit(double milliseconds, MetricVerdict expected)
    {
        var (metrics, plan) = Report(0.05m, milliseconds);
        var latency = metrics.LatencyP95;

        Assert.Equal(expected, latency.Verdict);
        Assert.Equal(MetricVerdict.Pass, metrics.ErrorRate.Verdict);

        // Values are read from buckets that are 5 % wide; the verdict is counted exactly.
        Assert.Equal((Edge(150), Edge(milliseconds)), (latency.Baseline, latency.Canary));
        Assert.Equal(latency.Canary - latency.Baseline, latency.Delta);
        Assert.Equal(500m, plan.Triggers.Single(trigger => trigger.Name == GuardrailProfile.LatencyTrigger).Above);

        static double Edge(double value) => LatencyHistogram.UpperEdge(LatencyHistogram.BucketOf(value));
    }

    [Theory]
    [InlineData(99.99, MetricVerdict.Pass)]
    [InlineData(99.95, MetricVerdict.Pass)]
    [InlineData(99.51, MetricVerdict.Pass)]
    [InlineData(99.5, MetricVerdict.Pass)]
    [InlineData(99.49, MetricVerdict.Fail)]
    [InlineData(98, MetricVerdict.Fail)]
    [Trait("requirement", "S002-79")]
    public void A_drop_of_the_success_rate_below_its_limit_fails_and_a_rise_passes(double percent, MetricVerdict expected)
    {
        var (metrics, _) = Report(100 - (decimal)percent, 150);
        var success = metrics.SuccessRate;

        Assert.Equal(expected, success.Verdict);
        Assert.Equal((99.95, percent), (Math.Round(success.Baseline, 6), Math.Round(success.Canary, 6)));
        Assert.Equal(Math.Round(percent - 99.95, 6), Math.Round(success.Delta, 6));
        Assert.Equal(MetricVerdict.Pass, metrics.LatencyP95.Verdict);
    }

    [Theory]
    [InlineData(0.499, LogVolume.Reduced)]
    [InlineData(0.5, LogVolume.Normal)]
    [InlineData(1, LogVolume.Normal)]
    [InlineData(2, LogVolume.Normal)]
    [InlineData(2.01, LogVolume.Elevated)]
    [Trait("requirement", "S002-103")]
    public void Log_volume_goes_by_the_ratio_to_the_old_version(double ratio, LogVolume expected) => Assert.Equal(expected, MeasurementSection.LogVolumeOf(ratio));

    private static (CanaryMetrics Metrics, ReleasePlan Plan) Report(decimal errorPercent, double latency)
    {
        var plan = BandedJudge.Plan(new GuardrailSpec { ErrorRate = new LimitSpec(50, 100), LatencyP95 = new LimitSpec(500, 100), Availability = new(99.5m) });
        var script = new LedgerScript(SampleRequests.Start)
            .Add(SampleRequests.Created() with { Plan = plan }, "dana@example.com")
            .Add(new StageStarted(0, plan.Stages[0].Percentage, SampleRequests.Start));
        var canary = BandedJudge.Arm(errorPercent, latency, BandedJudge.Requests, plan);
        var at = BandedJudge.Start;
        foreach (var assessment in BandedJudge.Judge(plan, canary))
        {
            var seen = new Observation(at, TimeSpan.FromMinutes(1), "global", canary, BandedJudge.Arm(0.05m, 150, 9 * BandedJudge.Requests, plan));
            at = seen.End;
            script.Wait(1).Add(new IntervalJudged(0, at, [seen], assessment));
        }

        return (ReportAtEveryMomentTests.ReportOf(script.Entries).CanaryAnalysis.Metrics, plan);
    }
}
