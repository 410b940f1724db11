using Slipway.Embedded.Engine.Execution;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>What a search for an instance found.</summary>
/// <param name="Instance">The instance; null when it does not exist or stands still.</param>
/// <param name="Fault">Why the present code cannot continue it; null when it can.</param>
internal readonly record struct FoundInstance(LiveInstance? Instance, string? Fault = null);

/// <summary>
/// The instances in memory; one that is not there is rebuilt from its history. Of those that wait for nothing but signals and timers only so many stay,
/// the ones that did something last: what the others wait for is stored, and finds them there. Where values are kept, memory is the store, and all stay.
/// </summary>
/// <param name="store">Where they are rebuilt from.</param>
/// <param name="registry">Their code.</param>
/// <param name="mostIdle">How many idle ones stay.</param>
internal sealed class LiveInstances(IEngineStore store, WorkflowRegistry registry, int mostIdle)
{
    /// <summary>It is not worth while to forget what a timer asks for again so soon.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, LiveInstance> _live = new(StringComparer.Ordinal);
    private readonly OrderedIds _idle = new();

    /// <summary>How many are in memory.</summary>
    public int Count => _live.Count;

    /// <summary>Finds an instance for a turn; it stays until <see cref="Settle"/> or <see cref="Forget"/>.</summary>
    public async Task<FoundInstance> FindAsync(string id)
    {
        if (_live.TryGetValue(id, out var live))
        {
            _idle.Remove(id);
            return new FoundInstance(live);
        }

        var stored = await store.LoadAsync(id);
        if (stored is null or { Status: InstanceStatus.Faulted })
            return default;
        if (stored.Status != InstanceStatus.Running)
            return new FoundInstance(new LiveInstance(stored, execution: null));
        if (stored.Unreadable is { } unreadable)
            return new FoundInstance(new LiveInstance(stored, execution: null), $"Its history cannot be read by this version: {unreadable}");
        if (!registry.Workflows.TryGetValue(stored.Workflow, out var workflow))
            return new FoundInstance(new LiveInstance(stored, execution: null), $"No workflow with the name {stored.Workflow} is registered in this version.");
        var execution = new WorkflowExecution(workflow, id, store.KeepsValues);
        if (Replayer.Replay(execution, stored.History, compareData: false) is { } difference)
            return new FoundInstance(new LiveInstance(stored, execution), $"{stored.Workflow} is not deterministic, or its code has changed. {difference}");
        return new FoundInstance(_live[id] = new LiveInstance(stored, execution));
    }

    /// <summary>The instance has done its turn and everything of it is stored: when it is idle it may leave memory.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="now">The time: one that has to come back soon stays.</param>
    public void Settle(LiveInstance instance, DateTimeOffset now)
    {
        if (store.KeepsValues || instance.Execution?.IsIdleUntil(now + Soon) != true || !_live.ContainsKey(instance.Id))
            return;
        _idle.Add(instance.Id);
        while (_idle.Count > mostIdle)
            _live.Remove(_idle.TakeFirst());
    }

    /// <summary>Removes an instance from memory and returns it; null when it is not there.</summary>
    public LiveInstance? Forget(string id)
    {
        _idle.Remove(id);
        return _live.Remove(id, out var instance) ? instance : null;
    }
}
