using Slipway.Embedded.Engine.Execution;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>What a search for an instance found.</summary>
/// <param name="Instance">The instance; null when it does not exist or stands still.</param>
/// <param name="Fault">Why the present code cannot continue it; null when it can.</param>
internal readonly record struct FoundInstance(LiveInstance? Instance, string? Fault = null);

/// <summary>The instances in memory; one that is not there is rebuilt from its history.</summary>
internal sealed class LiveInstances(IEngineStore store, WorkflowRegistry registry)
{
    private readonly Dictionary<string, LiveInstance> _live = new(StringComparer.Ordinal);

    public async Task<FoundInstance> FindAsync(string id)
    {
        if (_live.TryGetValue(id, out var live))
            return new FoundInstance(live);
        var stored = await store.LoadAsync(id);
        if (stored is null or { Status: InstanceStatus.Faulted })
            return default;
        if (stored.Status != InstanceStatus.Running)
            return new FoundInstance(new LiveInstance(stored, execution: null));
        if (!registry.Workflows.TryGetValue(stored.Workflow, out var workflow))
            return new FoundInstance(new LiveInstance(stored, execution: null), $"No workflow with the name {stored.Workflow} is registered in this version.");
        var execution = new WorkflowExecution(workflow, id, store.KeepsValues);
        if (Replayer.Replay(execution, stored.History, compareData: false) is { } difference)
            return new FoundInstance(new LiveInstance(stored, execution), $"{stored.Workflow} is not deterministic, or its code has changed. {difference}");
        return new FoundInstance(_live[id] = new LiveInstance(stored, execution));
    }

    /// <summary>Removes an instance from memory and returns it; null when it is not there.</summary>
    public LiveInstance? Forget(string id) => _live.Remove(id, out var instance) ? instance : null;
}
