using Slipway.Embedded.Engine.Execution;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>The first place where code and history differ.</summary>
/// <param name="Sequence">The line of history, 0 first.</param>
/// <param name="Step">The step it belongs to; null when it belongs to none.</param>
/// <param name="Recorded">What history has there.</param>
/// <param name="Asked">What the code asked for.</param>
public sealed record ReplayDifference(int Sequence, int? Step, string Recorded, string Asked)
{
    /// <summary>The difference as one sentence.</summary>
    public override string ToString()
    {
        var step = Step is { } number ? $" (step {number})" : "";
        return $"At history event {Sequence}{step} history has {Recorded}, but the code asked for {Asked}.";
    }
}

/// <summary>How a replay ended.</summary>
/// <param name="Difference">The first difference; null when the code does what history says.</param>
public sealed record ReplayResult(ReplayDifference? Difference)
{
    /// <summary>Whether the code does what history says.</summary>
    public bool Ok => Difference is null;
}

/// <summary>
/// Checks that today's code still follows a recorded history, with no database and no activity run. Stricter than the engine: inputs of
/// activities and children, and outputs, must be equal too.
/// </summary>
public static class ReplayVerifier
{
    /// <summary>
    /// Replays a history as <see cref="EmbeddedEngine.ReadHistoryAsync"/> or <see cref="HistoryJson.FromLines"/> gives it. The workflow
    /// is found by the name in its first event; a workflow that is not registered is a difference too.
    /// </summary>
    public static ReplayResult Replay(WorkflowRegistry registry, IReadOnlyList<HistoryEvent> history)
    {
        if (history.Count == 0 || history[0] is not { Kind: HistoryEventKind.Started, Name: { } name, InstanceId: { } instanceId } start)
            return new ReplayResult(new ReplayDifference(0, null, "no start", "a start with the workflow's name and the instance's id"));
        if (!registry.Workflows.TryGetValue(name, out var workflow))
            return new ReplayResult(new ReplayDifference(0, null, start.Describe(), $"one of the registered workflows: {string.Join(", ", registry.Workflows.Keys)}"));
        return new ReplayResult(Replayer.Replay(new WorkflowExecution(workflow, instanceId), history, compareData: true));
    }
}
