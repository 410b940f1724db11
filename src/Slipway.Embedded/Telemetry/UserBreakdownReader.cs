using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>Reads <c>by_user</c> of one row.</summary>
internal static class UserBreakdownReader
{
    private static readonly string[] Members = ["user", "requests", "errors", "latency_buckets", "latency_ms"];

    /// <summary>The breakdown; null where the row has none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="requests">The row's requests: all users together have at most as many.</param>
    /// <param name="errors">The row's failed requests: all users together have at most as many.</param>
    /// <param name="flag">The flag whose rollout the users fall in; null: not stated.</param>
    public static UserBreakdown? Read(TelemetryNode row, long requests, long errors, string? flag)
    {
        if (!row.Has("by_user")) return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var users = new List<UserCounts>();
        foreach (var item in row.Items("by_user", TelemetryBatchReader.MaxItems))
        {
            if (!item.IsObject("an object with user and requests", Members)) continue;
            var user = ReadUser(item);
            if (user.Id.Length > 0 && !seen.Add(user.Id)) item.Report("user", "a user that the row has already", "each user once");
            users.Add(user);
        }

        var (sum, failed) = (users.Sum(user => user.Requests), users.Sum(user => user.Errors));
        if (sum > requests) row.Report("by_user", $"{sum} requests", $"at most the row's requests, {requests}");
        if (failed > errors) row.Report("by_user", $"{failed} errors", $"at most the row's errors, {errors}");
        return new UserBreakdown
        {
            Users = [.. users.Where(user => user.Requests > 0).Select(user => user.Hash)],
            FailedUsers = [.. users.Where(user => user.Errors > 0).Select(user => user.Hash)],
            Errors = failed,
            Positions = string.IsNullOrEmpty(flag) ? null : Slice(users, flag),
        };
    }

    private static UserCounts ReadUser(TelemetryNode item)
    {
        var requests = item.Count("requests", required: true);
        var errors = item.Count("errors");
        if (errors > requests) item.Report("errors", $"{errors}", $"at most the user's requests, {requests}");
        return new UserCounts(item.Text("user"), requests, errors, LatencyReader.Read(item, requests, "the user's requests"));
    }

    private static List<PositionCounts> Slice(List<UserCounts> users, string flag) =>
    [
        .. users.GroupBy(user => PositionCounts.SliceOf(user.Id, flag)).OrderBy(slice => slice.Key).Select(slice => new PositionCounts(
            slice.Key,
            slice.Sum(user => user.Requests),
            slice.Sum(user => user.Errors),
            slice.Select(user => user.Latency).Aggregate(LatencyHistogram.Empty, (left, right) => left.Add(right)),
            [.. slice.Where(user => user.Errors > 0).Select(user => user.Hash)])),
    ];

    private sealed record UserCounts(string Id, long Requests, long Errors, LatencyHistogram Latency)
    {
        public ulong Hash { get; } = UserHash.Of(Id);
    }
}
