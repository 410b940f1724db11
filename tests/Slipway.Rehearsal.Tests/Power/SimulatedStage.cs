using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Analysis.Sequential;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Rehearsal.Tests.Power;

/// <summary>
/// A release whose regression begins with its last stage, interval by interval, as <see cref="SimulatedApplication"/> draws it, before the
/// sequential test alone: what the whole judge adds (thresholds, sight, promotion) finds nothing sooner where limits are far away, which
/// PowerAgreementTests shows for the same draws.
/// </summary>
internal sealed record SimulatedStage
{
    /// <summary>The old version's 95th percentile in milliseconds, where latency is judged.</summary>
    public const double UsualLatency = 200;

    public required PlannedTest Test { get; init; }

    public IReadOnlyList<StageTraffic> Before { get; init; } = [];

    public required StageTraffic Stage { get; init; }

    /// <summary>How many times the errors; for latency, how many times the milliseconds.</summary>
    public required double Ratio { get; init; }

    /// <summary>The tolerated ratio of milliseconds; null: errors are judged.</summary>
    public double? Latency { get; init; }

    /// <summary>In which interval of the stage each run is rolled back, 1 first; infinite: not within its bake.</summary>
    /// <param name="seed">The first seed.</param>
    /// <param name="runs">How many.</param>
    public double[] Run(ulong seed, int runs)
    {
        var found = new double[runs];
        var test = new RatioTest(Test.Alpha, Test.PlannedIntervals);
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run => found[run] = Run(test, seed, run));
        return found;
    }

    /// <summary>Both arms of each interval of one run, with the position of their stage.</summary>
    public IEnumerable<(int Stage, ArmSample Canary, ArmSample Control)> Release(ulong seed, int run)
    {
        var random = new RandomStream(RandomStream.KeyOf(seed, run));
        var shape = Latency is null ? null : new LatencyShape(UsualLatency);
        foreach (var (index, stage) in Before.Append(Stage).Index())
        {
            for (var i = 0; i < stage.Intervals; i++)
            {
                var ratio = index == Before.Count ? Ratio : 1;
                var canary = Draw(ref random, stage.Requests * stage.Share, stage.BadRate, ratio, shape);
                yield return (index, canary, Draw(ref random, stage.Requests * (1 - stage.Share), stage.BadRate, 1, shape));
            }
        }
    }

    private double Run(RatioTest test, ulong seed, int run)
    {
        var (state, usual, at) = (new RatioTestState(), LatencyHistogram.Empty, -Before.Sum(stage => stage.Intervals));
        foreach (var (_, canary, control) in Release(seed, run))
        {
            at++;
            var counts = Latency is { } tolerated
                ? SlowRequests.Count(canary.Latency, control.Latency, usual, tolerated)
                : new ArmCounts(canary.Errors, canary.Requests, control.Errors, control.Requests);
            usual = usual.Add(control.Latency);
            if (counts is not { Canary: > 0, Control: > 0 } known) continue;
            test.Update(state, known, Math.Log(Test.Tolerated));

            // Rolled back before it began: it reaches nobody.
            if (test.Rejects(state)) return Math.Max(0, at);
        }

        return double.PositiveInfinity;
    }

    private ArmSample Draw(ref RandomStream random, double mean, double rate, double ratio, LatencyShape? shape)
    {
        var requests = Draws.Poisson(ref random, mean);
        return shape is null
            ? new ArmSample { Requests = requests, Errors = Draws.Binomial(ref random, requests, Math.Min(1, rate * ratio)) }
            : new ArmSample { Requests = requests, Latency = shape.Draw(ref random, requests, ratio, []).Latency };
    }
}
