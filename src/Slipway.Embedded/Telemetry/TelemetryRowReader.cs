using System.Globalization;
using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>Reads one row of a batch. What it returns beside a problem is never used.</summary>
internal static class TelemetryRowReader
{
    private static readonly string[] Members =
    [
        "arm", "start", "requests", "errors", "region", "latency_buckets", "latency_ms", "users", "user_count", "error_types",
        "dependency_failures", "kpis",
    ];

    public static TelemetryRow Read(TelemetryNode row, string id, string service, DateTimeOffset now)
    {
        if (!row.IsObject("an object with arm, start and requests", Members))
        {
            return new TelemetryRow { Id = id, Service = service, Arm = TelemetryArm.Canary, Start = now, Requests = 0 };
        }

        var requests = row.Count("requests", required: true);
        var errors = row.Count("errors");
        if (errors > requests) row.Report("errors", $"{errors}", $"at most the row's requests, {requests}");
        var latency = Latency(row);
        if (latency.Total > requests)
        {
            var member = row.Has("latency_ms") ? "latency_ms" : "latency_buckets";
            row.Report(member, $"{latency.Total} latencies", $"at most the row's requests, {requests}");
        }

        if (row.Has("users") && row.Has("user_count")) row.Report("user_count", "user_count beside users", "one of both");
        return new TelemetryRow
        {
            Id = id,
            Service = service,
            Arm = Arm(row),
            Region = row.Has("region") ? row.Text("region") : "global",
            Start = row.Moment("start", now + TelemetryBatchReader.MaxAhead),
            Requests = requests,
            Errors = errors,
            Latency = latency,
            Users = row.Has("users") ? [.. row.Texts("users").Select(UserHash.Of).Distinct()] : null,
            UserCount = row.Has("user_count") ? row.Count("user_count") : null,
            ErrorTypes = [.. row.Texts("error_types").Distinct(StringComparer.Ordinal)],
            DependencyFailures = row.Members("dependency_failures").ToDictionary(entry => entry.Name, entry => entry.Value.Count()),
            Kpis = row.Members("kpis").ToDictionary(entry => entry.Name, entry => Kpi(entry.Value)),
        };
    }

    private static TelemetryArm Arm(TelemetryNode row)
    {
        var text = row.Text("arm");
        if (text is not ("canary" or "control" or "")) row.Report("arm", $"'{text}'", "canary or control");
        return text == "control" ? TelemetryArm.Control : TelemetryArm.Canary;
    }

    private static LatencyHistogram Latency(TelemetryNode row)
    {
        if (row.Has("latency_buckets") && row.Has("latency_ms")) row.Report("latency_ms", "latency_ms beside latency_buckets", "one of both");
        if (row.Has("latency_ms"))
        {
            return LatencyHistogram.Of(row.Items("latency_ms", TelemetryBatchReader.MaxItems).Select(item => item.Number(atLeastZero: true)));
        }

        var counts = new Dictionary<int, long>();
        foreach (var (name, value) in row.Members("latency_buckets"))
        {
            var count = value.Count();
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var bucket) && bucket <= LatencyHistogram.LastBucket)
            {
                counts[bucket] = counts.GetValueOrDefault(bucket) + count;
            }
            else
            {
                row.Report("latency_buckets", $"the bucket '{name}'", $"a bucket from 0 to {LatencyHistogram.LastBucket}");
            }
        }

        return new LatencyHistogram(counts);
    }

    private static KpiSample Kpi(TelemetryNode kpi) => kpi.IsObject(
        "an object with count, sum and sum_of_squares", ["count", "sum", "sum_of_squares"])
        ? new KpiSample(kpi.Count("count", required: true), kpi.Number("sum"), kpi.Number("sum_of_squares", atLeastZero: true))
        : new KpiSample(0, 0, 0);
}
