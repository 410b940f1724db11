namespace Slipway.Core.Planning.Risk;

/// <summary>What kind of thing a changed file is; <see cref="ChangeKinds"/> has the risk of each.</summary>
public enum ChangeKind
{
    /// <summary>A test.</summary>
    Test,

    /// <summary>A document.</summary>
    Documentation,

    /// <summary>A feature flag that is off.</summary>
    FeatureFlag,

    /// <summary>Code that only reads.</summary>
    ReadOnly,

    /// <summary>What is shown, and nothing else.</summary>
    Presentation,

    /// <summary>Types and declarations.</summary>
    Types,

    /// <summary>Helping code without a route of its own.</summary>
    Utility,

    /// <summary>Code of a kind that neither its path nor its area tells.</summary>
    Source,

    /// <summary>Configuration.</summary>
    Configuration,

    /// <summary>A list of packages.</summary>
    Dependency,

    /// <summary>Infrastructure and pipelines.</summary>
    Infrastructure,

    /// <summary>A route or an API.</summary>
    Api,

    /// <summary>What every request passes.</summary>
    Middleware,

    /// <summary>A schema or data migration.</summary>
    Migration,

    /// <summary>Code that writes data.</summary>
    DataWrite,

    /// <summary>Signing in, sessions, permissions.</summary>
    Authentication,

    /// <summary>Money.</summary>
    Payment,

    /// <summary>Security-critical logic: keys, encryption, secrets.</summary>
    Security,

    /// <summary>A mechanism that affects all users.</summary>
    AllUsers,
}
