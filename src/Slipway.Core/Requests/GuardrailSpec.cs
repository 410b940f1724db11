using Slipway.Core.Releases;

namespace Slipway.Core.Requests;

/// <summary>What must hold while users are exposed. A part left out takes the default profile (requirements section 7).</summary>
public sealed record GuardrailSpec
{
    /// <summary>Share of failed requests; null: the default profile.</summary>
    public LimitSpec? ErrorRate { get; init; }

    /// <summary>95th percentile latency in milliseconds; null: the default profile.</summary>
    public LimitSpec? LatencyP95 { get; init; }

    /// <summary>The availability objective; null: the default profile.</summary>
    public Percentage? Availability { get; init; }

    /// <summary>The values of availability beside its objective; null: none.</summary>
    public MetricBand? AvailabilityBand { get; init; }

    /// <summary>What else is measured while the release runs: gauges of the application and its resources, and events an hour.</summary>
    public IReadOnlyList<MeasurementSpec> Measurements { get; init; } = [];

    /// <summary>For how long before a promotion nothing may have warned or been critical; null: where a warning is declared, two hours or the
    /// stage's bake where that is shorter, otherwise nothing is asked.</summary>
    public TimeSpan? QuietFor { get; init; }

    /// <summary>How many times the values of the stage before are tolerated, 1 or more; null: stages are compared with the control arm alone.</summary>
    public decimal? StageToStage { get; init; }

    /// <summary>Business metrics.</summary>
    public IReadOnlyList<KpiSpec> Kpis { get; init; } = [];

    /// <summary>Explicit triggers beside the limits.</summary>
    public IReadOnlyList<TriggerSpec> Triggers { get; init; } = [];

    /// <summary>Share of healthy releases that may be rolled back, over all metrics and stages. Default 1 %.</summary>
    public Percentage FalseRollbackBudget { get; init; } = new(1);

    /// <summary>What happens when the evidence still does not suffice at the longest bake; null: a person is asked, except at low risk, where the
    /// release is promoted with a warning.</summary>
    public UndecidedAction? WhenUndecided { get; init; }

    /// <summary>How long lost sight is tolerated. Default 10 minutes.</summary>
    public TimeSpan BlindHold { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What happens when sight stays lost. Default: roll back.</summary>
    public BlindAction BlindThen { get; init; } = BlindAction.Rollback;
}

/// <summary>An absolute limit with a tolerated ratio to the control arm.</summary>
/// <param name="Limit">Percent for rates, milliseconds for latencies; above 0.</param>
/// <param name="ToleratedRatio">How many times the control arm's value is tolerated, 1 or more. Default 1.25.</param>
public sealed record LimitSpec(decimal Limit, decimal ToleratedRatio = 1.25m)
{
    /// <summary>What counts when a request names no tolerated ratio.</summary>
    public const decimal DefaultRatio = 1.25m;

    /// <summary>The values beside the limit; null: none.</summary>
    public MetricBand? Band { get; init; }

    /// <summary>For latency: how far above the baseline a promotion may be; null: it is not compared with one.</summary>
    public Percentage? WithinBaseline { get; init; }
}

/// <summary>A metric's values on the better side of its limit, in the metric's unit; each may be missing, and nothing follows from one that is.</summary>
/// <param name="Baseline">What the present version has.</param>
/// <param name="Target">What a stage must be better than to be promoted.</param>
/// <param name="Warning">What people are told of when it is crossed while users are exposed.</param>
public sealed record MetricBand(decimal? Baseline = null, decimal? Target = null, decimal? Warning = null);

/// <summary>A business metric with the worsening that is tolerated.</summary>
/// <param name="Name">The metric's name in telemetry.</param>
/// <param name="Direction">Which way is better.</param>
/// <param name="ToleratedDrop">Relative worsening that is tolerated.</param>
public sealed record KpiSpec(string Name, KpiDirection Direction, Percentage ToleratedDrop);

/// <summary>Which way a business metric is better.</summary>
public enum KpiDirection
{
    /// <summary>More is better.</summary>
    HigherIsBetter,

    /// <summary>Less is better.</summary>
    LowerIsBetter,
}

/// <summary>A threshold on one metric with what it causes.</summary>
public sealed record TriggerSpec
{
    /// <summary>error_rate, latency_p50, latency_p95, latency_p99, success_rate, availability or a KPI's name.</summary>
    public required string Metric { get; init; }

    /// <summary>Crossed above this value (percent or milliseconds); exactly one of <see cref="Above"/> and <see cref="Below"/> is set.</summary>
    public decimal? Above { get; init; }

    /// <summary>Crossed below this value (percent or milliseconds).</summary>
    public decimal? Below { get; init; }

    /// <summary>How long the crossing must last before it counts; zero: at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The sliding window over which the metric is computed. Default 5 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What the crossing causes. Default: automatic rollback.</summary>
    public TriggerAction Action { get; init; } = TriggerAction.AutoRollback;
}

/// <summary>What a crossed trigger causes.</summary>
public enum TriggerAction
{
    /// <summary>Roll back at once.</summary>
    AutoRollback,

    /// <summary>Tell people; go on.</summary>
    Alert,

    /// <summary>Hold and ask.</summary>
    Pause,

    /// <summary>Hold, page on-call, and roll back when nobody says otherwise within 15 minutes.</summary>
    Evaluate,
}

/// <summary>What happens when the evidence does not suffice at the longest bake.</summary>
public enum UndecidedAction
{
    /// <summary>The release is held and a person is asked.</summary>
    Ask,

    /// <summary>The release goes on with a warning, unless the evidence leans against it.</summary>
    Promote,
}

/// <summary>What happens when sight stays lost.</summary>
public enum BlindAction
{
    /// <summary>Roll back.</summary>
    Rollback,

    /// <summary>Hold and ask.</summary>
    Pause,
}

/// <summary>Where observations come from.</summary>
public sealed record TelemetrySpec
{
    /// <summary>The query that says which requests there were.</summary>
    public const string RequestsQuery = "requests";

    /// <summary>The role of every application.</summary>
    public const string EveryRole = "*";

    /// <summary>The source. Default: embedded.</summary>
    public TelemetrySource Source { get; init; } = TelemetrySource.Embedded;

    /// <summary>The Log Analytics workspace id; empty for other sources.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>The application whose observations count, as sent with the telemetry; empty: the first flag's name.</summary>
    public string Service { get; init; } = "";

    /// <summary>For Log Analytics: queries of one's own, by <see cref="RequestsQuery"/> or the name of a KPI or measurement; what has none is
    /// read from the tables of Application Insights.</summary>
    public IReadOnlyDictionary<string, string> Queries { get; init; } = new Dictionary<string, string>();

    /// <summary>For Log Analytics: the cloud role whose requests count, <see cref="EveryRole"/> for any; null: <see cref="Service"/>.</summary>
    public string? Role { get; init; }

    /// <summary>For Log Analytics: the property of a request that says which version it got (<c>canary</c> or <c>control</c>, <c>true</c> or
    /// <c>false</c>, <c>on</c> or <c>off</c>); null: the flag's evaluations say it.</summary>
    public string? ArmProperty { get; init; }

    /// <summary>For Log Analytics: the property of a request that names its region; null: <c>region</c>.</summary>
    public string? RegionProperty { get; init; }

    /// <summary>Length of one judged interval, and the poll's period; 1 second to 1 hour. Default 60 seconds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An interval is judged when it ended this long ago. Default 3 minutes.</summary>
    public TimeSpan IngestionDelay { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long applications need to see a changed flag. Default 60 seconds.</summary>
    public TimeSpan Propagation { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Dashboards of the system, beside Slipway's own page.</summary>
    public IReadOnlyList<DashboardSpec> Dashboards { get; init; } = [];
}

/// <summary>Where observations come from.</summary>
public enum TelemetrySource
{
    /// <summary>Slipway's own store, fed over <c>POST /telemetry</c>.</summary>
    Embedded,

    /// <summary>Azure Log Analytics.</summary>
    LogAnalytics,
}
