using Slipway.Core.Outlook;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Pages.Charts;

namespace Slipway.Web.Tests.Pages.Charts;

public sealed class EvidenceChartTests
{
    [Fact]
    public void A_chart_is_drawn_once_for_each_metric_and_limit_of_a_timeline()
    {
        var entries = JudgedLedger.Of(canaryErrors: 40);
        var (timeline, same) = (EvidenceTimeline.Fold(entries), EvidenceTimeline.Fold(entries));

        var chart = EvidenceChart.Of(timeline, ChartMetric.ErrorRate, 1)!;

        Assert.Same(chart, EvidenceChart.Of(timeline, ChartMetric.ErrorRate, 1));
        Assert.Equal("limit 1 %", chart.Limit!.Text);
        Assert.Equal("limit 2 %", EvidenceChart.Of(timeline, ChartMetric.ErrorRate, 2)!.Limit!.Text);
        Assert.Null(EvidenceChart.Of(timeline, ChartMetric.ErrorRate, null)!.Limit);
        Assert.Equal(ChartMetric.LatencyP95, EvidenceChart.Of(timeline, ChartMetric.LatencyP95, 1)!.Metric);
        Assert.Equal((chart.Band, chart.CanaryLine, chart.Summary), EvidenceChart.Of(same, ChartMetric.ErrorRate, 1) is { } again ? (again.Band, again.CanaryLine, again.Summary) : default);
        // One entry more is another timeline.
        Assert.NotSame(chart, EvidenceChart.Of(EvidenceTimeline.Fold(entries.SkipLast(1)), ChartMetric.ErrorRate, 1));
        Assert.Null(EvidenceChart.Of(EvidenceTimeline.Empty, ChartMetric.ErrorRate, 1));
    }
}
