namespace Slipway.Workflow.Flags;

/// <summary>A flag's JSON, or what is asked of it, does not have a form that can be carried out. Trying again does not help.</summary>
public sealed class FlagFormatException(string flag, string problem, Exception? inner = null)
    : Exception($"Flag '{flag}': {problem}", inner)
{
    /// <summary>The flag's name.</summary>
    public string Flag { get; } = flag;

    /// <summary>What was found and what is expected.</summary>
    public string Problem { get; } = problem;
}
