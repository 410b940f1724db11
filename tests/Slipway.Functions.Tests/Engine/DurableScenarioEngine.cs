using System.Runtime.CompilerServices;
using System.Text.Json;
using DurableTask.Core;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Time;
using Slipway.Functions.Durable;
using Slipway.Scenarios.World;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Retention;

namespace Slipway.Functions.Tests.Engine;

/// <summary>
/// Durable Task under the scenarios, in virtual time: the product's adapter (<see cref="DurableModule"/>, <see cref="DurableReleaseClient"/>),
/// Durable Task's worker and executor, and a task hub in memory.
/// </summary>
internal sealed class DurableScenarioEngine : IScenarioEngine
{
    private readonly VirtualTimeProvider _time;
    private readonly VirtualTaskHub _hub;
    private readonly HubActivities _activities;

    private DurableScenarioEngine(WorkflowRegistry registry, VirtualTimeProvider time, VirtualTaskHub? hub = null)
    {
        var module = new DurableModule(registry);
        (_time, _hub) = (time, hub ?? new VirtualTaskHub(time, module));
        _activities = new HubActivities(_hub, module);
        _hub.Deploy(module);
        _hub.Asked = _activities.Begin;
        foreach (var (key, open) in _hub.Open) _activities.Begin(key, open);
    }

    public IReleaseClient Client => new DurableReleaseClient(new VirtualTaskHubClient(_hub));

    public IInstancePurge Purge => new DurableReleaseClient(new VirtualTaskHubClient(_hub));

    /// <summary>Only on demand: the same stories show them on the embedded engine.</summary>
    public bool ShowsReports { get; } = Environment.GetEnvironmentVariable("SLIPWAY_DURABLE") == "all";

    /// <summary>The scenarios of this assembly run on Durable Task.</summary>
    [ModuleInitializer]
    public static void UseInThisAssembly() => ScenarioEngines.Default = (_, registry, time) => new DurableScenarioEngine(registry, time);

    public async Task<VirtualRunEnd> RunVirtualAsync(DateTimeOffset limit, Func<ValueTask<bool>>? until = null)
    {
        while (true)
        {
            await RunUntilIdleAsync();
            if (until is not null && await until()) return VirtualRunEnd.Reached;
            if (_time.NextTimerDue is not { } next) return VirtualRunEnd.Idle;
            if (next > limit)
            {
                if (limit > _time.GetUtcNow()) _time.AdvanceTo(limit);
                return VirtualRunEnd.Limit;
            }

            _time.AdvanceTo(next);
        }
    }

    public async Task RunUntilIdleAsync()
    {
        do
        {
            while (_hub.Turn() || _activities.Continue())
            {
            }
        }
        while (await _activities.WaitAsync());
    }

    public Task<IReadOnlyList<InstanceInfo>> InstancesAsync() => Task.FromResult<IReadOnlyList<InstanceInfo>>([.. _hub.Instances.Select(InfoOf)]);

    // Asked after every step: nothing of what the instances carry is read for it.
    public Task<bool> RunsMoreThanAsync(string workflow) =>
        Task.FromResult(_hub.Instances.Any(instance => StatusOf(instance) == InstanceStatus.Running && WorkflowOf(instance) != workflow));

    public Task<int> HistoryLengthAsync(string instance) => Task.FromResult(_hub.Find(DurableNames.IdOf(instance))?.History.Count ?? 0);

    // A turn begins and ends, a timer has fired and the next is set; each lasts three days at most.
    public int LinesOfWaiting(TimeSpan wait) => 4 * (int)Math.Ceiling(wait / TimeSpan.FromDays(3));

    public Task<string?> ReplayAsync(string instance, WorkflowRegistry registry) => Task.FromResult(_hub.Replay(Found(instance), new DurableModule(registry)));

    public Task<IScenarioEngine> RestartAsync(WorkflowRegistry registry)
    {
        _activities.Dispose();
        return Task.FromResult<IScenarioEngine>(new DurableScenarioEngine(registry, _time, _hub));
    }

    public ValueTask DisposeAsync()
    {
        _activities.Dispose();
        return ValueTask.CompletedTask;
    }

    private HubInstance Found(string instance) => _hub.Find(DurableNames.IdOf(instance)) ?? throw new InvalidOperationException($"There is no instance {instance}.");

    // Names of functions have hyphens for dots, and those of workflows have no hyphens.
    private static string WorkflowOf(HubInstance instance) => instance.Name.Replace('-', '.');

    private static InstanceStatus StatusOf(HubInstance instance) => FailedStatus.IsIn(instance.CustomStatus)
        ? InstanceStatus.Failed
        : DurableReleaseClient.HealthOf((Microsoft.DurableTask.Client.OrchestrationRuntimeStatus)(int)instance.Status) switch
        {
            OrchestrationHealth.Running => InstanceStatus.Running,
            OrchestrationHealth.Completed => InstanceStatus.Completed,
            _ => InstanceStatus.Failed,
        };

    private static InstanceInfo InfoOf(HubInstance instance) => new()
    {
        Id = instance.ProductId,
        Workflow = WorkflowOf(instance),
        Status = StatusOf(instance),
        Input = JsonDocument.Parse(instance.Started.Input ?? "null").RootElement,
        Output = instance.Completed is { OrchestrationStatus: OrchestrationStatus.Completed, Result: { } result } ? JsonDocument.Parse(result).RootElement : null,
        ErrorType = instance.Completed?.FailureDetails?.ErrorType,
        ErrorMessage = instance.Completed?.FailureDetails?.ErrorMessage,
        CustomStatus = instance.CustomStatus is { } status ? JsonDocument.Parse(status).RootElement : null,
        Parent = instance.Started.ParentInstance is { } parent ? DurableNames.InstanceOf(parent.OrchestrationInstance.InstanceId) : null,
        Run = instance.Run,
        CreatedAt = instance.CreatedAt,
        UpdatedAt = instance.UpdatedAt,
    };
}
