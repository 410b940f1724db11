using Slipway.Core.Ledgers;

namespace Slipway.Core.Reporting.Contract;

/// <summary>Dashboards, alerts, logs and traces.</summary>
/// <param name="Dashboards">One for each guardrail metric.</param>
/// <param name="Alerts">Armed and fired.</param>
/// <param name="Logs">Logs.</param>
/// <param name="Traces">Traces.</param>
public sealed record MonitoringReport(
    IReadOnlyList<DashboardReport> Dashboards,
    IReadOnlyList<AlertReport> Alerts,
    LogReport Logs,
    TraceReport Traces);

/// <summary>A page to look at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Absolute URL.</param>
/// <param name="KeyMetrics">What it shows.</param>
public sealed record DashboardReport(string Name, string Url, IReadOnlyList<string> KeyMetrics);

/// <summary>One alert.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Severity">How loud.</param>
/// <param name="Triggered">Whether it fired.</param>
/// <param name="Timestamp">When it fired last.</param>
/// <param name="ActionTaken">What was done.</param>
public sealed record AlertReport(string Name, AlertSeverity Severity, bool Triggered, DateTimeOffset Timestamp, string ActionTaken);

/// <summary>Logs.</summary>
/// <param name="ErrorSpike">At least 10 errors of the canary in the newest interval at twice the control's rate or more.</param>
/// <param name="NewErrorTypes">Kinds of errors that only the canary shows.</param>
/// <param name="LogVolume">What the canary logs a request against the control arm; normal by convention where telemetry does not carry it.</param>
public sealed record LogReport(bool ErrorSpike, IReadOnlyList<string> NewErrorTypes, LogVolume LogVolume);

/// <summary>How much is logged.</summary>
public enum LogVolume
{
    /// <summary>As before.</summary>
    Normal,

    /// <summary>More.</summary>
    Elevated,

    /// <summary>Less.</summary>
    Reduced,
}

/// <summary>Traces.</summary>
/// <param name="CriticalPathLatency">Slowest critical smoke probe, milliseconds.</param>
/// <param name="DependencyFailures">Failed calls of the canary.</param>
/// <param name="Bottlenecks">Smoke checks and dependencies whose newest probe took longer than the latency budget.</param>
public sealed record TraceReport(double CriticalPathLatency, IReadOnlyList<string> DependencyFailures, IReadOnlyList<string> Bottlenecks);
