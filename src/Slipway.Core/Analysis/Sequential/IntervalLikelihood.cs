using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Slipway.Core.Analysis.Sequential.NoiseLattice;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>
/// How likely one interval's bad events are under each ratio and noise size: the binomial likelihood of the canary's share of them, spread
/// by the noise in one convolution. Four at a time, with fused steps in a fixed order, so that the result is the same on every machine of
/// one architecture.
/// </summary>
internal static class IntervalLikelihood
{
    /// <summary>Length of the buffer that <see cref="Fill"/> fills: a row of ratios for each noise size.</summary>
    public const int Length = Noises * Row;

    /// <summary>Room for whole vectors behind the last point.</summary>
    private const int Padded = Points + 6;

    /// <summary>Fills in the likelihoods, relative to the largest over all points, 0 to 1; the padding of each row is 0.</summary>
    /// <param name="canaryBad">Bad events of the canary, 0 or more.</param>
    /// <param name="controlBad">Bad events of the control arm, 0 or more.</param>
    /// <param name="offset">ln of the canary's odds at the tolerated ratio.</param>
    /// <param name="likelihood"><see cref="Length"/> numbers.</param>
    public static void Fill(double canaryBad, double controlBad, double offset, Span<double> likelihood)
    {
        Span<double> forward = stackalloc double[Padded];
        Span<double> backward = stackalloc double[Padded];
        Binomial(canaryBad + controlBad, controlBad, offset, forward);
        backward[Points..].Clear();
        for (var i = 0; i < Points; i++) backward[Points - 1 - i] = forward[i];

        likelihood.Clear();
        forward.Slice(Reach, Ratios).CopyTo(likelihood);
        for (var r = 0; r < Ratios; r++) Spread(r, forward, backward, likelihood);
    }

    /// <summary>s(z)^k_c (1 - s(z))^k_b at every point, z ascending by <see cref="Step"/>, relative to the largest.</summary>
    private static void Binomial(double allBad, double controlBad, double offset, Span<double> points)
    {
        var first = offset + ((FirstRatio - Reach) * Step);
        var bad = Vector256.Create(allBad);
        var control = Vector256.Create(controlBad);
        var z = Vector256.Create(first, first + Step, first + (2 * Step), first + (3 * Step));
        var advance = Vector256.Create(4 * Step);
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(points);
        for (var i = 0; i < vectors.Length; i++)
        {
            // ln s(z) = -ln(1 + e^-z) and ln(1 - s(z)) = -z - ln(1 + e^-z).
            vectors[i] = -((control * z) + (bad * Vector256.Log(Vector256<double>.One + Vector256.Exp(-z))));
            z += advance;
        }

        points[Points..].Fill(double.NegativeInfinity);
        var highest = vectors[0];
        for (var i = 1; i < vectors.Length; i++) highest = Vector256.Max(highest, vectors[i]);
        var shift = Vector256.Create(Math.Max(Math.Max(highest[0], highest[1]), Math.Max(highest[2], highest[3])));
        for (var i = 0; i < vectors.Length; i++) vectors[i] = Vector256.Exp(vectors[i] - shift);
        points[Points..].Clear();
    }

    /// <summary>The likelihood of one ratio under every noise size above none. Noise weighs both sides alike, so they are added first.</summary>
    private static void Spread(int r, ReadOnlySpan<double> forward, ReadOnlySpan<double> backward, Span<double> likelihood)
    {
        ref var up = ref MemoryMarshal.GetReference(forward[(r + Reach)..]);
        ref var down = ref MemoryMarshal.GetReference(backward[(Ratios + Reach - 1 - r)..]);
        ref var weight = ref MemoryMarshal.GetReference(Weight);
        Vector256<double> s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nuint i = 0;
        for (; i < NarrowReach; i += 4)
        {
            var sides = Vector256.LoadUnsafe(ref up, i) + Vector256.LoadUnsafe(ref down, i);
            s1 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, HalfRow + i), s1);
            s2 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (2 * HalfRow) + i), s2);
            s3 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (3 * HalfRow) + i), s3);
            s4 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (4 * HalfRow) + i), s4);
            s5 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (5 * HalfRow) + i), s5);
            s6 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (6 * HalfRow) + i), s6);
            s7 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (7 * HalfRow) + i), s7);
        }

        for (; i < HalfRow; i += 4)
        {
            var sides = Vector256.LoadUnsafe(ref up, i) + Vector256.LoadUnsafe(ref down, i);
            s4 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (4 * HalfRow) + i), s4);
            s5 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (5 * HalfRow) + i), s5);
            s6 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (6 * HalfRow) + i), s6);
            s7 = Vector256.FusedMultiplyAdd(sides, Vector256.LoadUnsafe(ref weight, (7 * HalfRow) + i), s7);
        }

        likelihood[(1 * Row) + r] = Sum(s1);
        likelihood[(2 * Row) + r] = Sum(s2);
        likelihood[(3 * Row) + r] = Sum(s3);
        likelihood[(4 * Row) + r] = Sum(s4);
        likelihood[(5 * Row) + r] = Sum(s5);
        likelihood[(6 * Row) + r] = Sum(s6);
        likelihood[(7 * Row) + r] = Sum(s7);
    }

    /// <summary>The four parts in a fixed order.</summary>
    private static double Sum(Vector256<double> parts) => parts[0] + parts[1] + (parts[2] + parts[3]);
}
