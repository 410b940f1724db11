using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Rescue;
using Slipway.Workflow.Retention;

namespace Slipway.Embedded.Releases;

/// <summary>The embedded engine as the handlers see it. A release's instance has the release's id, so scheduling twice is scheduling once.</summary>
/// <param name="engine">The engine.</param>
public sealed class EmbeddedReleaseClient(EmbeddedEngine engine) : IReleaseClient, IInstancePurge
{
    /// <inheritdoc/>
    public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation) =>
        CallAsync(() => engine.StartAsync(ReleaseActivities.Release, release.Value, new ReleaseInput(release), cancellation));

    /// <inheritdoc/>
    public Task WakeAsync(ReleaseId release, CancellationToken cancellation) =>
        CallAsync(() => engine.SignalAsync(release.Value, ReleaseWorkflow.Wake, "", cancellation));

    /// <inheritdoc/>
    public async Task RescueAsync(ReleaseId release, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var instance = RescueWorkflow.InstanceOf(release, attempt);
            if (await CallAsync(() => engine.StartAsync(ReleaseActivities.Rescue, instance, new RescueInput(release), cancellation))) return;
            if (await CallAsync(() => engine.GetAsync(instance, cancellation)) is not { Status: InstanceStatus.Failed or InstanceStatus.Faulted }) return;
        }
    }

    /// <inheritdoc/>
    public Task AftercareAsync(ReleaseId release, CancellationToken cancellation) =>
        CallAsync(() => engine.StartAsync(ReleaseActivities.Aftercare, AftercareWorkflow.InstanceOf(release), new AftercareInput(release), cancellation));

    /// <inheritdoc/>
    public Task PurgeAsync(ReleaseId release, CancellationToken cancellation) => CallAsync(() => engine.PurgeAsync(release.Value, cancellation));

    /// <inheritdoc/>
    public async Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) =>
        await CallAsync(() => engine.GetAsync(release.Value, cancellation)) is not { } instance ? OrchestrationHealth.Missing : instance.Status switch
        {
            InstanceStatus.Running => OrchestrationHealth.Running,
            InstanceStatus.Completed => OrchestrationHealth.Completed,
            _ => OrchestrationHealth.Failed,
        };

    /// <summary>The engine is in the database: when that does not answer, neither does the engine.</summary>
    private static Task<T> CallAsync<T>(Func<Task<T>> call) => SqlitePort.CallAsync("engine", call);
}
