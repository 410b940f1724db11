using System.Diagnostics;

namespace Slipway.Benchmarks.Speed;

/// <summary>One run of the table: how much is measured, and what measuring has in common.</summary>
/// <param name="Quick">Fewer and smaller repetitions: within a minute and a half for all parts, to see whether something got worse.</param>
internal sealed record SpeedRun(bool Quick)
{
    /// <summary>How often each row is measured.</summary>
    public int Repetitions => Quick ? 3 : 7;

    /// <summary>One of two sizes.</summary>
    public T Size<T>(T full, T quick) => Quick ? quick : full;

    /// <summary>The median of several measurements.</summary>
    public async Task<double> MedianAsync(Func<Task<double>> measure)
    {
        var results = new List<double>();
        for (var repetition = 0; repetition < Repetitions; repetition++) results.Add(await measure());
        return Median(results);
    }

    /// <summary>
    /// The medians of two measurements that take turns, so that what the machine does meanwhile hits both; and the median of the ratios of each
    /// pair: the second over the first.
    /// </summary>
    public async Task<(double First, double Second, double Ratio)> SideBySideAsync(Func<Task<double>> first, Func<Task<double>> second)
    {
        var pairs = new List<(double First, double Second)>();
        for (var repetition = 0; repetition < Repetitions; repetition++) pairs.Add((await first(), await second()));
        return (Median(pairs.Select(pair => pair.First)), Median(pairs.Select(pair => pair.Second)), Median(pairs.Select(pair => pair.Second / pair.First)));
    }

    /// <summary>The middle one; of an even number the mean of the middle two. Throws on none.</summary>
    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest number that at least this share of all numbers does not exceed (nearest rank). Throws on none.</summary>
    public static double Percentile(IEnumerable<double> numbers, double share)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Processor time of this process so far.</summary>
    public static TimeSpan Processor()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
