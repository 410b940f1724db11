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
    public static LatencyHistogram Read(TelemetryNode node, long requests, string whose)
    {
        if (node.Has("latency_buckets") && node.Has("latency_ms")) node.Report("latency_ms", "latency_ms beside latency_buckets", "one of both");
        var single = node.Has("latency_ms");
        var latency = single
            ? LatencyHistogram.Of(node.Items("latency_ms", TelemetryBatchReader.MaxItems).Select(item => item.Number(atLeastZero: true)))
            : Buckets(node);
        if (latency.Total > requests) node.Report(single ? "latency_ms" : "latency_buckets", $"{latency.Total} latencies", $"at most {whose}, {requests}");
        return latency;
    }

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
