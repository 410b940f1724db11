namespace Slipway.Core.Planning.Failures;

/// <summary>Something that can go wrong in production, found from the request alone, before there is any plan.</summary>
/// <param name="Id">Unique in the register, for example <c>db_schema</c> or <c>dependency: catalog</c>.</param>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Applicable">Whether it can happen to this release.</param>
/// <param name="Reason">Why it can, or why it cannot, as a sentence without its full stop.</param>
/// <param name="Severity">How bad it would be.</param>
/// <param name="Effect">What users would see, as a sentence without its full stop.</param>
public sealed record FailureScenario(string Id, FailureKind Kind, bool Applicable, string Reason, FailureSeverity Severity, string Effect);

/// <summary>The kinds of failure that are considered for every release, in the order of the register.</summary>
public enum FailureKind
{
    /// <summary>The database's schema and the code do not fit.</summary>
    DbSchema,

    /// <summary>Users' data is written wrongly or in part.</summary>
    DataCorruption,

    /// <summary>Answers become slow.</summary>
    LatencySpike,

    /// <summary>Requests fail.</summary>
    ErrorSpike,

    /// <summary>A service that the release calls fails.</summary>
    Dependency,

    /// <summary>An API of somebody else fails or is slow.</summary>
    ExternalApi,

    /// <summary>Part of the system is on the new version and part is not.</summary>
    PartialDeployment,

    /// <summary>Somebody can do what they must not.</summary>
    Security,

    /// <summary>Configuration takes effect at once, and wrongly.</summary>
    Configuration,

    /// <summary>Nothing is seen any more.</summary>
    LostTelemetry,

    /// <summary>People are not told.</summary>
    Notification,
}

/// <summary>How bad a failure is, and so what follows.</summary>
public enum FailureSeverity
{
    /// <summary>Queued or tried again; the release goes on.</summary>
    Moderate,

    /// <summary>The release goes back by its trigger; with nobody exposed people are asked, and have 15 minutes.</summary>
    High,

    /// <summary>The release goes back at once.</summary>
    Critical,
}
