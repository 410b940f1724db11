using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Web.Diagnostics;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Scenarios.World;

/// <summary>Listens to what one world tells about itself, and keeps all of it.</summary>
internal sealed class DiagnosticRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Logged> _log = new();
    private readonly ActivityListener _listener;
    private readonly MeterListener _meters = new();

    public DiagnosticRecorder(TimeProvider time)
    {
        Source = new ReleaseDiagnostics(time, new ReleaseEventLog(new LineLog(_log)).Write);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, Source.Spans),
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, Source.Meter)) listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue(Measured.Of(instrument, value, tags)));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _measured.Enqueue(Measured.Of(instrument, value, tags)));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue(Measured.Of(instrument, value, tags)));
        _meters.Start();
    }

    /// <summary>What the world's parts tell.</summary>
    public ReleaseDiagnostics Source { get; }

    /// <summary>The spans that ended, in that order.</summary>
    public IReadOnlyList<Activity> Spans => [.. Told(_spans)];

    /// <summary>Forgets what was told, which grows with each execution: for tests of what a release itself costs.</summary>
    public void Forget()
    {
        _ = Spans;
        _spans.Clear();
        _measured.Clear();
        _log.Clear();
    }

    /// <summary>The lines of the log.</summary>
    public IReadOnlyList<Logged> Lines => [.. Told(_log)];

    /// <summary>Everything that was measured.</summary>
    public IReadOnlyList<Measured> Measurements => [.. Told(_measured)];

    /// <summary>The sum of an instrument, over one value of its dimension or over all.</summary>
    public double Sum(string instrument, string? dimension = null) =>
        Measurements.Where(measured => measured.Instrument == instrument && (dimension is null || measured.Dimensions.Values.Contains(dimension))).Sum(measured => measured.Value);

    /// <summary>What an observable instrument says now.</summary>
    public IReadOnlyList<Measured> Observe(string instrument)
    {
        _measured.Clear();
        _meters.RecordObservableInstruments();
        return [.. Measurements.Where(measured => measured.Instrument == instrument)];
    }

    /// <summary>Every text that leaves the process: names, attributes, dimensions, messages.</summary>
    public IEnumerable<string> Texts() =>
    [
        .. Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName).Append(span.StatusDescription ?? "").Concat(span.Events.Select(told => told.Name))),
        .. Measurements.SelectMany(measured => measured.Dimensions.Select(pair => $"{pair.Key}={pair.Value}")),
        .. Lines.SelectMany(line => line.Dimensions.Select(pair => $"{pair.Key}={pair.Value}").Append(line.Message)),
    ];

    public void Dispose()
    {
        Source.Dispose();
        _listener.Dispose();
        _meters.Dispose();
    }

    private ConcurrentQueue<T> Told<T>(ConcurrentQueue<T> queue)
    {
        Source.Flush();
        return queue;
    }

    /// <summary>One measurement.</summary>
    internal sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Dimensions)
    {
        public static Measured Of(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var dimensions = new Dictionary<string, string>();
            foreach (var (name, tag) in tags) dimensions.Add(name, Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "");
            return new Measured(instrument.Name, value, dimensions);
        }
    }

    /// <summary>One line of the log.</summary>
    internal sealed record Logged(EventId Event, LogLevel Level, string Message, IReadOnlyDictionary<string, string> Dimensions);

    private sealed class LineLog(ConcurrentQueue<Logged> lines) : ILogger<ReleaseEventLog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(new Logged(
            eventId, logLevel, formatter(state, exception), ((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture) ?? "")));
    }
}
