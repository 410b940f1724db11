using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Execution;

/// <summary>Rebuilds a run from its history, and finds the first step where the code no longer does what history says.</summary>
internal static class Replayer
{
    /// <summary>
    /// Replays <paramref name="history"/> into a fresh <paramref name="execution"/>; null when the code did exactly what is recorded.
    /// </summary>
    /// <param name="execution">A run to which nothing was delivered yet.</param>
    /// <param name="history">Its events, in order, from the start.</param>
    /// <param name="compareData">Whether inputs and outputs must be equal too. A running instance must survive a new member in a record;
    /// a recorded history that is kept as a test must not change silently.</param>
    public static ReplayDifference? Replay(WorkflowExecution execution, IReadOnlyList<HistoryEvent> history, bool compareData)
    {
        execution.IsReplaying = true;
        var next = 0;
        while (next < history.Count)
        {
            var input = history[next];
            if (!input.IsInput || !execution.Accepts(input))
                return new ReplayDifference(input.Sequence, input.Step, input.Describe(), execution.Fault ?? "nothing more");
            // The last input is where the live run stood: code that runs for it may log as live code does not, so it still counts as replay.
            var asked = execution.Deliver(input);
            if (execution.Fault is { } fault)
                return new ReplayDifference(input.Sequence, input.Step, input.Describe(), fault);
            next++;
            if (Compare(asked, history, ref next, compareData) is { } difference)
                return difference;
        }

        execution.IsReplaying = false;
        return null;
    }

    private static ReplayDifference? Compare(IReadOnlyList<HistoryEvent> asked, IReadOnlyList<HistoryEvent> history, ref int next, bool compareData)
    {
        foreach (var ask in asked)
        {
            var recorded = next < history.Count ? history[next] : null;
            if (recorded is null || recorded.IsInput)
                return new ReplayDifference(recorded?.Sequence ?? history.Count, ask.Step, "nothing more at this point", ask.Describe());
            if (!Same(recorded, ask))
                return new ReplayDifference(recorded.Sequence, recorded.Step, recorded.Describe(), ask.Describe());
            if (compareData && !SameData(recorded.Data, ask.Data))
                return new ReplayDifference(recorded.Sequence, recorded.Step, $"{recorded.Describe()} with {Text(recorded.Data)}", $"{ask.Describe()} with {Text(ask.Data)}");
            next++;
        }

        return next < history.Count && !history[next].IsInput
            ? new ReplayDifference(history[next].Sequence, history[next].Step, history[next].Describe(), "nothing more at this point")
            : null;
    }

    private static bool Same(HistoryEvent recorded, HistoryEvent asked) =>
        recorded.Kind == asked.Kind
        && recorded.Step == asked.Step
        && recorded.Name == asked.Name
        && recorded.InstanceId == asked.InstanceId
        && recorded.Due == asked.Due;

    private static bool SameData(JsonElement? recorded, JsonElement? asked) =>
        JsonElement.DeepEquals(recorded ?? WorkflowRegistry.ToJson<object?>(null), asked ?? WorkflowRegistry.ToJson<object?>(null));

    private static string Text(JsonElement? data) => data?.GetRawText() ?? "null";
}
