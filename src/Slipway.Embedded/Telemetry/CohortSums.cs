using Microsoft.Data.Sqlite;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;

namespace Slipway.Embedded.Telemetry;

/// <summary>Stored rows split at a percentage of a flag's rollout and added up by interval and region.</summary>
internal sealed class CohortSums(TimeSpan interval, CohortQuery cohort)
{
    private readonly Dictionary<(long Start, string Region), Split> _splits = [];
    private readonly HashSet<(long Start, string Region)> _exposed = [];
    private readonly long _seconds = interval.Ticks / TimeSpan.TicksPerSecond;
    private readonly int _edge = PositionCounts.EdgeOf(cohort.Percentage);
    private bool _rows;
    private bool _users;

    /// <summary>Adds a row with the columns second, arm, region, requests, positions (only of the control arm and this flag) and whether
    /// it knows failed users.</summary>
    public bool Add(SqliteDataReader row)
    {
        var key = (IntervalSums.StartOf(row.GetInt64(0), _seconds), row.GetString(2));
        _rows = true;
        _users |= row.GetBoolean(5);
        if (row.GetInt32(1) == (int)TelemetryArm.Canary)
        {
            if (row.GetInt64(3) > 0) _exposed.Add(key);
            return true;
        }

        if (row.IsDBNull(4)) return true;
        if (!_splits.TryGetValue(key, out var split)) _splits[key] = split = new Split();
        PositionPack.AddUp((byte[])row.GetValue(4), _edge, split.Cohort, split.Others);
        return true;
    }

    /// <summary>What the rows say.</summary>
    public CohortReading ToReading()
    {
        if (!_rows) return CohortReading.None(CohortSight.NoRows);
        if (_splits.Count == 0) return CohortReading.None(_users ? CohortSight.OtherFlag : CohortSight.NoUsers);
        var seen = _splits.Where(entry => !_exposed.Contains(entry.Key)).ToList();
        return seen.Count == 0 ? CohortReading.None(CohortSight.Exposed) : new CohortReading(CohortSight.Seen,
        [
            .. seen.OrderBy(entry => entry.Key.Start).ThenBy(entry => entry.Key.Region, StringComparer.Ordinal).Select(entry => new Observation(
                DateTimeOffset.FromUnixTimeSeconds(entry.Key.Start), interval, entry.Key.Region, entry.Value.Cohort.ToSample(), entry.Value.Others.ToSample())),
        ]);
    }

    private sealed class Split
    {
        public CohortPart Cohort { get; } = new();

        public CohortPart Others { get; } = new();
    }
}
