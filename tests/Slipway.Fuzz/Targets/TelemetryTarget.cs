using Slipway.Embedded.Telemetry;
using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>The body of telemetry: rows or problems, and no row that counts more failures, latencies or users than it can have.</summary>
internal sealed class TelemetryTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Name => "telemetry";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } =
    [
        "\"batch_id\":\"b\"", "\"service\":\"s\"", "\"rows\":[]", "{\"arm\":\"canary\",\"start\":\"2026-12-01T09:00:00Z\",\"requests\":1}", "\"errors\":1", "\"region\":\"r\"",
        "\"latency_buckets\":{\"1\":1}", "\"latency_ms\":[1.5]", "\"users\":[\"u\"]", "\"user_count\":1", "\"by_user\":[{\"user\":\"u\",\"requests\":1}]", "\"flag\":\"f\"",
        "\"error_types\":[\"E\"]", "\"dependency_failures\":{\"d\":1}", "\"kpis\":{\"k\":{\"count\":1,\"sum\":1,\"sum_of_squares\":1}}", "\"slower_than\":{\"500\":1}", "\"measurements\":{\"m\":1}", "1000000000", "control",
    ];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        var batch = TelemetryBatchReader.Read(input, Now);
        if (batch.Problems.Count > 0)
        {
            if (batch.Rows.Count > 0) throw new BrokenPromiseException("rows beside problems");
            if (batch.Problems.Count > TelemetryBatchReader.MaxProblems) throw new BrokenPromiseException("more problems than are listed");
            return string.Join(' ', batch.Problems.Take(3).Select(problem => $"{Letters(problem.Path, 24)}:{Letters(problem.Expected, 20)}"));
        }

        foreach (var row in batch.Rows) Check(row);
        return $"{Math.Min(batch.Rows.Count, 4)} rows {string.Concat(batch.Rows.Take(2).Select(Shape))}";
    }

    private static void Check(TelemetryRow row)
    {
        if (row.Requests is < 0 or > TelemetryBatchReader.MaxCount || row.Errors < 0 || row.Errors > row.Requests) throw new BrokenPromiseException("more failures than requests");
        if (row.Latency.Total > row.Requests) throw new BrokenPromiseException("more latencies than requests");
        if (row.FailuresOfNobody < 0 || row.FailuresOfNobody > row.Errors) throw new BrokenPromiseException("more failures of nobody than failures");
        if (row.Kpis.Values.Any(kpi => !double.IsFinite(kpi.Sum) || kpi.SumOfSquares < 0 || kpi.Count < 0)) throw new BrokenPromiseException("a KPI that is no sum");
        if (row.Start > Now + TelemetryBatchReader.MaxAhead) throw new BrokenPromiseException("a row of the future");
    }

    private static string Shape(TelemetryRow row) =>
        $"[{row.Users is null} {row.FailedUsers is null} {row.Positions is null} {row.Kpis.Count > 0} {row.Slower.Count > 0} {row.Measurements.Count > 0} {row.Latency.Total > 0} {row.Exact is null}]";

    private static string Letters(string text, int most) => string.Concat(text.Take(most).Where(letter => char.IsAsciiLetterLower(letter) || letter is '.' or '_'));
}
