using Slipway.Core.Releases;

namespace Slipway.Workflow.Ports;

/// <summary>The engine as seen by handlers: start the orchestration of a recorded release, and wake it.</summary>
public interface IReleaseClient
{
    /// <summary>Schedules the release's orchestration; does nothing when it is already scheduled, running or over.</summary>
    Task ScheduleAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>Raises <c>wake</c>: there is something new in the ledger. Lost wake-ups are repaired by the sweeper.</summary>
    Task WakeAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>Starts the rescue of a release that was taken over (see <see cref="Core.Ledgers.ReleaseTakenOver"/>); at most one
    /// runs for each release, so asking again does nothing, unless the last one failed: then another is started.</summary>
    Task RescueAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>Starts the aftercare of a release that is over; there is at most one for each release, so asking again does nothing.</summary>
    Task AftercareAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>How the orchestration is doing.</summary>
    Task<OrchestrationHealth> HealthAsync(ReleaseId release, CancellationToken cancellation);
}

/// <summary>How an orchestration is doing.</summary>
public enum OrchestrationHealth
{
    /// <summary>It was never scheduled.</summary>
    Missing,

    /// <summary>It is scheduled or running.</summary>
    Running,

    /// <summary>It ended by itself.</summary>
    Completed,

    /// <summary>It failed with an error.</summary>
    Failed,
}
