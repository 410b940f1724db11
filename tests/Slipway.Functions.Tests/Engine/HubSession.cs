using System.Text.Json;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;
using Slipway.Functions.Durable;

namespace Slipway.Functions.Tests.Engine;

/// <summary>An orchestration's code over its history, by Durable Task's executor and the worker's shim; it can stay in memory between turns.</summary>
/// <param name="history">What happened in its run before.</param>
internal sealed class HubSession(IReadOnlyList<HistoryEvent> history)
{
    /// <summary>What happened in its run, with what is new.</summary>
    public OrchestrationRuntimeState State { get; } = new([.. history]);

    /// <summary>The lines of history that it was made from.</summary>
    public int Replayed { get; } = history.Count;

    /// <summary>The code as it stands; null before the first turn.</summary>
    public TaskOrchestrationExecutor? Executor { get; private set; }

    /// <summary>Replays the history and goes on with what is new.</summary>
    public OrchestratorExecutionResult Execute(DurableModule code)
    {
        var parent = State.ParentInstance is { } asking ? new ParentOrchestrationInstance(asking.Name, asking.OrchestrationInstance.InstanceId) : null;
        var orchestration = DurableTaskShimFactory.Default.CreateOrchestration<JsonElement, JsonElement>(State.Name, (context, _) => code.RunAsync(context), parent);
        Executor = new TaskOrchestrationExecutor(State, orchestration, BehaviorOnContinueAsNew.Carryover, ErrorPropagationMode.UseFailureDetails);
        return Executor.Execute();
    }
}
