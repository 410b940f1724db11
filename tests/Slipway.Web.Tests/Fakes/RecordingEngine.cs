using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Tests.Fakes;

/// <summary>An engine that runs nothing: remembers what it was asked, and lets a test answer a wake-up.</summary>
internal sealed class RecordingEngine : IReleaseClient
{
    public List<ReleaseId> Scheduled { get; } = [];

    public List<ReleaseId> Woken { get; } = [];

    /// <summary>What the release does when it is woken.</summary>
    public Func<ReleaseId, Task>? OnWake { get; set; }

    public Task ScheduleAsync(ReleaseId release, CancellationToken cancellation)
    {
        Scheduled.Add(release);
        return Task.CompletedTask;
    }

    public async Task WakeAsync(ReleaseId release, CancellationToken cancellation)
    {
        Woken.Add(release);
        if (OnWake is not null)
            await OnWake(release);
    }

    public Task RescueAsync(ReleaseId release, CancellationToken cancellation) => Task.CompletedTask;

    public Task AftercareAsync(ReleaseId release, CancellationToken cancellation) => Task.CompletedTask;

    public Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation) => Task.FromResult(OrchestrationHealth.Running);
}
