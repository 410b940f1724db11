namespace Slipway.Rehearsal.Backtesting.Recordings;

/// <summary>What is in a recording, from one look through all of it.</summary>
public sealed record RecordingSurvey
{
    /// <summary>So many gaps are named, the first ones.</summary>
    public const int MostGaps = 20;

    /// <summary>The file, as the person named it.</summary>
    public required string File { get; init; }

    /// <summary><c>csv</c>, <c>jsonl</c> or <c>ledger</c>.</summary>
    public required string Format { get; init; }

    /// <summary>How many rows it has, 1 or more.</summary>
    public required long Rows { get; init; }

    /// <summary>Start of the first interval.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the last interval.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Intervals with at least one row.</summary>
    public required long Intervals { get; init; }

    /// <summary>The regions, in alphabetical order.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>Whether any row is of users on the new version.</summary>
    public required bool HasCanary { get; init; }

    /// <summary>Whether rows tell latencies.</summary>
    public required bool HasLatency { get; init; }

    /// <summary>Requests of all rows.</summary>
    public required long Requests { get; init; }

    /// <summary>Failed among them.</summary>
    public required long Failures { get; init; }

    /// <summary>Whether rows stand in the order of time.</summary>
    public required bool Sorted { get; init; }

    /// <summary>Intervals between the first and the last without any row.</summary>
    public required long Missing { get; init; }

    /// <summary>The first gaps, each from the end of one interval to the start of the next that has rows.</summary>
    public required IReadOnlyList<RecordingGap> Gaps { get; init; }

    /// <summary>Looks through a recording. Throws <see cref="RecordingException"/> on a row that is there twice, on rows with and without
    /// an arm in one recording, and on a recording without rows.</summary>
    internal static RecordingSurvey Of(IRecordingFile file, TimeSpan interval) =>
        new Surveyor(file, interval, inOrder: true).Look() ?? new Surveyor(file, interval, inOrder: false).Look()!;

    /// <summary>Looks once; while rows are in order only those of the newest interval can be there twice, so that no others are kept.</summary>
    private sealed class Surveyor(IRecordingFile file, TimeSpan interval, bool inOrder)
    {
        private readonly Dictionary<(long Start, string Region, RecordedArm Arm), long> _seen = [];
        private readonly SortedSet<string> _regions = new(StringComparer.Ordinal);
        private readonly SortedSet<DateTimeOffset> _starts = [];
        private readonly List<RecordingGap> _gaps = [];
        private long _missing, _intervals, _rows, _requests, _failures;
        private bool _canary, _latency;
        private RecordedRow? _first;
        private DateTimeOffset _newest, _oldest;

        /// <summary>What is there; null: it is not in order, although that was assumed.</summary>
        public RecordingSurvey? Look()
        {
            foreach (var row in file.Rows())
            {
                if (_first is null) _oldest = row.Start;
                if (inOrder && _first is not null && row.Start < _newest) return null;
                if (inOrder && (_first is null || row.Start > _newest)) Next(row.Start);
                if (!inOrder) _starts.Add(row.Start);
                Check(row);
                _first ??= row;
                _rows++;
                _requests += row.Sample.Requests;
                _failures += row.Sample.Errors;
                _canary |= row.Arm == RecordedArm.Canary;
                _latency |= row.Sample.Latency.Total > 0;
                _regions.Add(row.Region);
            }

            if (_first is null) throw new RecordingException(file.Name, null, null, "no row", "at least one interval of telemetry");
            if (!inOrder)
            {
                _oldest = _starts.Min;
                foreach (var start in _starts) Next(start);
            }

            return new RecordingSurvey
            {
                File = file.Name,
                Format = file.Format,
                Rows = _rows,
                From = _oldest,
                To = _newest + interval,
                Intervals = _intervals,
                Regions = [.. _regions],
                HasCanary = _canary,
                HasLatency = _latency,
                Requests = _requests,
                Failures = _failures,
                Sorted = inOrder,
                Missing = _missing,
                Gaps = _gaps,
            };
        }

        private void Next(DateTimeOffset start)
        {
            if (inOrder) _seen.Clear();
            if (_intervals > 0 && start - _newest > interval)
            {
                var gap = new RecordingGap(_newest + interval, start);
                _missing += (gap.To - gap.From).Ticks / interval.Ticks;
                if (_gaps.Count < MostGaps) _gaps.Add(gap);
            }

            _intervals++;
            _newest = start;
        }

        private void Check(RecordedRow row)
        {
            if (!_seen.TryAdd((row.Start.UtcTicks, row.Region, row.Arm), row.Line))
            {
                var earlier = _seen[(row.Start.UtcTicks, row.Region, row.Arm)];
                throw new RecordingException(
                    file.Name, row.Line, null, FormattableString.Invariant($"{Arm(row.Arm)} of {row.Region} at {row.Start.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z again, which line {earlier} has"), "each interval, region and arm once");
            }

            if (_first is { } first && (first.Arm == RecordedArm.Everybody) != (row.Arm == RecordedArm.Everybody))
                throw new RecordingException(file.Name, row.Line, "arm", Arm(row.Arm), FormattableString.Invariant($"an arm in every row or in none; line {first.Line} has {Arm(first.Arm)}"));
        }

        private static string Arm(RecordedArm arm) => arm switch
        {
            RecordedArm.Canary => "canary",
            RecordedArm.Control => "control",
            _ => "no arm",
        };
    }
}

/// <summary>A time without any row.</summary>
/// <param name="From">The end of the last interval with rows.</param>
/// <param name="To">The start of the next interval with rows.</param>
public sealed record RecordingGap(DateTimeOffset From, DateTimeOffset To);
