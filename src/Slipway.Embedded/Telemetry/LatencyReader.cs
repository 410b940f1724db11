using System.Globalization;
using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>Reads <c>latency_buckets</c> or <c>latency_ms</c> of a row or of one of its users.</summary>
internal static class LatencyReader
{
    /// <summary>The latencies; empty where there are none.</summary>
    /// <param name="node">The object that has the member.</param>
    /// <param name="requests">How many latencies there can be at most.</param>
    /// <param name="whose">Whose requests these are, for the problem.</param>
    /// <param name="exact">Gets the single latencies in tenths of a millisecond, where they are single; null: not wanted.</param>
    public static LatencyHistogram Read(TelemetryNode node, long requests, string whose, IDictionary<int, long>? exact = null)
    {
        if (node.Has("latency_buckets") && node.Has("latency_ms")) node.Report("latency_ms", "latency_ms beside latency_buckets", "one of both");
        var single = node.Has("latency_ms");
        var latency = single
            ? LatencyHistogram.Of(node.Items("latency_ms", TelemetryBatchReader.MaxItems).Select(item => Keep(item.Number(atLeastZero: true), exact)))
            : Buckets(node);
        if (latency.Total > requests) node.Report(single ? "latency_ms" : "latency_buckets", $"{latency.Total} latencies", $"at most {whose}, {requests}");
        return latency;
    }

    /// <summary>Keeps a single latency in tenths of a millisecond, rounded up: what is slower than a threshold of whole tenths stays slower.</summary>
    private static double Keep(double milliseconds, IDictionary<int, long>? exact)
    {
        if (exact is null) return milliseconds;
        var tenths = (int)Math.Clamp(Math.Ceiling((milliseconds * 10) - 1e-6), 0, int.MaxValue);
        exact[tenths] = (exact.TryGetValue(tenths, out var count) ? count : 0) + 1;
        return milliseconds;
    }

    /// <summary>The requests slower than each of the sender's thresholds.</summary>
    /// <param name="node">The row.</param>
    /// <param name="latencies">How many latencies it has: none is slower that is not among them.</param>
    public static IReadOnlyDictionary<string, long> Slower(TelemetryNode node, long latencies)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Members("slower_than"))
        {
            var count = value.Count();
            if (!double.TryParse(name, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var edge) || !double.IsFinite(edge) || edge <= 0)
                node.Report("slower_than", $"the threshold '{name}'", "a number of milliseconds above zero, such as 500");
            else if (count > latencies)
                node.Report("slower_than", $"{count} slower than {name} ms", $"at most the row's latencies, {latencies}");
            else
                counts[Key(edge)] = count;
        }

        return counts;
    }

    /// <summary>A threshold as the store knows it.</summary>
    public static string Key(double edge) => edge.ToString("R", CultureInfo.InvariantCulture);

    private static LatencyHistogram Buckets(TelemetryNode node)
    {
        var counts = new Dictionary<int, long>();
        foreach (var (name, value) in node.Members("latency_buckets"))
        {
            var count = value.Count();
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) && bucket <= LatencyHistogram.LastBucket)
            {
                counts[bucket] = counts.GetValueOrDefault(bucket) + count;
            }
            else
            {
                node.Report("latency_buckets", $"the bucket '{name}'", $"a bucket from 0 to {LatencyHistogram.LastBucket}");
            }
        }

        return new LatencyHistogram(counts);
    }
}
