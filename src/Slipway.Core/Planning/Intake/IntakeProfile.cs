namespace Slipway.Core.Planning.Intake;

/// <summary>How much a request must say before it may start.</summary>
public enum IntakeProfile
{
    /// <summary>Only what a release cannot run safely without; everything else is an open question.</summary>
    Standard,

    /// <summary>Everything that a gate, a trigger, a way back, a message or the report needs; for regulated teams.</summary>
    Strict,

    /// <summary>The few inputs of a brief, from which a phased plan can be drafted; asks for nothing else, and starts nothing.</summary>
    Brief,
}
