using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What a host does for its releases when it starts.</summary>
public sealed partial class ReleaseDesk
{
    /// <summary>
    /// After a restart: schedules and wakes every recorded release that is not over and may have missed something, so that neither a start that was
    /// recorded but never scheduled nor a command whose signal was lost waits for anyone. Idempotent.
    /// </summary>
    public async Task<RepairOutcome> RepairAsync(CancellationToken cancellation)
    {
        var goingOn = 0;
        var notRunHere = new List<ReleaseId>();
        foreach (var together in (await journal.ListAsync(cancellation)).Chunk(LookedAtTogether))
        {
            var looks = await Task.WhenAll(together.Select(release => LookAsync(release, cancellation)));
            foreach (var (release, look) in together.Zip(looks))
            {
                if (look == RepairLook.Over) continue;
                if (look == RepairLook.Open && await journal.StateAsync(release, cancellation) is { } state && !WorkflowVersions.Knows(state))
                {
                    await journal.AppendAsync(release, [WorkflowVersions.Alert(release, state, time.GetUtcNow())], cancellation);
                    notRunHere.Add(release);
                    continue;
                }

                goingOn++;
                if (look == RepairLook.GoesOn) continue;
                await client.ScheduleAsync(release, cancellation);
                await client.WakeAsync(release, cancellation);
            }
        }

        return new RepairOutcome(goingOn, notRunHere);
    }

    /// <summary>Wakes a release for what was recorded just now. It is recorded whether the engine answers or not, and whoever asked for it has to hear that:
    /// the sweeper wakes the release within a minute.</summary>
    private async Task TryWakeAsync(ReleaseId release, CancellationToken cancellation)
    {
        try
        {
            await client.WakeAsync(release, cancellation);
        }
        catch (PortUnavailableException)
        {
            // The sweeper does it.
        }
    }

    /// <summary>
    /// How a release stands, without folding its ledger. One that the engine runs goes on by itself when its last snapshot, behind which nothing was appended,
    /// says that it has begun and owes nobody an answer.
    /// </summary>
    private async Task<RepairLook> LookAsync(ReleaseId release, CancellationToken cancellation)
    {
        if (await snapshots.GetAsync(release, cancellation) is not { } snapshot) return RepairLook.Open;
        if (snapshot.Summary.Phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed) return RepairLook.Over;
        return snapshot.Summary is { Phase: not ReleasePhase.Received, Unanswered: 0 }
            && await client.HealthAsync(release, cancellation) == OrchestrationHealth.Running
            && (await journal.ReadAsync(release, snapshot.Sequence, cancellation)).Count == 0
            ? RepairLook.GoesOn
            : RepairLook.Open;
    }

    /// <summary>So many releases are looked at together after a restart.</summary>
    private const int LookedAtTogether = 16;

    private enum RepairLook
    {
        /// <summary>Nothing to do for it any more.</summary>
        Over,

        /// <summary>The engine runs it, and nothing waits for it.</summary>
        GoesOn,

        /// <summary>It may not be scheduled, or may not know of something.</summary>
        Open,
    }
}
