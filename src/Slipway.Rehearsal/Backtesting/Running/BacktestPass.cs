using Slipway.Core.Analysis;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Splitting;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>One reading of a recording with one split: healthy releases one after the other, and beside them those that bring incidents.</summary>
internal sealed class BacktestPass
{
    private readonly BacktestSubject _subject;
    private readonly ArmSource _arms;
    private readonly ArmSplitter _splitter;
    private readonly IReadOnlyList<Incident> _incidents;
    private readonly UsualService _usual = new();
    private readonly List<IncidentRun> _runs = [];
    private readonly List<EndedRelease> _ended = [];
    private readonly HashSet<Incident> _unmeasured = [];
    private VirtualRelease? _healthy;

    public BacktestPass(BacktestSubject subject, RecordingSurvey survey, ArmSource arms, int seed, IReadOnlyList<Incident> incidents)
    {
        (_subject, _arms, _splitter, _incidents) = (subject, arms, new ArmSplitter(seed), incidents);
        foreach (var incident in incidents.Where(incident => incident.From >= survey.From && incident.From < survey.To))
        {
            var ticks = incident.From.UtcTicks;
            var shiftedAt = new DateTimeOffset(ticks - (ticks % Interval.Ticks), TimeSpan.Zero);
            _runs.AddRange(subject.Exposing.Select(position => new IncidentRun(subject, incident, position, shiftedAt, survey.From, incidents, SharesAsPlanned)));
        }
    }

    /// <summary>The healthy releases, in order.</summary>
    public IReadOnlyList<EndedRelease> Healthy => _ended;

    /// <summary>The releases that bring incidents.</summary>
    public IReadOnlyList<IncidentRun> Runs => _runs;

    /// <summary>Incidents before which there was no healthy time to measure them against.</summary>
    public IReadOnlySet<Incident> Unmeasured => _unmeasured;

    private TimeSpan Interval => _subject.Plan.Watch.Interval;

    private bool SharesAsPlanned => _arms != ArmSource.Recorded;

    /// <summary>Reads the recording to its end.</summary>
    public void Run(Recording recording, CancellationToken cancellation)
    {
        DateTimeOffset? next = null;
        foreach (var (start, rows) in recording.Intervals())
        {
            cancellation.ThrowIfCancellationRequested();
            if (next is { } missing && missing < start) Gap(missing, start);
            Take(start, rows);
            next = start + Interval;
        }

        CutAll(next!.Value, "the recording ends");
    }

    /// <summary>A short gap is what the release would have seen of it: nothing. A long one is a recording that was not made.</summary>
    private void Gap(DateTimeOffset from, DateTimeOffset to)
    {
        if (to - from > _subject.Plan.Watch.BlindHold)
        {
            CutAll(from, "the recording has a gap");
            return;
        }

        for (var start = from; start < to; start += Interval) Take(start, []);
    }

    private void CutAll(DateTimeOffset at, string why)
    {
        if (_healthy is not null)
        {
            _healthy.Cut(at, why);
            Keep();
        }

        foreach (var run in _runs.Where(run => run.Release.BeganAt < at)) run.Release.Cut(at, why);
    }

    private void Take(DateTimeOffset start, IReadOnlyList<RecordedRow> rows)
    {
        var incident = _incidents.FirstOrDefault(one => one.Overlaps(start, Interval));
        if (incident is null)
        {
            foreach (var row in rows)
            {
                if (Source(row.Arm)) _usual.Add(row.Region, row.Sample);
            }
        }

        TakeHealthy(start, rows, incident);
        foreach (var run in _runs)
        {
            if (start < run.Release.BeganAt || start >= run.Incident.To + Interval + _subject.Plan.Watch.IngestionDelay) continue;
            TakeIncident(run, start, rows);
        }
    }

    private void TakeHealthy(DateTimeOffset start, IReadOnlyList<RecordedRow> rows, Incident? incident)
    {
        if (incident is not null && _healthy is not null)
        {
            _healthy.Cut(start, "an incident begins");
            Keep();
        }

        if (incident is not null || (_healthy is null && rows.Count == 0)) return;
        _healthy ??= new VirtualRelease(_subject, [start], 0, SharesAsPlanned);
        _healthy.Take(start, Observe(start, rows, _healthy, null));
        if (_healthy.Ending is { } ending && start + Interval >= Floor(ending.At)) Keep();
    }

    private void TakeIncident(IncidentRun run, DateTimeOffset start, IReadOnlyList<RecordedRow> rows)
    {
        var during = run.Incident.Overlaps(start, Interval);
        if (!during && start >= run.Incident.To)
        {
            if (run.Release.Ending is null) run.Release.Cut(start, "the incident is over");
            return;
        }

        var usual = during ? _usual.Sum() : null;
        if (usual is { Count: 0 }) _unmeasured.Add(run.Incident);
        var observed = Observe(start, rows, run.Release, usual);
        run.Release.Take(start, observed);
        if (usual is not null) run.Harm(start, observed, usual);
    }

    /// <summary>Both arms as the release would have had them.</summary>
    /// <param name="start">Start of the interval.</param>
    /// <param name="rows">What was recorded.</param>
    /// <param name="release">The release.</param>
    /// <param name="usual">By region, what the service is usually like; null: it is so in this interval.</param>
    private List<Observation> Observe(DateTimeOffset start, IReadOnlyList<RecordedRow> rows, VirtualRelease release, IReadOnlyDictionary<string, ArmSample>? usual)
    {
        var observations = new List<Observation>();
        if (_arms == ArmSource.Recorded)
        {
            foreach (var region in rows.GroupBy(row => row.Region, StringComparer.Ordinal))
                observations.Add(new Observation(start, Interval, region.Key, Arm(region, RecordedArm.Canary), Arm(region, RecordedArm.Control)));
            return observations;
        }

        foreach (var row in rows)
        {
            if (!Source(row.Arm)) continue;
            var (canary, control) = _splitter.Split(start, row.Region, row.Sample, release.ShareAt(start), usual?.GetValueOrDefault(row.Region));
            observations.Add(new Observation(start, Interval, row.Region, canary, control));
        }

        return observations;

        static ArmSample? Arm(IEnumerable<RecordedRow> rows, RecordedArm arm)
        {
            foreach (var row in rows)
            {
                if (row.Arm == arm) return row.Sample;
            }

            return null;
        }
    }

    /// <summary>Whether a row tells of the version that is usual.</summary>
    private bool Source(RecordedArm arm) => arm != RecordedArm.Canary;

    private DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Interval.Ticks), TimeSpan.Zero);

    private void Keep()
    {
        _ended.Add(new EndedRelease(_healthy!.BeganAt, _healthy.Ending!));
        _healthy = null;
    }
}

/// <summary>A healthy release that is over.</summary>
/// <param name="BeganAt">When it was first shifted.</param>
/// <param name="Ending">How it ended.</param>
internal sealed record EndedRelease(DateTimeOffset BeganAt, VirtualEnding Ending);
