using Slipway.Embedded.Engine;
using Slipway.Embedded.Releases;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Scenarios.World;

/// <summary>An engine under the scenarios, in virtual time.</summary>
internal interface IScenarioEngine : IAsyncDisposable
{
    /// <summary>The engine as the handlers see it, by the product's own adapter.</summary>
    IReleaseClient Client { get; }

    /// <summary>Makes it forget what is over, by the product's own adapter.</summary>
    IInstancePurge Purge { get; }

    /// <summary>
    /// Whether the report is looked at after every entry of the ledger. It follows from the ledger alone, whatever engine wrote it, so that it needs to be
    /// looked at on one engine only.
    /// </summary>
    bool ShowsReports => true;

    /// <summary>Does everything that can happen now, jumps to the next timer, and again, until the condition is met or the limit is reached.</summary>
    Task<VirtualRunEnd> RunVirtualAsync(DateTimeOffset limit, Func<ValueTask<bool>>? until = null);

    /// <summary>Does everything that can happen now.</summary>
    Task RunUntilIdleAsync();

    /// <summary>Every instance that it knows.</summary>
    Task<IReadOnlyList<InstanceInfo>> InstancesAsync();

    /// <summary>Whether an instance of another workflow than this one is under way.</summary>
    async Task<bool> RunsMoreThanAsync(string workflow) => (await InstancesAsync()).Any(instance => instance.Status == InstanceStatus.Running && instance.Workflow != workflow);

    /// <summary>How many lines it keeps of an instance's last run.</summary>
    Task<int> HistoryLengthAsync(string instance);

    /// <summary>The most lines that it writes into a history while an instance does nothing but wait that long: long timers may be made of short ones.</summary>
    int LinesOfWaiting(TimeSpan wait);

    /// <summary>Replays an instance's last run; null when the code does what history says, else the difference.</summary>
    Task<string?> ReplayAsync(string instance, WorkflowRegistry registry);

    /// <summary>The process ends and another one begins: what is in memory is gone, activities under way run again.</summary>
    Task<IScenarioEngine> RestartAsync(WorkflowRegistry registry);
}

/// <summary>Which engine the scenarios run on: the embedded one, unless the test assembly says otherwise.</summary>
internal static class ScenarioEngines
{
    private static readonly AsyncLocal<StartEngine?> Here = new();

    /// <summary>Where nothing else is said.</summary>
    public static StartEngine Default { get; set; } = (database, registry, time) => new EmbeddedScenarioEngine(database, registry, time);

    /// <summary>Starts an engine for a world.</summary>
    public static StartEngine Start => Here.Value ?? Default;

    /// <summary>Worlds that the caller makes until the result is disposed are on this engine.</summary>
    public static IDisposable Use(StartEngine start)
    {
        Here.Value = start;
        return new Used();
    }

    private sealed class Used : IDisposable
    {
        public void Dispose() => Here.Value = null;
    }
}

/// <summary>Starts an engine over a registry, on a clock; a database is there for an engine that needs one.</summary>
internal delegate IScenarioEngine StartEngine(SlipwayDatabase database, WorkflowRegistry registry, VirtualTimeProvider time);

/// <summary>The embedded engine.</summary>
internal sealed class EmbeddedScenarioEngine(SlipwayDatabase database, WorkflowRegistry registry, VirtualTimeProvider time) : IScenarioEngine
{
    public EmbeddedEngine Engine { get; } = new(database, registry, time, new EngineOptions());

    public IReleaseClient Client => new EmbeddedReleaseClient(Engine);

    public IInstancePurge Purge => new EmbeddedReleaseClient(Engine);

    public Task<VirtualRunEnd> RunVirtualAsync(DateTimeOffset limit, Func<ValueTask<bool>>? until = null) => Engine.RunVirtualAsync(limit, until);

    public Task RunUntilIdleAsync() => Engine.RunUntilIdleAsync();

    public async Task<IReadOnlyList<InstanceInfo>> InstancesAsync() => await Engine.ListAsync();

    public async Task<int> HistoryLengthAsync(string instance) => (await Engine.ReadHistoryAsync(instance)).Count;

    public int LinesOfWaiting(TimeSpan wait) => 0;

    public async Task<string?> ReplayAsync(string instance, WorkflowRegistry registry) =>
        ReplayVerifier.Replay(registry, await Engine.ReadHistoryAsync(instance)).Difference is { } difference ? $"{instance}: {difference}" : null;

    public async Task<IScenarioEngine> RestartAsync(WorkflowRegistry registry)
    {
        await Engine.DisposeAsync();
        return new EmbeddedScenarioEngine(database, registry, time);
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
