using Slipway.Core.Requests;

namespace Slipway.Core.Reporting.Contract;

/// <summary>How much can go wrong; see <see cref="Slipway.Core.Reporting.RiskTables"/>.</summary>
/// <param name="DeploymentRisk">The plan's risk.</param>
/// <param name="BlastRadius">Who is exposed now.</param>
/// <param name="RollbackComplexity">How hard the way back is.</param>
/// <param name="DataRisk">What data is at stake.</param>
/// <param name="ConfidenceScore">0 to 1; falls with each warning.</param>
public sealed record RiskAssessment(
    RiskLevel DeploymentRisk,
    BlastRadius BlastRadius,
    RollbackComplexity RollbackComplexity,
    DataRisk DataRisk,
    double ConfidenceScore);

/// <summary>Who is exposed.</summary>
public enum BlastRadius
{
    /// <summary>Nobody, or few.</summary>
    Minimal,

    /// <summary>Up to 10 %.</summary>
    Limited,

    /// <summary>More, but not all.</summary>
    Significant,

    /// <summary>Everyone.</summary>
    Global,
}

/// <summary>How hard the way back is.</summary>
public enum RollbackComplexity
{
    /// <summary>Flags only.</summary>
    Simple,

    /// <summary>Configuration too.</summary>
    Moderate,

    /// <summary>Code or data too.</summary>
    Complex,
}

/// <summary>What data is at stake.</summary>
public enum DataRisk
{
    /// <summary>No migration and no data write.</summary>
    None,

    /// <summary>Data is written, no migration.</summary>
    Low,

    /// <summary>A migration with a safe way back.</summary>
    Medium,

    /// <summary>A migration without one.</summary>
    High,
}
