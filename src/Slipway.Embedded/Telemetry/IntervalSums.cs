using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Analysis;
using Slipway.Core.Serialization;

namespace Slipway.Embedded.Telemetry;

/// <summary>The parts of a row that are seldom there.</summary>
internal sealed record RowDetails(
    IReadOnlyList<string> ErrorTypes, IReadOnlyDictionary<string, long> DependencyFailures, IReadOnlyDictionary<string, KpiSample> Kpis)
{
    /// <summary>Single latencies in tenths of a millisecond; null: not known.</summary>
    public IReadOnlyDictionary<int, long>? Exact { get; init; }

    /// <summary>Requests slower than the sender's thresholds; null: none.</summary>
    public IReadOnlyDictionary<string, long>? Slower { get; init; }

    /// <summary>Measurements by name; null: none.</summary>
    public IReadOnlyDictionary<string, MeasurementSample>? Measurements { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsEmpty => ErrorTypes.Count == 0 && DependencyFailures.Count == 0 && Kpis.Count == 0 && Exact is null && Slower is null && Measurements is null;
}

/// <summary>Stored rows added up by interval, region and arm.</summary>
internal sealed class IntervalSums(TimeSpan interval, IReadOnlyList<double> edges)
{
    private readonly Dictionary<(long Start, string Region), Sum?[]> _sums = [];
    private readonly long _seconds = interval.Ticks / TimeSpan.TicksPerSecond;

    /// <summary>Adds a row with the columns second, arm, region, requests, errors, latency, users, user_count, details, failed_users,
    /// failures_of_nobody.</summary>
    public bool Add(SqliteDataReader row)
    {
        var key = (StartOf(row.GetInt64(0), _seconds), row.GetString(2));
        if (!_sums.TryGetValue(key, out var arms)) _sums[key] = arms = new Sum?[2];
        var sum = arms[row.GetInt32(1)] ??= new Sum(edges);
        sum.Add(row);
        return true;
    }

    public List<Observation> ToObservations() =>
    [
        .. _sums.OrderBy(entry => entry.Key.Start).ThenBy(entry => entry.Key.Region, StringComparer.Ordinal).Select(entry => new Observation(
            DateTimeOffset.FromUnixTimeSeconds(entry.Key.Start),
            interval,
            entry.Key.Region,
            entry.Value[(int)TelemetryArm.Canary]?.ToSample(),
            entry.Value[(int)TelemetryArm.Control]?.ToSample())),
    ];

    /// <summary>The start of the interval that a second since the Unix epoch falls in.</summary>
    public static long StartOf(long second, long intervalSeconds) => second - (((second % intervalSeconds) + intervalSeconds) % intervalSeconds);

    private sealed class Sum(IReadOnlyList<double> edges)
    {
        private readonly long[] _slower = new long[edges.Count];
        private readonly HashSet<ulong> _users = [];
        private readonly Dictionary<int, long> _latency = [];
        private ArmSample _details = new();
        private long _requests;
        private long _errors;
        private long _userCount;
        private bool _hasUsers;
        private readonly HashSet<ulong> _failedUsers = [];
        private long _failuresOfNobody;
        private bool _hasFailedUsers;

        public void Add(SqliteDataReader row)
        {
            _requests += row.GetInt64(3);
            _errors += row.GetInt64(4);
            var details = row.IsDBNull(8) ? null : JsonSerializer.Deserialize<RowDetails>(row.GetString(8), SlipwayJson.Options)!;
            if (!row.IsDBNull(5)) AddLatency(row.GetString(5), details);
            if (!row.IsDBNull(6)) UserHash.Unpack((byte[])row.GetValue(6), _users);
            if (!row.IsDBNull(7)) _userCount += row.GetInt64(7);
            _hasUsers |= !row.IsDBNull(6) || !row.IsDBNull(7);
            if (details is not null) AddDetails(details);

            // A row that does not say whose requests failed says that they are nobody's that is known.
            _hasFailedUsers |= !row.IsDBNull(9);
            _failuresOfNobody += row.GetInt64(row.IsDBNull(9) ? 4 : 10);
            if (!row.IsDBNull(9)) UserHash.Unpack((byte[])row.GetValue(9), _failedUsers);
        }

        public ArmSample ToSample() => _details with
        {
            Requests = _requests,
            Errors = _errors,
            Latency = new LatencyHistogram(_latency),
            Slower = [.. edges.Select((edge, index) => new SlowCount(edge, _slower[index]))],
            Users = _hasUsers ? _users.Count + _userCount : null,
            FailedUsers = _hasFailedUsers ? _failedUsers.Count + _failuresOfNobody : null,
        };

        private void AddLatency(string json, RowDetails? details)
        {
            var counts = JsonSerializer.Deserialize<Dictionary<int, long>>(json, SlipwayJson.Options)!;
            foreach (var (bucket, count) in counts) _latency[bucket] = _latency.GetValueOrDefault(bucket) + count;
            for (var i = 0; i < edges.Count; i++) _slower[i] += SlowerThan(edges[i], counts, details);
        }

        /// <summary>Exactly where the row says enough; otherwise those that are slower for certain, by whole buckets.</summary>
        private static long SlowerThan(double edge, Dictionary<int, long> counts, RowDetails? details)
        {
            if (details?.Slower is { } slower && slower.TryGetValue(LatencyReader.Key(edge), out var told)) return told;
            if (details?.Exact is { } exact) return exact.Where(entry => entry.Key > (edge * 10) + 1e-6).Sum(entry => entry.Value);
            var bucket = LatencyHistogram.BucketOf(edge);
            return counts.Where(entry => entry.Key > bucket).Sum(entry => entry.Value);
        }

        private void AddDetails(RowDetails details)
        {
            _details = _details.Add(new ArmSample
            {
                ErrorTypes = details.ErrorTypes,
                DependencyFailures = details.DependencyFailures,
                Kpis = details.Kpis,
                Measurements = details.Measurements ?? new Dictionary<string, MeasurementSample>(),
            });
        }
    }
}
