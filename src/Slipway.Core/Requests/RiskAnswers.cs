namespace Slipway.Core.Requests;

/// <summary>Who is hit when a release goes wrong.</summary>
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
