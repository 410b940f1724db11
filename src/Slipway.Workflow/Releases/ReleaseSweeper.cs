using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Repairs what a lost signal leaves behind: a start that was recorded but never scheduled, and a command that nobody has answered. Run
/// it every <see cref="Period"/>: a lost signal then costs a minute, never a decision. Idempotent; several at once do no harm.
/// </summary>
/// <param name="journal">Ledgers with their folded state.</param>
/// <param name="snapshots">For telling at a glance which releases are over.</param>
/// <param name="client">The engine.</param>
/// <param name="time">The clock of this host.</param>
public sealed class ReleaseSweeper(ReleaseJournal journal, IReleaseSnapshots snapshots, IReleaseClient client, TimeProvider time)
{
    /// <summary>How often to sweep.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    /// <summary>A signal that is younger than this is on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>One sweep; the releases that something was done for.</summary>
    public async Task<IReadOnlyList<ReleaseId>> SweepAsync(CancellationToken cancellation)
    {
        var repaired = new List<ReleaseId>();
        foreach (var release in await journal.ListAsync(cancellation))
        {
            if (await IsOverAsync(release, cancellation) || await journal.StateAsync(release, cancellation) is not { IsTerminal: false } state) continue;
            var due = time.GetUtcNow() - Patience;
            if (state.CreatedAt <= due && await client.HealthAsync(release, cancellation) == OrchestrationHealth.Missing)
            {
                await client.ScheduleAsync(release, cancellation);
                repaired.Add(release);
            }
            else if (state.PendingCommands.Any(command => command.ReceivedAt <= due))
            {
                await client.WakeAsync(release, cancellation);
                repaired.Add(release);
            }
        }

        return repaired;
    }

    private async Task<bool> IsOverAsync(ReleaseId release, CancellationToken cancellation) =>
        await snapshots.GetAsync(release, cancellation) is { Summary.Phase: ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed };
}
