using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>Dashboards, alerts, logs and traces.</summary>
internal static class MonitoringSection
{
    private const string BlindAlert = AlertNames.TelemetryLost;

    public static MonitoringReport Of(ReportView view) => new(Dashboards(view), Alerts(view), Logs(view), Traces(view));

    private static IReadOnlyList<DashboardReport> Dashboards(ReportView view)
    {
        var metrics = view.Plan.Triggers.Select(trigger => trigger.Metric)
            .Concat(view.Request.Guardrails.Kpis.Select(kpi => kpi.Name))
            .Concat(view.Plan.Evidence.Measurements.Select(measurement => measurement.Name))
            .Where(metric => !string.IsNullOrWhiteSpace(metric))
            .Distinct(StringComparer.Ordinal).ToList();
        return metrics.Count == 0
            ? [new DashboardReport("release", view.Page, ["error_rate", "latency_p95"])]
            : [.. metrics.Select(metric => new DashboardReport($"release: {metric}", view.Page, [metric]))];
    }

    // Every planned trigger is armed from the start; what fired under another name follows.
    private static IReadOnlyList<AlertReport> Alerts(ReportView view)
    {
        var fired = view.State.Alerts;
        var armed = view.Plan.Triggers.Select(trigger => (trigger.Name, Severity: trigger.OnlyExposed ? AlertSeverity.Warning : SeverityOf(trigger.Action)))
            .Concat(view.Plan.Evidence.Measurements.SelectMany(MeasurementSection.Alerts))
            .Append((BlindAlert, AlertSeverity.Critical))
            .DistinctBy(trigger => trigger.Item1).ToList();
        return
        [
            .. armed.Select(trigger => fired.TryGetValue(trigger.Item1, out var fact)
                ? Fired(fact)
                : new AlertReport(ReportText.OrElse(trigger.Item1, "unnamed alert"), trigger.Item2, false, ReportJson.Never, "")),
            .. fired.Values.Where(fact => armed.TrueForAll(trigger => trigger.Item1 != fact.Name)).OrderBy(fact => fact.At).Select(Fired),
        ];
    }

    private static AlertReport Fired(AlertFact fact) => new(
        ReportText.OrElse(fact.Name, "unnamed alert"), fact.Severity, true, fact.At,
        $"{ReportText.OrElse(fact.ActionTaken, "recorded")}: {ReportText.OrElse(fact.Sentence, "no details")}");

    private static AlertSeverity SeverityOf(TriggerAction action) => action switch
    {
        TriggerAction.AutoRollback => AlertSeverity.Critical,
        TriggerAction.Pause or TriggerAction.Evaluate => AlertSeverity.Warning,
        _ => AlertSeverity.Info,
    };

    private static LogReport Logs(ReportView view)
    {
        var last = view.State.LastInterval;
        var spike = last?.Canary is { Errors: >= 10 } canary
            && last.Control is { Requests: > 0 } control
            && (double)canary.Errors / canary.Requests >= 2.0 * control.Errors / control.Requests;
        return new LogReport(spike, [.. view.State.NewErrorTypes], MeasurementSection.LogVolumeOf(view) ?? LogVolume.Normal);
    }

    private static TraceReport Traces(ReportView view)
    {
        var slowest = view.Request.Preflight.Smoke.Where(smoke => smoke.CriticalPath)
            .Select(smoke => view.Gate(QualityGates.Smoke(smoke.Name))?.Last.LatencyMs ?? 0)
            .DefaultIfEmpty(0).Max();
        return new TraceReport(
            Math.Max(0, slowest),
            [.. view.State.DependencyFailures.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Key}: {entry.Value} failed calls")],
            Bottlenecks(view));
    }

    /// <summary>Probes whose newest answer took longer than the latency budget, slowest first.</summary>
    private static IReadOnlyList<string> Bottlenecks(ReportView view) => view.LatencyBudget is not { } budget
        ? []
        :
        [
            .. TimedProbes(view.State).Where(fact => fact.Last.LatencyMs > budget).OrderByDescending(fact => fact.Last.LatencyMs)
                .Select(fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Last.Gate}: {fact.Last.LatencyMs:0.#} ms, budget {budget:0.#} ms")),
        ];

    /// <summary>The smoke checks and dependencies whose newest probe was timed.</summary>
    internal static IEnumerable<GateFact> TimedProbes(ReleaseState state) =>
        state.Gates.Values.Where(fact => fact.Last is { LatencyMs: not null, Kind: GateKind.Smoke or GateKind.Service or GateKind.ExternalApi });
}
