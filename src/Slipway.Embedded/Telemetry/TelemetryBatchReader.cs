using System.Text.Json;
using Slipway.Core.Requests;

namespace Slipway.Embedded.Telemetry;

/// <summary>
/// Reads the JSON body of <c>POST /telemetry</c>; pure. Its shape:
/// <code>
/// {
///   "batch_id": "web-1/17",                 // chosen by the sender; sending the same batch again changes nothing
///   "service": "search",                    // as the release's plan names it
///   "rows": [{
///     "arm": "canary",                      // canary | control
///     "start": "2026-12-01T09:00:00Z",      // RFC 3339; counts belong to this second, or the span that begins there
///     "requests": 120,
///     "errors": 1,                          // optional from here on; default 0
///     "region": "westeurope",               // default global
///     "latency_buckets": { "81": 119, "102": 1 },  // counts by bucket i: (1.05^(i-1), 1.05^i] ms, 0 to 375
///     "latency_ms": [52.1, 140],            // or the latencies themselves; one of both
///     "users": ["u-17", "u-23"],            // distinct user ids or hashes of them: hashed again, counted once an interval
///     "user_count": 2,                      // or only how many; such numbers add up over rows
///     "by_user": [                          // or their requests, with the ids that targeting gets; instead of users
///       { "user": "u-17", "requests": 3, "errors": 1, "latency_buckets": { "81": 3 } }  // errors and latencies (also latency_ms) are optional
///     ],
///     "flag": "search-v2",                  // with by_user: the flag that users are told apart by
///     "error_types": ["TimeoutException"],
///     "dependency_failures": { "catalog": 1 },
///     "kpis": { "orders": { "count": 12, "sum": 40.5, "sum_of_squares": 180.2 } },
///     "slower_than": { "500": 3 },          // with latency_buckets: requests slower than a limit, which a bucket tells only to 5 %
///     "measurements": { "heap_mb": 512.5, "logins_failed": 0 }  // gauges (averaged) and events (added up), by the names of guardrails.measurements
///   }]
/// }
/// </code>
/// With <c>by_user</c>, a user whose requests fail counts once an interval, and requests of nobody known may be left out of it. With
/// <c>flag</c> beside it, the users whom a release of that flag will expose are compared with the others before it starts. Ids are not
/// kept: what is stored are 64-bit hashes of users, and counts by slices of the rollout that are 0.01 % wide.
/// An unknown member is a problem, so that a misspelt one is not silently lost. All problems are reported at once, up to
/// <see cref="MaxProblems"/>.
/// </summary>
public static class TelemetryBatchReader
{
    /// <summary>The largest body in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The most rows in one body.</summary>
    public const int MaxRows = 1000;

    /// <summary>The most users, latencies, entries of by_user, error types, dependencies, KPIs, thresholds or measurements in one row.</summary>
    public const int MaxItems = 20_000;

    /// <summary>The longest text of any name or id, in characters.</summary>
    public const int MaxText = 200;

    /// <summary>The largest count in one row.</summary>
    public const long MaxCount = 1_000_000_000;

    /// <summary>After this many problems the rest is not reported.</summary>
    public const int MaxProblems = 50;

    /// <summary>How far a row's start may lie in the future of the server's clock.</summary>
    public static TimeSpan MaxAhead { get; } = TimeSpan.FromMinutes(5);

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads a body.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="now">The server's time: a row from the future would never be judged.</param>
    public static TelemetryBatch Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var problems = new List<RequestProblem>();
        if (body.Length > MaxBytes)
        {
            return Refused(RequestProblem.At("", $"{body.Length} bytes", $"at most {MaxBytes}; send more and smaller batches"));
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var root = new TelemetryNode(document.RootElement, "", problems);
            var rows = ReadBatch(root, now);
            return problems.Count == 0 ? new TelemetryBatch(rows, []) : new TelemetryBatch([], [.. problems.Take(MaxProblems)]);
        }
        // The second kind is what texts with broken Unicode cause when they are read out of the parsed document.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Refused(RequestProblem.At("", $"what is not JSON ({error.Message})", "a JSON object with batch_id, service and rows"));
        }
    }

    private static TelemetryBatch Refused(RequestProblem problem) => new([], [problem]);

    private static List<TelemetryRow> ReadBatch(TelemetryNode root, DateTimeOffset now)
    {
        if (!root.IsObject("a JSON object with batch_id, service and rows", ["batch_id", "service", "rows"])) return [];
        var batch = root.Text("batch_id");
        var service = root.Text("service");
        return
        [
            .. root.Items("rows", MaxRows, required: true)
                .Select((row, index) => TelemetryRowReader.Read(row, $"{batch}/{index}", service, now)),
        ];
    }
}
