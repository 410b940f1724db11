using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>Reads one row of a batch. What it returns beside a problem is never used.</summary>
internal static class TelemetryRowReader
{
    private static readonly string[] Members =
    [
        "arm", "start", "requests", "errors", "region", "latency_buckets", "latency_ms", "users", "user_count", "by_user",
        "flag", "error_types", "dependency_failures", "kpis", "slower_than", "measurements",
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
        var exact = row.Has("latency_ms") ? new SortedDictionary<int, long>() : null;
        var latency = LatencyReader.Read(row, requests, "the row's requests", exact);
        if (row.Has("users") && row.Has("user_count")) row.Report("user_count", "user_count beside users", "one of both");
        foreach (var other in (string[])["users", "user_count"])
        {
            if (row.Has("by_user") && row.Has(other)) row.Report(other, $"{other} beside by_user", "one of both: by_user says who the users are");
        }

        var flag = row.Has("flag") ? row.Text("flag") : null;
        var byUser = UserBreakdownReader.Read(row, requests, errors, flag);
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
            Users = row.Has("users") ? [.. row.Texts("users").Select(UserHash.Of).Distinct()] : byUser?.Users,
            UserCount = row.Has("user_count") ? row.Count("user_count") : null,
            FailedUsers = byUser?.FailedUsers,
            FailuresOfNobody = byUser is null ? 0 : Math.Max(0, errors - byUser.Errors),
            Flag = byUser?.Positions is null ? null : flag,
            Positions = byUser?.Positions,
            ErrorTypes = [.. row.Texts("error_types").Distinct(StringComparer.Ordinal)],
            DependencyFailures = row.Members("dependency_failures").ToDictionary(entry => entry.Name, entry => entry.Value.Count()),
            Kpis = row.Members("kpis").ToDictionary(entry => entry.Name, entry => Kpi(entry.Value)),
            Exact = exact,
            Slower = LatencyReader.Slower(row, latency.Total),
            Measurements = row.Members("measurements").ToDictionary(entry => entry.Name, entry => new MeasurementSample(1, entry.Value.Number(atLeastZero: false))),
        };
    }

    private static TelemetryArm Arm(TelemetryNode row)
    {
        var text = row.Text("arm");
        if (text is not ("canary" or "control" or "")) row.Report("arm", $"'{text}'", "canary or control");
        return text == "control" ? TelemetryArm.Control : TelemetryArm.Canary;
    }

    private static KpiSample Kpi(TelemetryNode kpi) => kpi.IsObject(
        "an object with count, sum and sum_of_squares", ["count", "sum", "sum_of_squares"])
        ? new KpiSample(kpi.Count("count", required: true), kpi.Number("sum"), kpi.Number("sum_of_squares", atLeastZero: true))
        : new KpiSample(0, 0, 0);
}
