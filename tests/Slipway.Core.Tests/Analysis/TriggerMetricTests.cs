using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Triggers;

namespace Slipway.Core.Tests.Analysis;

public class TriggerMetricTests
{
    [Theory]
    [InlineData("error_rate")]
    [InlineData("success_rate")]
    [InlineData("latency_p95")]
    [InlineData("latency_p50")]
    public void IsBeyond_SaysWhatTheBoundSays(string name)
    {
        var metric = TriggerMetric.Of(name);
        foreach (var requests in new long[] { 1, 20, 300, 6000 })
        {
            foreach (var share in new[] { 0, 0.003, 0.02, 0.2, 1 })
            {
                var bad = (long)(requests * share);
                var sample = new ArmSample
                {
                    Requests = requests,
                    Errors = bad,
                    Latency = new LatencyHistogram(new Dictionary<int, long> { [70] = requests - bad, [90] = bad }),
                };
                foreach (var limit in new[] { 0.5, 2, 20, 31, 50, 80.2, 90, 98, 99.5, 120 })
                {
                    Assert.Equal(metric.Bound(sample, above: true) > limit, metric.IsBeyond(sample, above: true, limit));
                    Assert.Equal(metric.Bound(sample, above: false) < limit, metric.IsBeyond(sample, above: false, limit));
                }
            }
        }
    }
}
