using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>What a host does for its releases when it starts.</summary>
public sealed partial class ReleaseDesk
{
    /// <summary>
    /// After a restart: schedules and wakes every recorded release that is not over and may have missed something, so that neither a start that was
    /// recorded but never scheduled nor a command whose signal was lost waits for anyone. Idempotent. One that cannot be looked at keeps nobody from the
    /// others, and no host from starting: the sweeper looks again.
    /// </summary>
    public async Task<RepairOutcome> RepairAsync(CancellationToken cancellation)
    {
        var goingOn = 0;
        var notRunHere = new List<ReleaseId>();
        var problems = new List<string>();
        foreach (var together in (await journal.ListAsync(cancellation)).Chunk(LookedAtTogether))
        {
            List<Task<RepairLook>> looks = [.. together.Select(release => LookAsync(release, cancellation))];
            foreach (var (release, look) in together.Zip(looks))
            {
                try
                {
                    var found = await RepairAsync(release, await look, cancellation);
                    if (found == RepairLook.NotRunHere) notRunHere.Add(release);
                    else if (found != RepairLook.Over) goingOn++;
                }
                catch (Exception failure) when (!cancellation.IsCancellationRequested)
                {
                    problems.Add($"{release}: {failure.Message}");
                }
            }
        }

        return new RepairOutcome(goingOn, notRunHere) { Problems = problems };
    }

    private async Task<RepairLook> RepairAsync(ReleaseId release, RepairLook look, CancellationToken cancellation)
    {
        if (look != RepairLook.Open) return look;
        var state = await journal.StateAsync(release, cancellation);

        // Its last snapshot was not stored.
        if (state is { IsTerminal: true }) return RepairLook.Over;
        if (state is not null && !WorkflowVersions.Knows(state))
        {
            await journal.AppendAsync(release, [WorkflowVersions.Alert(release, state, time.GetUtcNow())], cancellation);
            return RepairLook.NotRunHere;
        }

        await client.ScheduleAsync(release, cancellation);
        await client.WakeAsync(release, cancellation);
        return look;
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

        /// <summary>It was started under a workflow that this build does not have.</summary>
        NotRunHere,
    }
}
