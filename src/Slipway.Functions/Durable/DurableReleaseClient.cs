using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;
using Slipway.Workflow.Retention;

namespace Slipway.Functions.Durable;

/// <summary>Durable Functions as the handlers see it. A release's instance has the release's id, so scheduling twice is scheduling once.</summary>
/// <param name="client">The client of the task hub.</param>
public sealed class DurableReleaseClient(DurableTaskClient client) : IReleaseClient, IInstancePurge
{
    private static readonly OrchestrationRuntimeStatus[] EveryStatus = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    /// <inheritdoc/>
    public async Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) =>
        await StartAsync(ReleaseActivities.Release, release.Value, new ReleaseInput(release), cancellation);

    /// <inheritdoc/>
    public async Task RescueAsync(ReleaseId release, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var instance = RescueWorkflow.InstanceOf(release, attempt);
            if (await StartAsync(ReleaseActivities.Rescue, instance, new RescueInput(release), cancellation)) return;
            if (await HealthAsync(instance, cancellation) != OrchestrationHealth.Failed) return;
        }
    }

    /// <inheritdoc/>
    public async Task AftercareAsync(ReleaseId release, CancellationToken cancellation) =>
        await StartAsync(ReleaseActivities.Aftercare, AftercareWorkflow.InstanceOf(release), new AftercareInput(release), cancellation);

    /// <inheritdoc/>
    public async Task WakeAsync(ReleaseId release, CancellationToken cancellation)
    {
        if (await HealthAsync(release, cancellation) != OrchestrationHealth.Running) return;
        try
        {
            await client.RaiseEventAsync(DurableNames.IdOf(release.Value), ReleaseWorkflow.Wake, "", cancellation);
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            // It ended since it was looked at: there is nobody to wake.
        }
        catch (RpcException error)
        {
            throw Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) => HealthAsync(release.Value, cancellation);

    /// <inheritdoc/>
    public async Task PurgeAsync(ReleaseId release, CancellationToken cancellation)
    {
        // Children by their ids: a store need not purge them with their parent. The release's own instance goes last, so that a round that was cut
        // short is seen to be unfinished.
        try
        {
            var children = client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = DurableNames.IdOf($"{release}/") });
            var instances = new List<string>();
            await foreach (var child in children.WithCancellation(cancellation)) instances.Add(DurableNames.InstanceOf(child.InstanceId));
            foreach (var instance in instances) await PurgeAsync(instance, cancellation);
        }
        catch (RpcException error)
        {
            throw Unavailable(error);
        }

        await PurgeAsync(release.Value, cancellation);
    }

    /// <summary>Purges an instance that is over; one that still runs is left.</summary>
    private async Task PurgeAsync(string instance, CancellationToken cancellation)
    {
        if (await HealthAsync(instance, cancellation) is OrchestrationHealth.Missing or OrchestrationHealth.Running) return;
        try
        {
            await client.PurgeInstanceAsync(DurableNames.IdOf(instance), cancellation);
        }
        catch (RpcException error)
        {
            throw Unavailable(error);
        }
    }

    /// <summary>
    /// How a runtime status counts. A suspended orchestration is one that lives and does nothing: when somebody is exposed meanwhile, its
    /// silence is what the dead-man's switch sees. One that was terminated does not come back.
    /// </summary>
    /// <param name="status">The status; null: there is no such instance.</param>
    internal static OrchestrationHealth HealthOf(OrchestrationRuntimeStatus? status) => status switch
    {
        null => OrchestrationHealth.Missing,
        OrchestrationRuntimeStatus.Completed => OrchestrationHealth.Completed,
        OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Suspended => OrchestrationHealth.Running,
#pragma warning disable CS0618 // A status that is no longer given, but that an old instance may have.
        OrchestrationRuntimeStatus.ContinuedAsNew => OrchestrationHealth.Running,
#pragma warning restore CS0618
        _ => OrchestrationHealth.Failed,
    };

    private async Task<OrchestrationHealth> HealthAsync(string instance, CancellationToken cancellation)
    {
        try
        {
            var found = await client.GetInstanceAsync(DurableNames.IdOf(instance), getInputsAndOutputs: true, cancellation);
            return FailedStatus.IsIn(found?.SerializedCustomStatus) ? OrchestrationHealth.Failed : HealthOf(found?.RuntimeStatus);
        }
        catch (RpcException error)
        {
            throw Unavailable(error);
        }
    }

    /// <summary>False: the id exists already, in whatever state, and nothing was changed.</summary>
    private async Task<bool> StartAsync<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instance, TInput input, CancellationToken cancellation)
    {
        // Not every store refuses a start over an instance that is over, so it is asked first.
        if (await HealthAsync(instance, cancellation) != OrchestrationHealth.Missing) return false;
        try
        {
            var options = new StartOrchestrationOptions { InstanceId = DurableNames.IdOf(instance) }.WithDedupeStatuses(EveryStatus);
            await client.ScheduleNewOrchestrationInstanceAsync(DurableNames.FunctionOf(workflow.Value), WorkflowRegistry.ToJson(input), options, cancellation);
            return true;
        }
        catch (Exception error) when (AlreadyThere(error))
        {
            // Somebody else started it in the meantime.
            return false;
        }
        catch (RpcException error)
        {
            throw Unavailable(error);
        }
    }

    private static bool AlreadyThere(Exception error) =>
        error is DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException or RpcException { StatusCode: StatusCode.AlreadyExists };

    private static PortUnavailableException Unavailable(RpcException error) => new("engine", $"{error.StatusCode}: {error.Status.Detail}", error);
}
