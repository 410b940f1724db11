using System.Globalization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Scenarios;

/// <summary>What a plan promises of regressions: what its power says of the size, and its limits of the rest.</summary>
internal static class Expected
{
    /// <summary>So far beyond a limit that no luck hides it.</summary>
    private const double ClearlyBeyond = 2;

    /// <summary>Deviation of the logarithm of simulated latencies, and the normal quantile of their 95th percentile.</summary>
    private const double Deviation = 0.4, P95 = 1.6449;

    public static Expectation Ends(string sentence, params IReadOnlyList<ReleasePhase> phases) => new() { Ends = phases, Sentence = sentence };

    public static Expectation Back { get; } = Ends("taken back, in time, and everybody who heard of the start hears of it", ReleasePhase.RolledBack);

    /// <summary>Of a healthy release.</summary>
    public static Expectation Healthy(RehearsalSubject subject)
    {
        var budget = subject.Plan.Evidence.FalseRollbackBudget;
        return new Expectation
        {
            Ends = [ReleasePhase.Completed, ReleasePhase.RolledBack],
            Claim = new RateClaim(ReleasePhase.RolledBack, budget, string.Create(CultureInfo.InvariantCulture, $"at most {100 * budget:0.##} % of healthy releases are taken back")),
            Sentence = "completed",
        };
    }

    /// <summary>Of so many times the errors.</summary>
    public static Expectation Errors(RehearsalSubject subject, int stage, double ratio) =>
        Regression(subject, stage, MetricNames.ErrorRate, ratio, subject.Profile.ErrorRate * ratio > subject.Plan.Evidence.ErrorLimit * ClearlyBeyond);

    /// <summary>Of so many times the latency.</summary>
    public static Expectation Latency(RehearsalSubject subject, int stage, double ratio)
    {
        // Slow is what lies above the tolerated multiple of the control's p95; of the slower version that is this much more than 5 %.
        var tolerated = Math.Ceiling((PortableMath.Log(subject.Plan.Evidence.LatencyTolerance) / PortableMath.Log(1.05)) - 1e-9) * PortableMath.Log(1.05);
        var slow = Tail(P95 - ((PortableMath.Log(ratio) - tolerated) / Deviation)) / Tail(P95);
        return Regression(subject, stage, MetricNames.LatencyP95, slow, subject.Profile.LatencyP95 * ratio > subject.Plan.Evidence.LatencyLimit * 1.25);
    }

    private static Expectation Regression(RehearsalSubject subject, int stage, string metric, double ratio, bool beyondLimit)
    {
        var row = subject.Power.Rows.FirstOrDefault(row => row.Stage == stage && row.Metric == metric);
        var (miss, words) = row switch
        {
            { NearlySure: { } sure } when ratio >= sure => (0.05, string.Create(CultureInfo.InvariantCulture, $"{sure:0.##} times as many are found with 95 % within the bake of {subject.Plan.Describe(stage)}")),
            { Likely: { } likely } when ratio >= likely => (0.20, string.Create(CultureInfo.InvariantCulture, $"{likely:0.##} times as many are found with 80 % within the bake of {subject.Plan.Describe(stage)}")),
            _ when beyondLimit => (0.05, "it is far beyond the limit"),
            _ => (1, ""),
        };
        return new Expectation
        {
            Ends = [ReleasePhase.RolledBack, ReleasePhase.Completed],
            Claim = miss < 1 ? new RateClaim(ReleasePhase.Completed, miss, words) : null,
            Sentence = miss < 1 ? $"taken back: {words}" : "taken back or completed: the plan does not claim to find so little",
        };
    }

    /// <summary>The part of a normal distribution above a quantile; by sums of a tenth of a percent, which is as exact as the claim is.</summary>
    private static double Tail(double from)
    {
        var sum = 0.0;
        for (var z = Math.Max(-8, from) + 0.0005; z < 8; z += 0.001) sum += PortableMath.Exp(-z * z / 2);
        return sum * 0.001 / 2.5066282746310002;
    }

    /// <summary>Of a release whose error rate grows for as long as anybody has it.</summary>
    public static Expectation Leak(RehearsalSubject subject, int stage, Defect defect)
    {
        var exposed = TimeSpan.FromMinutes(subject.Plan.Stages.Skip(stage).Sum(one => one.Bake.TotalMinutes));
        return subject.Profile.ErrorRate * defect.ErrorsAfter(exposed) > subject.Plan.Evidence.ErrorLimit * ClearlyBeyond
            ? Back
            : Ends("taken back or completed: within its bakes it does not grow far beyond the limit", ReleasePhase.RolledBack, ReleasePhase.Completed);
    }

    /// <summary>Of one region that is ten times as bad.</summary>
    public static Expectation OneRegion(RehearsalSubject subject, int stage)
    {
        // A region has its part of the traffic, so that it takes a larger regression to be as sure.
        var sure = subject.Power.Rows.FirstOrDefault(row => row.Stage == stage && row.Metric == MetricNames.ErrorRate)?.NearlySure;
        var regions = subject.Plan.EnvironmentOf(stage).Regions.Count;
        return sure * Math.Sqrt(regions) <= ScenarioLibrary.RegionErrors ? Back with { Sentence = "taken back everywhere, in time" }
            : Ends("taken back or completed: the plan does not claim to find so little in one region", ReleasePhase.RolledBack, ReleasePhase.Completed);
    }
}
