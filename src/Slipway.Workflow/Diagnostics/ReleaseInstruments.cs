using System.Diagnostics.Metrics;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>The meter and its instruments. Costs nothing while nobody listens.</summary>
internal sealed class ReleaseInstruments : IDisposable
{
    private static readonly double[] UpToMinutes = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
    private static readonly double[] UpToHour = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];
    private static readonly double[] UpToDays = [60, 300, 600, 1800, 3600, 7200, 14400, 28800, 86400, 172800];

    private readonly Dictionary<string, Counter<long>> _counters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Histogram<double>> _histograms = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<ReleasePhase, int>? _active;

    public ReleaseInstruments()
    {
        Meter = new Meter(DiagnosticNames.Source, ReleaseDiagnostics.Version);
        Counter(DiagnosticNames.Started, "{release}", "Releases whose orchestration began");
        Counter(DiagnosticNames.Ended, "{release}", "Releases that reached their terminal phase");
        Counter(DiagnosticNames.Polls, "{poll}", "Polls of exposed releases that were judged");
        Counter(DiagnosticNames.BlindPolls, "{poll}", "Polls that found no usable telemetry");
        Counter(DiagnosticNames.ActivityFailures, "{execution}", "Executions of activities that threw");
        Counter(DiagnosticNames.Mails, "{mail}", "Mails by what became of them");
        Counter(DiagnosticNames.FlagWrites, "{write}", "Flag effects by how they ended");
        Counter(DiagnosticNames.Repairs, "{release}", "Releases that a sweep did something for");
        Counter(DiagnosticNames.Rescues, "{release}", "Releases brought back without their orchestration");
        Histogram(DiagnosticNames.StageDuration, UpToDays, "From the exposure read back to the stage's end");
        Histogram(DiagnosticNames.FlagsOff, UpToHour, "From the breach seen, else the decision, to all flags read back off");
        Histogram(DiagnosticNames.VerdictLatency, UpToHour, "From the end of the newest interval with telemetry to its verdict");
        Histogram(DiagnosticNames.ActivityDuration, UpToMinutes, "Executions of activities");
        Meter.CreateObservableUpDownCounter(DiagnosticNames.Active, Active, "{release}", "Unfinished releases as of the last sweep of this process");
    }

    public Meter Meter { get; }

    public void Count(string instrument, long by = 1) => _counters[instrument].Add(by);

    public void Count(string instrument, params ReadOnlySpan<KeyValuePair<string, object?>> dimensions) => _counters[instrument].Add(1, dimensions);

    public void Measure(string instrument, TimeSpan time, string dimension, string value)
    {
        if (dimension.Length == 0) _histograms[instrument].Record(time.TotalSeconds);
        else _histograms[instrument].Record(time.TotalSeconds, new KeyValuePair<string, object?>(dimension, value));
    }

    /// <summary>What a sweep saw; phases that were there before and are not any more are told as 0.</summary>
    public void See(IReadOnlyDictionary<ReleasePhase, int> active)
    {
        var seen = new Dictionary<ReleasePhase, int>(active);
        foreach (var phase in _active?.Keys ?? []) seen.TryAdd(phase, 0);
        _active = seen;
    }

    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<int>> Active() =>
        (_active ?? new Dictionary<ReleasePhase, int>()).Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>(DiagnosticNames.Phase, DiagnosticFacts.Word(pair.Key))));

    private void Counter(string name, string unit, string description) => _counters.Add(name, Meter.CreateCounter<long>(name, unit, description));

    private void Histogram(string name, double[] boundaries, string description) =>
        _histograms.Add(name, Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries }));
}
