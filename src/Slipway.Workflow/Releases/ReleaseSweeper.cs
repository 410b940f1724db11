using System.Runtime.ExceptionServices;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Locks;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Reporting;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Repairs what a lost signal leaves behind: a start that was recorded but never scheduled, and a command, decision or report that nobody
/// has answered, a freeze that was lifted, a lock that was taken away halfway. Starts the rescue of an exposed release that nobody takes care of. Run it every <see cref="Period"/>: a lost signal then costs a minute, never a
/// decision. Idempotent; several at once do no harm.
/// </summary>
/// <param name="journal">Ledgers with their folded state.</param>
/// <param name="snapshots">For telling at a glance which releases are over.</param>
/// <param name="freezes">For releases that wait for a freeze which is over.</param>
/// <param name="locks">For locks that were to be taken away when the host died.</param>
/// <param name="client">The engine.</param>
/// <param name="time">The clock of this host.</param>
/// <param name="memory">What earlier sweeps found; a host that makes a sweeper for each sweep hands the same one to all. Null: one of its own.</param>
public sealed class ReleaseSweeper(
    ReleaseJournal journal, IReleaseSnapshots snapshots, IFreezes freezes, LockDesk locks, IReleaseClient client, TimeProvider time, SweepMemory? memory = null)
{
    /// <summary>How often to sweep.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    /// <summary>A signal that is younger than this is on its way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>For how long after its last entry the mails of a release that is over are looked at.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromHours(1);

    private readonly SweepMemory _memory = memory ?? new SweepMemory();

    /// <summary>One sweep; the releases that something was done for. One that cannot be looked at keeps nobody from the others, nor do summaries that cannot
    /// be read: what went wrong is thrown when all have been looked at.</summary>
    public async Task<IReadOnlyList<ReleaseId>> SweepAsync(CancellationToken cancellation)
    {
        var repaired = new List<ReleaseId>();
        var findings = new SweepFindings();
        var failures = new List<Exception>();

        var summaries = await SummariesAsync(failures, cancellation);
        foreach (var release in await journal.ListAsync(cancellation))
        {
            try
            {
                if (await SweepAsync(release, summaries, findings, cancellation)) repaired.Add(release);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                failures.Add(failure);
            }
        }

        findings.Repaired = repaired.Count;
        journal.Diagnostics?.Swept(findings);
        if (failures.Count == 1) ExceptionDispatchInfo.Throw(failures[0]);
        return failures.Count == 0 ? repaired : throw new AggregateException($"{failures.Count} looks failed; every other release was looked at", failures);
    }

    /// <summary>
    /// All summaries in one question: most releases are over, and nothing has to be read of those. That only saves work: while they cannot be read, every
    /// release is looked at that was not over when they last could. Null: they cannot be read.
    /// </summary>
    private async Task<ILookup<ReleaseId, ReleaseSummary>?> SummariesAsync(List<Exception> failures, CancellationToken cancellation)
    {
        try
        {
            var all = await snapshots.ListAsync(0, int.MaxValue, cancellation);
            _memory.Over = all.Where(IsOver).Select(summary => summary.Id).ToHashSet();
            return all.ToLookup(summary => summary.Id);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            failures.Add(failure);
            return null;
        }
    }

    private static bool IsOver(ReleaseSummary summary) => summary is { Phase: ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed, Unanswered: 0 };

    /// <summary>Looks at one release; whether something was done for it.</summary>
    private async Task<bool> SweepAsync(ReleaseId release, ILookup<ReleaseId, ReleaseSummary>? summaries, SweepFindings findings, CancellationToken cancellation)
    {
        // One without a summary has only just begun.
        var summary = summaries?[release].FirstOrDefault();
        if (summaries is null && _memory.Over.Contains(release)) return false;
        if (summary is not null && IsOver(summary))
        {
            _memory.Quiet.TryRemove(release, out _);
            await LookAfterAsync(summary, findings, cancellation);
            return false;
        }

        // Health first: an orchestration that ended meanwhile has recorded its end in the state that is read after it.
        var health = await client.HealthAsync(release, cancellation);
        if (health == OrchestrationHealth.Running && _memory.Quiet.TryGetValue(release, out var quiet) && (await journal.ReadAsync(release, quiet.Sequence, cancellation)).Count == 0)
        {
            findings.Add(quiet.Phase);
            return false;
        }

        if (await journal.StateAsync(release, cancellation) is not { } state) return false;
        if (IsQuiet(state)) _memory.Quiet[release] = (state.Sequence, state.Phase);
        else _memory.Quiet.TryRemove(release, out _);
        var repaired = state.IsTerminal
            ? await ConcludeAsync(release, state, health, summaries is not null && IsBehind(summary, state), cancellation)
            : await RescueOrRepairAsync(release, state, health, findings, cancellation);

        // Last, because locks that are away must keep nobody from bringing users back.
        return await locks.FinishAsync(release, state, cancellation) || repaired;
    }

    private async Task<bool> ConcludeAsync(ReleaseId release, ReleaseState state, OrchestrationHealth health, bool behind, CancellationToken cancellation)
    {
        var answered = await AnswerAsync(release, state, health, cancellation);
        if (!answered && behind) await journal.PublishAsync(release, cancellation);
        return answered;
    }

    private async Task<bool> RescueOrRepairAsync(ReleaseId release, ReleaseState state, OrchestrationHealth health, SweepFindings findings, CancellationToken cancellation)
    {
        var step = RescueDecision.Decide(state, PulseOf(health), time.GetUtcNow());
        findings.Add(release, state, health, step, time.GetUtcNow());
        return await RescueAsync(release, state, step, cancellation) || await RepairAsync(release, state, health, cancellation);
    }

    /// <summary>Whether the mere passing of time gives a sweep nothing to do for a release, as long as its orchestration runs.</summary>
    private static bool IsQuiet(ReleaseState state) =>
        state is { IsTerminal: false, ExposureBegun: false } and not { Phase: ReleasePhase.Waiting, PhaseTrigger: ReleaseTrigger.Frozen }
        && !state.PendingCommands.Any() && !state.PendingDecisions.Any() && !state.PendingReports.Any() && !state.DueMessages.Any()
        && !state.OpenUnlocks.Any();

    /// <summary>Whether what is shown of a release that is over lags behind its last entry: no other comes with which it would be shown as it is.</summary>
    private static bool IsBehind(ReleaseSummary? shown, ReleaseState state) =>
        shown is null || shown.Phase != state.Phase || shown.Unanswered != ReleaseSummaries.Of(state).Unanswered;

    private async Task<bool> RepairAsync(ReleaseId release, ReleaseState state, OrchestrationHealth health, CancellationToken cancellation)
    {
        var due = time.GetUtcNow() - Patience;
        if (state.CreatedAt <= due && health == OrchestrationHealth.Missing)
        {
            if (!WorkflowVersions.Knows(state))
            {
                if (!state.Alerts.ContainsKey(AlertNames.WorkflowVersion)) await journal.AppendAsync(release, [WorkflowVersions.Alert(release, state, time.GetUtcNow())], cancellation);
                return false;
            }

            await client.ScheduleAsync(release, cancellation);
            return true;
        }

        if (state is { Phase: ReleasePhase.Waiting, PhaseTrigger: ReleaseTrigger.Frozen } && (await freezes.InForceAsync(time.GetUtcNow(), cancellation)).Count == 0)
        {
            await client.WakeAsync(release, cancellation);
            return true;
        }

        if (!(state.PendingCommands.Any(command => command.ReceivedAt <= due) || state.PendingDecisions.Any(decision => decision.Received.At <= due) || state.PendingReports.Any(report => report.At <= due))) return false;
        await client.WakeAsync(release, cancellation);
        return true;
    }

    private async Task<bool> RescueAsync(ReleaseId release, ReleaseState state, RescueStep step, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        switch (step)
        {
            case RescueStep.WakeFirst wake:
                var alert = new AlertRaised(RescueDecision.SilenceAlert, AlertSeverity.Critical, wake.Why, "the orchestration is woken; a minute later the release is taken back without it");
                await journal.AppendAsync(release, [new LedgerDraft($"sweeper:silent:{wake.SilentSince.UtcTicks}", now, "slipway", alert)], cancellation);
                await client.WakeAsync(release, cancellation);
                return true;
            case RescueStep.TakeOver take:
                // In the ledger before anything is started: an orchestration that lives after all reads it, and ends itself.
                await journal.AppendAsync(release, RescueEntries.TakeOver(state, RescueEntries.Rescuer, true, take.Why, now), cancellation);
                await StartAsync(release, cancellation);
                return true;
            case RescueStep.Close close:
                await journal.AppendAsync(release, RescueEntries.Close(state, close.Why, now), cancellation);
                return true;
            case RescueStep.GoOn:
                await StartAsync(release, cancellation);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What was sent in the last moment of a release, after its orchestration looked for the last time, is answered here.</summary>
    private async Task<bool> AnswerAsync(ReleaseId release, ReleaseState state, OrchestrationHealth health, CancellationToken cancellation)
    {
        if (health == OrchestrationHealth.Running) return false;
        List<LedgerDraft> answers = [.. RescueEntries.Late(state, time.GetUtcNow())];
        if (answers.Count > 0) await journal.AppendAsync(release, answers, cancellation);
        return answers.Count > 0;
    }

    private async Task StartAsync(ReleaseId release, CancellationToken cancellation)
    {
        await client.RescueAsync(release, cancellation);
        await client.WakeAsync(release, cancellation);
    }

    private static OrchestrationPulse PulseOf(OrchestrationHealth health) => health switch
    {
        OrchestrationHealth.Missing => OrchestrationPulse.Missing,
        OrchestrationHealth.Running => OrchestrationPulse.Running,
        OrchestrationHealth.Completed => OrchestrationPulse.Ended,
        _ => OrchestrationPulse.Failed,
    };

    /// <summary>Starts the aftercare that an ended release should have started itself. Nothing was lost by it, so that it does not count as a repair.</summary>
    private async Task LookAfterAsync(ReleaseSummary over, SweepFindings findings, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (over.AwaitsAftercare && over.UpdatedAt <= now - Patience) await client.AftercareAsync(over.Id, cancellation);
        if (journal.Diagnostics is null || over.UpdatedAt < now - LastWords) return;
        try
        {
            // Its last words may still wait for a mail service; later nobody would hear of a delay in time.
            if (await journal.StateAsync(over.Id, cancellation) is { } state) findings.AddMails(over.Id, state, now);
        }
        catch (PortUnavailableException)
        {
            // Repairs do not wait for what is only told.
        }
    }
}
