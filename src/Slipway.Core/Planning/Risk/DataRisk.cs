namespace Slipway.Core.Planning.Risk;

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
