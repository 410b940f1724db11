namespace Slipway.Workflow.Engine;

/// <summary>The persisted, versioned name of an activity, with its input and output types.</summary>
/// <param name="Value">For example <c>flag.set.v1</c>.</param>
public sealed record ActivityName<TInput, TOutput>(string Value);

/// <summary>The persisted, versioned name of a workflow, with its input and output types.</summary>
/// <param name="Value">For example <c>release.v1</c>.</param>
public sealed record WorkflowName<TInput, TOutput>(string Value);

/// <summary>When an activity is tried again.</summary>
/// <param name="Attempts">All attempts together, 1 or more.</param>
/// <param name="First">Pause after the first failure.</param>
/// <param name="Factor">Each further pause is this many times the one before, 1 or more.</param>
/// <param name="Longest">No pause is longer.</param>
public sealed record ActivityRetry(int Attempts, TimeSpan First, double Factor, TimeSpan Longest);

/// <summary>An activity or a child workflow failed for good. Only its type name and message survive replay.</summary>
public sealed class ActivityFailedException(string name, string errorType, string message)
    : Exception($"{name} failed: {message}")
{
    /// <summary>The activity or workflow.</summary>
    public string Name { get; } = name;

    /// <summary>The full type name of the exception that it threw.</summary>
    public string ErrorType { get; } = errorType;

    /// <summary>That exception's message.</summary>
    public string ErrorMessage { get; } = message;
}
