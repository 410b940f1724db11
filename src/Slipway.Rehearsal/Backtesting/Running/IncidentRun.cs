using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Latency;
using Slipway.Rehearsal.Backtesting.Splitting;

namespace Slipway.Rehearsal.Backtesting.Running;

/// <summary>A release one of whose stages is shifted to when an incident begins, and what it harms until the decision.</summary>
internal sealed class IncidentRun
{
    private readonly BacktestSubject _subject;
    private double _failed, _slow;

    public IncidentRun(BacktestSubject subject, Incident incident, int position, DateTimeOffset shiftedAt, DateTimeOffset recordedFrom, IReadOnlyList<Incident> all, bool sharesAsPlanned)
    {
        (_subject, Incident, Position) = (subject, incident, position);
        var schedule = Schedule(subject, position, shiftedAt);
        var earlier = all.Any(other => other != incident && other.Overlaps(schedule[0], shiftedAt - schedule[0]));
        LeadIn = schedule.Count > 1 && schedule[0] >= recordedFrom && !earlier;
        Release = LeadIn
            ? new VirtualRelease(subject, schedule, position - schedule.Count + 1, sharesAsPlanned)
            : new VirtualRelease(subject, [shiftedAt], position, sharesAsPlanned);
    }

    public Incident Incident { get; }

    /// <summary>The stage with which the incident begins, as position among the subject's.</summary>
    public int Position { get; }

    /// <summary>Whether the stages before are judged on the recording.</summary>
    public bool LeadIn { get; }

    public VirtualRelease Release { get; }

    /// <summary>Whether what is usual is known, and so what was harmed.</summary>
    public bool Measured { get; private set; }

    /// <summary>Requests of the canary that failed beyond what is usual.</summary>
    public double Failed => Math.Max(0, _failed);

    /// <summary>Requests of the canary that were slow beyond what is usual.</summary>
    public double Slow => Math.Max(0, _slow);

    /// <summary>Rolled back or held because of the incident.</summary>
    public bool Caught => Release.Ending is { Outcome: VirtualOutcome.RolledBack or VirtualOutcome.Held } ending && ending.At > Incident.From && ending.At <= Incident.To + Delay;

    /// <summary>Rolled back or held before it began.</summary>
    public bool Before => Release.Ending is { Outcome: VirtualOutcome.RolledBack or VirtualOutcome.Held or VirtualOutcome.LostSight } ending && ending.At <= Incident.From;

    /// <summary>The last interval of an incident is judged when its telemetry has come in.</summary>
    private TimeSpan Delay => _subject.Plan.Watch.IngestionDelay + _subject.Plan.Watch.Interval;

    /// <summary>An interval of the incident, which users meet until the decision.</summary>
    public void Harm(DateTimeOffset start, IReadOnlyList<Observation> rows, IReadOnlyDictionary<string, ArmSample> usual)
    {
        if (Release.Ending is { } ending && start >= ending.At) return;
        Measured |= usual.Count > 0;
        foreach (var row in rows)
        {
            if (row.Canary is not { } canary || !usual.TryGetValue(row.Region, out var was) || was.Requests == 0) continue;
            _failed += canary.Errors - (canary.Requests * (double)was.Errors / was.Requests);
            _slow += canary.Latency.Above(SlowBucket(was)) - (canary.Latency.Total * (double)was.Latency.Above(SlowBucket(was)) / Math.Max(1, was.Latency.Total));
        }
    }

    /// <summary>Above this bucket a request of the canary counts as slow: the usual 95th percentile, and the tolerance.</summary>
    private int SlowBucket(ArmSample was) =>
        was.Latency.PercentileBucket(SlowRequests.Percentile) + SlowRequests.Buckets(_subject.Plan.Evidence.LatencyTolerance);

    /// <summary>When the stages before are shifted to, so that each has had its bake when the incident begins.</summary>
    private static List<DateTimeOffset> Schedule(BacktestSubject subject, int position, DateTimeOffset shiftedAt)
    {
        var watch = subject.Plan.Watch;
        var schedule = new List<DateTimeOffset> { shiftedAt };
        for (var before = position - 1; before >= 0; before--)
        {
            var takes = watch.Propagation + subject.Stages[before].Bake + watch.IngestionDelay;
            schedule.Insert(0, schedule[0] - (watch.Interval * Math.Ceiling(takes / watch.Interval)));
        }

        return schedule;
    }
}
