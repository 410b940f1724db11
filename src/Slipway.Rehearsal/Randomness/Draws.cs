namespace Slipway.Rehearsal.Randomness;

/// <summary>Counts that vary as counts of a service do. Exact for small means; by transformed rejection (Hörmann, 1993) for large ones.</summary>
internal static class Draws
{
    /// <summary>Below this mean the definitions themselves are cheap enough.</summary>
    private const double FewExpected = 12;

    private static readonly double[] SmallStirling =
    [
        0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
        0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
    ];

    /// <summary>How many requests come where so many are expected.</summary>
    public static long Poisson(ref RandomStream random, double mean)
    {
        if (mean <= 0) return 0;
        if (mean < FewExpected)
        {
            var limit = PortableMath.Exp(-mean);
            var count = 0L;
            for (var product = random.Uniform(); product > limit; product *= random.Uniform()) count++;
            return count;
        }

        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverse = 1.1239 + (1.1328 / (b - 3.4));
        var accept = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = random.Uniform() - 0.5;
            var v = random.Uniform();
            var room = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / room) + b) * u) + mean + 0.43);
            if (room >= 0.07 && v <= accept) return (long)k;
            if (k < 0 || v <= 0 || (room < 0.013 && v > room)) continue;
            var left = PortableMath.Log(v * inverse / ((a / (room * room)) + b));
            if (left <= (k * PortableMath.Log(mean)) - mean - LogFactorial(k)) return (long)k;
        }
    }

    /// <summary>How many of so many requests are bad where each is with the given chance.</summary>
    public static long Binomial(ref RandomStream random, long trials, double chance)
    {
        if (trials <= 0 || chance <= 0) return 0;
        if (chance >= 1) return trials;
        if (chance > 0.5) return trials - Binomial(ref random, trials, 1 - chance);
        return trials * chance < FewExpected ? ByWaiting(ref random, trials, chance) : ByRejection(ref random, trials, chance);
    }

    /// <summary>Jumps from one bad request to the next: the distance between them is geometric.</summary>
    private static long ByWaiting(ref RandomStream random, long trials, double chance)
    {
        var perTrial = PortableMath.Log(1 - chance);
        var count = 0L;
        for (var at = 0.0; ; count++)
        {
            at += Math.Floor(PortableMath.Log(1 - random.Uniform()) / perTrial) + 1;
            if (at > trials) return count;
        }
    }

    private static long ByRejection(ref RandomStream random, long trials, double chance)
    {
        var n = (double)trials;
        var deviation = Math.Sqrt(n * chance * (1 - chance));
        var b = 1.15 + (2.53 * deviation);
        var a = -0.0873 + (0.0248 * b) + (0.01 * chance);
        var middle = (n * chance) + 0.5;
        var accept = 0.92 - (4.2 / b);
        var odds = chance / (1 - chance);
        var alpha = (2.83 + (5.1 / b)) * deviation;
        var mode = Math.Floor((n + 1) * chance);
        while (true)
        {
            var u = random.Uniform() - 0.5;
            var v = random.Uniform();
            var room = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / room) + b) * u) + middle);
            if (room >= 0.07 && v <= accept) return (long)k;
            if (k < 0 || k > n || v <= 0) continue;
            var left = PortableMath.Log(v * alpha / ((a / (room * room)) + b));
            var right = ((mode + 0.5) * PortableMath.Log((mode + 1) / (odds * (n - mode + 1))))
                + ((n + 1) * PortableMath.Log((n - mode + 1) / (n - k + 1)))
                + ((k + 0.5) * PortableMath.Log(odds * (n - k + 1) / (k + 1)))
                + Stirling(mode) + Stirling(n - mode) - Stirling(k) - Stirling(n - k);
            if (left <= right) return (long)k;
        }
    }

    /// <summary>What Stirling's formula lacks.</summary>
    private static double Stirling(double k)
    {
        if (k < SmallStirling.Length) return SmallStirling[(int)k];
        var square = (k + 1) * (k + 1);
        return ((1.0 / 12) - (((1.0 / 360) - (1.0 / 1260 / square)) / square)) / (k + 1);
    }

    private static double LogFactorial(double k) =>
        ((k + 0.5) * PortableMath.Log(k + 1)) - (k + 1) + 0.91893853320467274 + Stirling(k);
}
