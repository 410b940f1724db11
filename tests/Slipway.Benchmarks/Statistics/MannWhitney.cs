using System.Collections.Concurrent;

namespace Slipway.Benchmarks.Statistics;

/// <summary>
/// The rank test of Mann and Whitney as R's <c>wilcox.test</c> does it: exact where both samples have fewer than 50 values and there are no
/// ties, else the normal approximation with mid-ranks, variance correction for ties, and continuity correction.
/// </summary>
internal static class MannWhitney
{
    private const int Large = 50;

    private static readonly ConcurrentDictionary<(int, int), double[]> Exact = new();

    /// <summary>The one-sided p-value against "x lies higher than y"; 1 where a sample is empty or all values are the same.</summary>
    public static double Greater(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length == 0 || y.Length == 0) return 1;
        var (wins, ties) = (Wins(x, y), Ties(x, y));
        if (ties == 0 && x.Length < Large && y.Length < Large)
            return Exact.GetOrAdd((x.Length, y.Length), size => Tails(size.Item1, size.Item2))[(int)wins];
        double n = x.Length + y.Length, pairs = x.Length * (double)y.Length;
        var variance = pairs / 12 * (n + 1 - (ties / (n * (n - 1))));
        return variance <= 0 ? 1 : Normal.Above((wins - (pairs / 2) - 0.5) / Math.Sqrt(variance));
    }

    /// <summary>The Hodges-Lehmann estimate: the median of all differences between a value of x and one of y.</summary>
    public static double Shift(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var differences = new double[x.Length * y.Length];
        for (var i = 0; i < x.Length; i++)
            for (var j = 0; j < y.Length; j++)
                differences[(i * y.Length) + j] = x[i] - y[j];
        return Percentiles.OfUnsorted(differences, 0.5);
    }

    /// <summary>R's W: pairs in which x is larger, ties half.</summary>
    private static double Wins(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double wins = 0;
        foreach (var left in x)
            foreach (var right in y)
                wins += left > right ? 1 : left == right ? 0.5 : 0;
        return wins;
    }

    /// <summary>The sum of t³ - t over the sizes of groups of equal values.</summary>
    private static double Ties(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] all = [.. x, .. y];
        Array.Sort(all);
        double ties = 0;
        for (int from = 0, to; from < all.Length; from = to)
        {
            for (to = from + 1; to < all.Length && all[to] == all[from];) to++;
            var same = (double)(to - from);
            ties += (same * same * same) - same;
        }

        return ties;
    }

    /// <summary>P(W &gt;= w) for each w: the coefficients of the Gaussian binomial, product of (1 - q^(n+i)) / (1 - q^i).</summary>
    private static double[] Tails(int m, int n)
    {
        var ways = new Int128[(m * n) + 1];
        ways[0] = 1;
        for (var i = 1; i <= m; i++)
        {
            for (var w = ways.Length - 1; w >= n + i; w--) ways[w] -= ways[w - n - i];
            for (var w = i; w < ways.Length; w++) ways[w] += ways[w - i];
        }

        var tails = new double[ways.Length];
        Int128 all = 0, tail = 0;
        foreach (var way in ways) all += way;
        for (var w = ways.Length - 1; w >= 0; w--) tails[w] = (double)(tail += ways[w]) / (double)all;
        return tails;
    }
}
