using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Durable;

/// <summary>
/// How a child's code ended, sent to its parent as an event when the platform would tell of the end only later: it keeps an instance running
/// until everything that it scheduled has answered.
/// </summary>
/// <param name="Output">What it returned; undefined when it failed or returned nothing.</param>
/// <param name="ErrorType">The full name of what it threw; null: it returned.</param>
/// <param name="ErrorMessage">What that says; null: it returned.</param>
public sealed record ChildEnded(JsonElement? Output, string? ErrorType = null, string? ErrorMessage = null)
{
    /// <summary>The event by which a child's end is told.</summary>
    /// <param name="instance">The child's id as the workflow knows it.</param>
    public static string EventOf(string instance) => $"ended:{DurableNames.IdOf(instance)}";

    /// <summary>A failure.</summary>
    /// <param name="error">What the code threw.</param>
    public static ChildEnded Of(Exception error) => new(null, error.GetType().FullName, error.Message);

    /// <summary>What it returned, or its failure.</summary>
    /// <param name="workflow">The child's workflow.</param>
    /// <exception cref="ActivityFailedException">It failed.</exception>
    public JsonElement OutputOf(string workflow) =>
        ErrorType is null ? Output ?? default : throw new ActivityFailedException(workflow, ErrorType, ErrorMessage ?? "");
}
