namespace Slipway.Benchmarks.Streams;

/// <summary>
/// Seeded random numbers that are the same on every machine and runtime: xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64; and
/// draws of the distributions that streams are made of.
/// </summary>
internal sealed class Rng
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts a sequence.</summary>
    public Rng(ulong seed)
    {
        _a = Split(ref seed);
        _b = Split(ref seed);
        _c = Split(ref seed);
        _d = Split(ref seed);
    }

    /// <summary>A seed for one run of one case, whatever ran before.</summary>
    public static ulong Seed(string name, int run)
    {
        // FNV-1a: the same on every machine, unlike string.GetHashCode.
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return hash + ((ulong)run * 0x9E3779B97F4A7C15UL);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Gamma with mean 1 and the given coefficient of variation (Marsaglia and Tsang 2000); 1 where it is 0.</summary>
    public double Noise(double variation)
    {
        if (variation <= 0) return 1;
        var shape = 1 / (variation * variation);
        return Gamma(shape) / shape;
    }

    /// <summary>Gamma with scale 1.</summary>
    public double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * Math.Pow(1 - Uniform(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v *= v * v;
            if (Math.Log(1 - Uniform()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    /// <summary>Poisson: by products below a mean of 30, by PTRS (Hörmann 1993) above.</summary>
    public long Poisson(double mean)
    {
        if (mean <= 0) return 0;
        if (mean < 30)
        {
            var limit = Math.Exp(-mean);
            var k = 0L;
            for (var product = Uniform(); product > limit; product *= Uniform()) k++;
            return k;
        }

        var b = 0.931 + (2.53 * Math.Sqrt(mean));
        var a = -0.059 + (0.02483 * b);
        var inverse = 1.1239 + (1.1328 / (b - 3.4));
        var vr = 0.9277 - (3.6224 / (b - 2));
        while (true)
        {
            var u = Uniform() - 0.5;
            var v = Uniform();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((((2 * a / us) + b) * u) + mean + 0.43);
            if (us >= 0.07 && v <= vr) return (long)k;
            if (k < 0 || (us < 0.013 && v > us)) continue;
            if (Math.Log(v) + Math.Log(inverse) - Math.Log((a / (us * us)) + b) <= (k * Math.Log(mean)) - mean - LogFactorial(k)) return (long)k;
        }
    }

    private static double LogFactorial(double k) =>
        k < 10 ? Math.Log(Enumerable.Range(1, (int)k).Aggregate(1.0, (product, i) => product * i))
        : (((k + 0.5) * Math.Log(k)) - k) + 0.91893853320467274 + (1 / (12 * k)) - (1 / (360 * k * k * k));

    private ulong Next()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Split(ref ulong seed)
    {
        seed += 0x9E3779B97F4A7C15UL;
        var z = seed;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
