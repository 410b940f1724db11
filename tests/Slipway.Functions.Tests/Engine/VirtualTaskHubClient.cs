using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace Slipway.Functions.Tests.Engine;

/// <summary>The client of a task hub in virtual time, as far as the product uses clients.</summary>
internal sealed class VirtualTaskHubClient(VirtualTaskHub hub) : DurableTaskClient("virtual")
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        var id = options?.InstanceId ?? throw new NotSupportedException("The product names its instances.");
        return hub.Start(orchestratorName.Name, id, JsonDataConverter.Default.Serialize(input))
            ? Task.FromResult(id)
            : throw new OrchestrationAlreadyExistsException($"{id} exists already.");
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        hub.Raise(instanceId, eventName, JsonDataConverter.Default.Serialize(eventPayload));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(hub.Find(instanceId) is { } found ? MetadataOf(found) : null);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationMetadata[] found = [.. hub.Instances.Where(instance => instance.Id.StartsWith(filter?.InstanceIdPrefix ?? "", StringComparison.Ordinal)).Select(MetadataOf)];
        return Pageable.Create((_, _) => Task.FromResult(new Page<OrchestrationMetadata>(found)));
    }

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (hub.Find(instanceId) is not { IsOver: true }) return Task.FromResult(new PurgeResult(0));
        hub.Forget(instanceId);
        return Task.FromResult(new PurgeResult(1));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw Unused();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw Unused();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw Unused();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw Unused();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException Unused() => new("The product does not ask for this.");

    private static OrchestrationMetadata MetadataOf(HubInstance instance) => new(instance.Name, instance.Id)
    {
        RuntimeStatus = (OrchestrationRuntimeStatus)(int)instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.UpdatedAt,
        SerializedInput = instance.Started.Input,
        SerializedOutput = instance.Completed?.Result,
        SerializedCustomStatus = instance.CustomStatus,
        DataConverter = JsonDataConverter.Default,
    };
}
