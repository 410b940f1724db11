using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Benchmarks.Streams;

/// <summary>What telemetry would hand the product: a row a minute with errors and latencies of both arms, through the stages of a plan.</summary>
/// <param name="Name">For its seeds.</param>
/// <param name="Rps">Requests a second of both arms.</param>
/// <param name="Base">Errors among requests when all is well.</param>
internal sealed record ProductStream(string Name, double Rps, double Base)
{
    /// <summary>How many times as many errors the canary has, from the start.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>How many times as long the canary's requests take, from the start.</summary>
    public double Slower { get; init; } = 1;

    /// <summary>Coefficient of variation of each arm's own noise in the error rate.</summary>
    public double Variation { get; init; }

    /// <summary>A 20-fold shock of the canary's errors in one minute, at a random time.</summary>
    public bool Shock { get; init; }

    /// <summary>The log standard deviation of latencies; with a median of 100 ms the p95 is 228 ms.</summary>
    private const double LogSpread = 0.5;

    private const double ShockSize = 20;

    /// <summary>The start of the first stage.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The rows of one run, in order, each with its stage.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stages">So many of its stages, each for its planned bake.</param>
    /// <param name="run">The run.</param>
    public IEnumerable<(StageUnderJudgement Stage, Observation Row)> Rows(ReleasePlan plan, int stages, int run)
    {
        var random = new Rng(Rng.Seed(Name, run));
        var (healthy, slower) = (LatencyStream.Chances(1, LogSpread), LatencyStream.Chances(Slower, LogSpread));
        var minutes = plan.Stages.Take(stages).Sum(stage => (int)stage.Bake.TotalMinutes);
        var shockAt = Shock ? (int)(random.Uniform() * minutes) : -1;
        var at = Start;
        var minute = 0;
        foreach (var planned in plan.Stages.Take(stages))
        {
            var stage = new StageUnderJudgement(planned.Index, planned.Percentage, at);
            for (var i = 0; i < (int)planned.Bake.TotalMinutes; i++, minute++)
            {
                var share = (double)planned.Percentage.Value / 100;
                var rate = Base * Ratio * random.Noise(Variation) * (minute == shockAt ? ShockSize : 1);
                var canary = Arm(random, Rps * 60 * share, rate, slower);
                var control = planned.Percentage == Percentage.Full ? null : Arm(random, Rps * 60 * (1 - share), Base * random.Noise(Variation), healthy);
                yield return (stage, new Observation(at, plan.Watch.Interval, plan.Regions[0], canary, control));
                at += plan.Watch.Interval;
            }
        }
    }

    private static ArmSample Arm(Rng random, double requests, double rate, double[] chances)
    {
        var counts = new long[chances.Length];
        LatencyStream.Fill(random, counts, chances, requests);
        var all = counts.Sum();
        return new ArmSample
        {
            Requests = all,
            Errors = MinuteStream.Binomial(random, all, Math.Min(0.95, rate)),
            Latency = new LatencyHistogram(Enumerable.Range(0, counts.Length).Where(bucket => counts[bucket] > 0).ToDictionary(bucket => bucket, bucket => counts[bucket])),
        };
    }
}
