namespace Slipway.Core.Ledgers;

/// <summary>How one gate ended.</summary>
public enum GateStatus
{
    /// <summary>Good.</summary>
    Pass,

    /// <summary>Bad.</summary>
    Fail,

    /// <summary>Not good, not blocking, or not applicable.</summary>
    Warning,
}

/// <summary>A gate was checked (before the start, at a stage, or at 100 %).</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Critical">Whether a failure blocks.</param>
/// <param name="Details">What was found, against what was expected.</param>
/// <param name="Kind">What kind of gate, for the report.</param>
/// <param name="LatencyMs">How long a probe took; null for gates without one.</param>
public sealed record GateChecked(string Gate, GateStatus Status, bool Critical, string Details, GateKind Kind, double? LatencyMs) : LedgerBody;

/// <summary>What kind of gate.</summary>
public enum GateKind
{
    /// <summary>One of the seven quality gates, or another check of the request itself.</summary>
    Quality,

    /// <summary>A smoke check; its gate name is <c>smoke: NAME</c>.</summary>
    Smoke,

    /// <summary>A service; its gate name is <c>service: NAME</c>.</summary>
    Service,

    /// <summary>A database; its gate name is <c>database: NAME</c>.</summary>
    Database,

    /// <summary>An external API; its gate name is <c>external API: NAME</c>.</summary>
    ExternalApi,

    /// <summary>An HTTP gate of the request.</summary>
    Http,
}
