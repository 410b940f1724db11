namespace Slipway.Core.Planning.Risk;

/// <summary>The category of a change, in the order in which a release brings them to users: zero, low, medium, high.</summary>
public enum ChangeRisk
{
    /// <summary>Nothing that runs for users: tests, documents, code behind a flag that is off.</summary>
    Zero,

    /// <summary>New code that nothing uses yet, and reads.</summary>
    Low,

    /// <summary>What users already reach: interfaces, middleware, additive migrations.</summary>
    Medium,

    /// <summary>Security, payments, data writes, and what affects everybody.</summary>
    High,
}

/// <summary>Whether the release flag is on where a change is judged: a change can be harmless while it is off.</summary>
public enum FlagActivation
{
    /// <summary>Deployed, flag off.</summary>
    Off,

    /// <summary>Flag on for somebody.</summary>
    On,
}
