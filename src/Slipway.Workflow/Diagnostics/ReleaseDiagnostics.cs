using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>
/// What Slipway tells about itself: spans, metrics and events (see <see cref="DiagnosticNames"/>). Best effort: nothing here throws into the
/// workflow or makes it wait; what cannot be told is lost. One for each process; the journal, the activities and the sweeper tell it.
/// </summary>
public sealed class ReleaseDiagnostics : IDisposable
{
    /// <summary>Delayed mails that are remembered, so that each is told once.</summary>
    private const int MostDelayed = 10_000;

    private readonly ReleaseInstruments _instruments = new();
    private readonly ConcurrentDictionary<ReleaseId, ActivitySpanId> _under = new();
    private readonly HashSet<(ReleaseId, string)> _delayed = [];
    private readonly Action<ReleaseEvent> _onEvent;
    private readonly FactQueue _queue;

    /// <summary>Makes the source and the meter; whoever listens to them hears everything from then on.</summary>
    /// <param name="time">Dates the executions of activities.</param>
    /// <param name="onEvent">Told each event, one at a time, on a thread of its own kind. By default nobody is told.</param>
    public ReleaseDiagnostics(TimeProvider time, Action<ReleaseEvent>? onEvent = null)
    {
        Time = time;
        _onEvent = onEvent ?? (static _ => { });
        _queue = new FactQueue(Act);
    }

    /// <summary>The product's version, which source and meter carry.</summary>
    internal static string Version { get; } = typeof(ReleaseDiagnostics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The source of spans, for a listener that wants only this one's.</summary>
    public ActivitySource Spans { get; } = new(DiagnosticNames.Source, Version);

    /// <summary>The meter, for a listener that wants only this one's.</summary>
    public System.Diagnostics.Metrics.Meter Meter => _instruments.Meter;

    internal TimeProvider Time { get; }

    internal ReleaseInstruments Instruments => _instruments;

    /// <summary>Tells everything that waits to be told, on the caller; for the end of a process, and for tests.</summary>
    public void Flush() => _queue.Flush();

    /// <summary>Tells what waits, and ends source and meter.</summary>
    public void Dispose()
    {
        Flush();
        Spans.Dispose();
        _instruments.Dispose();
    }

    /// <summary>An entry that this process has appended is folded. Never throws.</summary>
    internal void Appended(ReleaseId release, ReleaseState before, LedgerEntry entry, LedgerBody body, ReleaseState after)
    {
        try
        {
            foreach (var fact in DiagnosticFacts.Of(release, before, entry, body, after)) _queue.Add(fact);
        }
        catch (Exception)
        {
            // Nothing may come of it.
        }
    }

    /// <summary>A release's state was read: what its activities do from now on belongs there. Never throws.</summary>
    internal void Seen(ReleaseId release, ReleaseState state)
    {
        if (state.IsTerminal) _under.TryRemove(release, out _);
        else if (Spans.HasListeners()) _under[release] = new ReleaseTrace(release).Under(state);
    }

    /// <summary>What a sweep found. Never throws.</summary>
    internal void Swept(SweepFindings findings)
    {
        _instruments.See(findings.Active);
        if (findings.Repaired > 0) _instruments.Count(DiagnosticNames.Repairs, findings.Repaired);
        foreach (var fact in findings.Facts) _queue.Add(fact);
    }

    /// <summary>The span that an activity of a release belongs under.</summary>
    internal ActivityContext ContextOf(ReleaseId release)
    {
        var trace = new ReleaseTrace(release);
        return new ActivityContext(trace.TraceId, _under.TryGetValue(release, out var span) ? span : trace.Root, ActivityTraceFlags.Recorded);
    }

    private void Act(DiagnosticFact fact)
    {
        switch (fact)
        {
            case DiagnosticFact.Span span:
                Tell(span);
                break;
            case DiagnosticFact.Count { Dimension: "" } count:
                _instruments.Count(count.Instrument);
                break;
            case DiagnosticFact.Count count:
                _instruments.Count(count.Instrument, [new(count.Dimension, count.Value)]);
                break;
            case DiagnosticFact.Measure measure:
                _instruments.Measure(measure.Instrument, measure.Time, measure.Dimension, measure.Value);
                break;
            case DiagnosticFact.Event told:
                _onEvent(told.Told);
                break;
            case DiagnosticFact.Delayed delayed:
                if (_delayed.Count >= MostDelayed) _delayed.Clear();
                if (!_delayed.Add((delayed.Told.Release, delayed.MessageId))) break;
                _instruments.Count(DiagnosticNames.Mails, [new(DiagnosticNames.Result, "delayed")]);
                _onEvent(delayed.Told);
                break;
        }
    }

    private void Tell(DiagnosticFact.Span span)
    {
        if (!Spans.HasListeners()) return;
        // A root has no parent, whatever this thread is doing.
        var outer = Activity.Current;
        Activity.Current = null;
        try
        {
            var parent = new ActivityContext(span.Trace.TraceId, span.Parent, ActivityTraceFlags.Recorded);
            using var activity = Spans.StartActivity(span.Name, ActivityKind.Internal, parent, tags: null, links: null, span.From);
            if (activity is null) return;
            SpanIds.Set(activity, span.Id);
            foreach (var (name, value) in span.Attributes) activity.SetTag(name, value);
            if (span.Problem.Length > 0) activity.SetStatus(ActivityStatusCode.Error, span.Problem);
            activity.SetEndTime(span.To.UtcDateTime);
        }
        finally
        {
            Activity.Current = outer;
        }
    }
}
