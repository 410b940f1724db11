using Slipway.Core.Analysis;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Analysis.Bands;

/// <summary>Each value of a band just better than it, at it and just worse: at a target is not better, at a warning or a limit is not beyond.</summary>
public sealed class BandTableTests
{
    [Theory]
    [InlineData(0.0999, true, false, false)]
    [InlineData(0.1, false, false, false)]
    [InlineData(0.1001, false, false, false)]
    [InlineData(0.149, false, false, false)]
    [InlineData(0.15, false, false, false)]
    [InlineData(0.151, false, true, false)]
    [InlineData(0.499, false, true, false)]
    [InlineData(0.5, false, true, false)]
    [InlineData(0.502, false, true, true)]
    [Trait("requirement", "S004-163")]
    public void Error_rate_target_warning_and_critical(double percent, bool target, bool warning, bool critical) =>
        Check(MetricNames.ErrorRate, (decimal)percent, 150, target, warning, critical);

    [Theory]
    [InlineData(199.9, true, false, false)]
    [InlineData(200, false, false, false)]
    [InlineData(200.1, false, false, false)]
    [InlineData(299, false, false, false)]
    [InlineData(300, false, false, false)]
    [InlineData(301, false, true, false)]
    [InlineData(499, false, true, false)]
    [InlineData(500, false, true, false)]
    [InlineData(501, false, true, true)]
    [Trait("requirement", "S004-49")]
    [Trait("requirement", "S004-164")]
    [Trait("requirement", "X18")]
    public void Latency_target_warning_and_critical(double milliseconds, bool target, bool warning, bool critical) =>
        Check(MetricNames.LatencyP95, 0.05m, milliseconds, target, warning, critical);

    [Theory]
    [InlineData(99.9001, true, false, false)]
    [InlineData(99.9, false, false, false)]
    [InlineData(99.8999, false, false, false)]
    [InlineData(99.801, false, false, false)]
    [InlineData(99.8, false, false, false)]
    [InlineData(99.799, false, true, false)]
    [InlineData(99.501, false, true, false)]
    [InlineData(99.5, false, true, false)]
    [InlineData(99.498, false, true, true)]
    [Trait("requirement", "S004-91")]
    [Trait("requirement", "S004-165")]
    public void Success_rate_target_warning_and_critical(double percent, bool target, bool warning, bool critical) =>
        Check(MetricNames.Availability, 100 - (decimal)percent, 150, target, warning, critical);

    [Theory]
    [InlineData(164.9, true)]
    [InlineData(165.0, true)]
    [InlineData(165.1, false)]
    [Trait("requirement", "S004-169")]
    public void Latency_within_ten_percent_of_a_baseline_of_150(double milliseconds, bool within)
    {
        var plan = BandedJudge.Plan();
        var last = BandedJudge.Judge(plan, BandedJudge.Arm(0.05m, milliseconds, BandedJudge.Requests, plan))[^1];
        Assert.Equal(!within, last.Missing.Contains("latency_p95: within 10 % of the baseline, at most 165 ms"));
    }

    [Fact]
    public void Without_a_stated_baseline_the_old_version_is_the_baseline()
    {
        var plan = BandedJudge.Plan(new GuardrailSpec { LatencyP95 = new LimitSpec(500, 100) { WithinBaseline = new(10) }, ErrorRate = new LimitSpec(0.5m, 100) });
        Assert.DoesNotContain(BandedJudge.Judge(plan, BandedJudge.Arm(0.05m, 155, BandedJudge.Requests, plan))[^1].Missing, line => line.Contains("within 10 %", StringComparison.Ordinal));
        Assert.Contains(BandedJudge.Judge(plan, BandedJudge.Arm(0.05m, 180, BandedJudge.Requests, plan))[^1].Missing, line => line.Contains("within 10 % of the baseline", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_band_nothing_is_asked_and_nothing_is_kept()
    {
        var plan = BandedJudge.Plan(new GuardrailSpec { ErrorRate = new LimitSpec(0.5m, 100), LatencyP95 = new LimitSpec(500, 100) });
        Assert.Null(plan.Evidence.QuietFor);
        Assert.Empty(plan.Evidence.Bands);
        Assert.Equal(3, plan.Triggers.Count);
        Assert.Equal(Verdict.Pass, BandedJudge.Judge(plan, BandedJudge.Arm(0.05m, 150, BandedJudge.Requests, plan))[^1].Verdict);
    }

    /// <summary>Errors count for error rate and for availability: only the metric under test has its band and its limit.</summary>
    private static void Check(string metric, decimal errorPercent, double latency, bool target, bool warning, bool critical)
    {
        var all = BandedJudge.Guardrails;
        var plan = BandedJudge.Plan(metric switch
        {
            MetricNames.ErrorRate => all with { AvailabilityBand = null, Availability = new(50) },
            MetricNames.Availability => all with { ErrorRate = new LimitSpec(50, 100) },
            _ => all,
        });
        var assessments = BandedJudge.Judge(plan, BandedJudge.Arm(errorPercent, latency, BandedJudge.Requests, plan));
        var findings = assessments.SelectMany(assessment => assessment.Findings).Where(finding => finding.Metric == metric).ToList();

        Assert.Equal(warning, findings.Exists(finding => finding.Rule == $"{metric} warning" && finding is { Action: TriggerAction.Alert, Shared: false }));
        Assert.Equal(critical, findings.Exists(finding => finding.Action == TriggerAction.AutoRollback));
        Assert.Equal(critical, assessments[^1].Verdict == Verdict.Fail);
        Assert.Equal(!target, assessments[^1].Missing.Any(line => line.StartsWith($"{metric}: ", StringComparison.Ordinal) && line.Contains("its target of", StringComparison.Ordinal)));
        Assert.True(target || assessments[^1].Verdict != Verdict.Pass);
        Assert.False(assessments[^1].PolicyMayPromote);
    }
}
