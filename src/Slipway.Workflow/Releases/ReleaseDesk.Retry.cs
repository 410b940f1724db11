using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>Trying a release again that was rolled back or failed: the same request, checked anew, as a release of its own.</summary>
public sealed partial class ReleaseDesk
{
    /// <summary>
    /// Starts the next attempt. Idempotent: a release is tried again once, and asking again names that attempt; that one can be tried again
    /// when it ended badly too.
    /// </summary>
    /// <param name="release">The release that was rolled back or failed.</param>
    /// <param name="by">The authenticated starter.</param>
    /// <param name="reason">Why, for the ledger; may be empty.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<RetryOutcome> RetryAsync(ReleaseId release, string by, string reason, CancellationToken cancellation)
    {
        if (await journal.StateAsync(release, cancellation) is not { } state) return new RetryOutcome.NotFound();
        if (state.Phase is not (ReleasePhase.RolledBack or ReleasePhase.Failed)) return new RetryOutcome.NotEndedBadly(state.Phase);
        var attempt = state.Created!.Attempt + 1;
        if (state.RetriedBy is { } known)
        {
            // A start that was recorded but never scheduled is repaired by asking again.
            await ScheduleOpenAsync(known, cancellation);
            return new RetryOutcome.Started(known, attempt, true);
        }

        for (var taken = 0; ; taken++)
        {
            var id = AttemptId.Of(release, attempt, taken);
            if (await journal.StateAsync(id, cancellation) is { Created: var other })
            {
                if (other!.Predecessor == release) return await LinkAsync(release, id, attempt, by, reason, true, cancellation);
                continue;
            }

            var request = state.Request with { Release = state.Request.Release with { Id = id } };
            // The date is the first attempt's, and has passed.
            var check = await CheckAsync(request, null, cancellation);
            if (check is StartCheck.Insufficient insufficient) return new RetryOutcome.Insufficient(insufficient.Context);
            if (check is not StartCheck.Ready ready) return new RetryOutcome.Refused(((StartCheck.Refused)check).Problems);
            var approvals = ApprovalGates.Of(request, ready.Plan, options.Policy, [by, .. await StartersAsync(state, cancellation)]);
            if (Unreachable(approvals, ready.Plan) is { Count: > 0 } unreachable) return new RetryOutcome.Refused(unreachable);

            var creation = await journal.CreateAsync(id, First(request, ready, approvals, by, attempt, release), cancellation);

            // Somebody took the id in this moment: for the same attempt, which is then this one too, or for another release.
            if (creation != LedgerCreation.Created && (await journal.StateAsync(id, cancellation))?.Created?.Predecessor != release) continue;
            return await LinkAsync(release, id, attempt, by, reason, creation != LedgerCreation.Created, cancellation);
        }
    }

    /// <summary>Who started the attempts so far: whose content it is does not change by who tries it again. What the gates of an attempt say stands
    /// for those before it whose ledgers are gone.</summary>
    private async Task<IReadOnlyList<string>> StartersAsync(ReleaseState last, CancellationToken cancellation)
    {
        var starters = new List<string>();
        for (var state = last; state is { Created: { } created }; state = created.Predecessor is { } before ? await journal.StateAsync(before, cancellation) : null)
            starters.AddRange([created.StartedBy, .. created.Approvals.SelectMany(gate => gate.Barred)]);
        return starters;
    }

    private async Task<RetryOutcome> LinkAsync(ReleaseId release, ReleaseId next, int attempt, string by, string reason, bool existed, CancellationToken cancellation)
    {
        await journal.AppendAsync(release, [new LedgerDraft("retried", time.GetUtcNow(), by, new ReleaseRetried(next, attempt, by, reason))], cancellation);
        await ScheduleOpenAsync(next, cancellation);
        return new RetryOutcome.Started(next, attempt, existed);
    }

    /// <summary>An attempt that is over is over, also when the engine has forgotten it: scheduled then, it would run a second time.</summary>
    private async Task ScheduleOpenAsync(ReleaseId attempt, CancellationToken cancellation)
    {
        if (await journal.StateAsync(attempt, cancellation) is not { IsTerminal: true }) await client.ScheduleAsync(attempt, cancellation);
    }
}

/// <summary>How trying again ended.</summary>
public abstract record RetryOutcome
{
    /// <summary>Recorded and scheduled.</summary>
    /// <param name="Release">The attempt's own id.</param>
    /// <param name="Attempt">Which attempt it is, 2 or more.</param>
    /// <param name="AlreadyExisted">It was asked for before.</param>
    public sealed record Started(ReleaseId Release, int Attempt, bool AlreadyExisted) : RetryOutcome;

    /// <summary>There is no such release.</summary>
    public sealed record NotFound : RetryOutcome;

    /// <summary>The release runs, or completed; nothing was recorded.</summary>
    public sealed record NotEndedBadly(ReleasePhase Phase) : RetryOutcome;

    /// <summary>Information is missing by the rules of today; nothing was recorded.</summary>
    public sealed record Insufficient(InsufficientContext Context) : RetryOutcome;

    /// <summary>The request cannot be run as the server is now; nothing was recorded.</summary>
    public sealed record Refused(IReadOnlyList<RequestProblem> Problems) : RetryOutcome;
}
