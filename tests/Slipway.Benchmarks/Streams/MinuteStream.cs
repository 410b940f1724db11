using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Streams;

/// <summary>Draws a release's minutes. The same case and run give the same stream to every judge.</summary>
internal static class MinuteStream
{
    private const double ShockSize = 20;

    /// <summary>One run as judges see it; a minute that is missing has no requests in it.</summary>
    public static ReleaseStream Draw(StreamCase kind, int run) => new(Minutes(kind, run), kind.StageEnds, kind.Base);

    private static ArmCounts[] Minutes(StreamCase kind, int run)
    {
        var random = new Rng(Rng.Seed(kind.Name, run));
        var minutes = new ArmCounts[kind.Minutes];
        var (canaryMemory, controlMemory) = (random.Normal(), random.Normal());
        var phase = random.Uniform();
        var shockAt = 1 + (int)(random.Uniform() * (kind.Minutes - 2));
        var minute = 0;
        foreach (var (percentage, length) in kind.Stages)
        {
            var share = percentage / 100;
            for (var i = 0; i < length; i++, minute++)
            {
                var rate = kind.Base;
                if (kind.Drift) rate *= 1 + (0.5 * Math.Sin(2 * Math.PI * ((minute / 240.0) + phase)));
                if (kind.Shocks > 0 && random.Uniform() < kind.Shocks) rate *= ShockSize;
                var (canary, control) = (rate, rate);
                if (kind.Memory > 0)
                {
                    canaryMemory = Remember(kind.Memory, canaryMemory, random);
                    controlMemory = Remember(kind.Memory, controlMemory, random);
                    var size = Math.Sqrt(Math.Log(1 + (kind.Variation * kind.Variation)));
                    canary *= Math.Exp((size * canaryMemory) - (size * size / 2));
                    control *= Math.Exp((size * controlMemory) - (size * size / 2));
                }
                else
                {
                    canary *= random.Noise(kind.Variation);
                    control *= random.Noise(kind.Variation);
                }

                if (minute >= kind.From) canary *= kind.Ratio;
                canary *= Shocked(kind.Shock, minute - shockAt);
                minutes[minute] = Minute(kind, random, share, canary, control);
            }
        }

        return minutes;
    }

    private static double Remember(double memory, double value, Rng random) =>
        (memory * value) + (Math.Sqrt(1 - (memory * memory)) * random.Normal());

    private static double Shocked(CanaryShock shock, int after) => (shock, after) switch
    {
        (CanaryShock.Aligned, 0) => ShockSize,
        (CanaryShock.Straddling, 0 or 1) => (ShockSize + 1) / 2,
        _ => 1,
    };

    private static ArmCounts Minute(StreamCase kind, Rng random, double share, double canary, double control)
    {
        var requests = random.Poisson(kind.Rps * 60);
        var onCanary = Binomial(random, requests, share);
        if (kind.Gaps > 0 && random.Uniform() < kind.Gaps) return default;
        var onControl = requests - onCanary;
        return new ArmCounts(
            Binomial(random, onCanary, Math.Min(0.95, canary)), onCanary,
            Binomial(random, onControl, Math.Min(0.95, control)), onControl);
    }

    /// <summary>Small shares are drawn as Poisson counts, others as sums or normals: all that matters here is mean and spread.</summary>
    internal static long Binomial(Rng random, long trials, double share)
    {
        if (trials <= 0) return 0;
        if (trials * share < 30 || share < 0.05) return Math.Min(trials, random.Poisson(trials * share));
        if (trials < 200)
        {
            long hits = 0;
            for (var i = 0; i < trials; i++) if (random.Uniform() < share) hits++;
            return hits;
        }

        var spread = Math.Sqrt(trials * share * (1 - share));
        return Math.Clamp((long)Math.Round((trials * share) + (spread * random.Normal())), 0, trials);
    }
}
