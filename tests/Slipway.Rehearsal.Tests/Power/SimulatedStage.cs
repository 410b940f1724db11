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
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, run => found[run] = Run(test, new RandomStream(RandomStream.KeyOf(seed, run))));
        return found;
    }

    private double Run(RatioTest test, RandomStream random)
    {
        var state = new RatioTestState();
        var usual = LatencyHistogram.Empty;
        var shape = Latency is null ? null : new LatencyShape(200);
        foreach (var stage in Before)
        {
            for (var i = 0; i < stage.Intervals; i++)
            {
                // Rolled back before it began: counted as found at once, since it reaches nobody.
                if (Take(test, state, Draw(ref random, stage, 1, shape, ref usual))) return 0;
            }
        }

        for (var i = 1; i <= Stage.Intervals; i++)
        {
            if (Take(test, state, Draw(ref random, Stage, Ratio, shape, ref usual))) return i;
        }

        return double.PositiveInfinity;
    }

    private bool Take(RatioTest test, RatioTestState state, ArmCounts? counts)
    {
        if (counts is not { Canary: > 0, Control: > 0 } known) return false;
        test.Update(state, known, Math.Log(Test.Tolerated));
        return test.Rejects(state);
    }

    private ArmCounts? Draw(ref RandomStream random, StageTraffic stage, double ratio, LatencyShape? shape, ref LatencyHistogram usual)
    {
        var canary = Draws.Poisson(ref random, stage.Requests * stage.Share);
        var control = Draws.Poisson(ref random, stage.Requests * (1 - stage.Share));
        if (shape is null)
            return new ArmCounts(Draws.Binomial(ref random, canary, Math.Min(1, stage.BadRate * ratio)), canary, Draws.Binomial(ref random, control, stage.BadRate), control);

        var (ours, theirs) = (shape.Draw(ref random, canary, ratio, []).Latency, shape.Draw(ref random, control, 1, []).Latency);
        var counts = SlowRequests.Count(ours, theirs, usual, Latency!.Value);
        usual = usual.Add(theirs);
        return counts;
    }
}
