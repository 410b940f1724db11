using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>Reports of people, and their answers to evaluations.</summary>
public sealed partial class ReleaseDesk
{
    /// <summary>Records a report and wakes the release; what it causes follows in the ledger. Idempotent by the report's id: something else under the
    /// same id is refused.</summary>
    public Task<CommandOutcome> ReportAsync(ReleaseId release, ReleaseSignal signal, CancellationToken cancellation) =>
        RecordAsync(release, signal.Id, signal.Actor, new SignalReceived(signal), cancellation);

    /// <summary>Records an answer to an evaluation and wakes the release; whether it counts follows in the ledger. Idempotent by its id.</summary>
    public Task<CommandOutcome> AnswerAsync(ReleaseId release, EvaluationAnswer answer, CancellationToken cancellation) =>
        RecordAsync(release, answer.Id, answer.Actor, new EvaluationAnswered(answer), cancellation);

    /// <summary>Records what a person asks for or tells. One kind of entry id for all, so that an id is one thing in a release.</summary>
    private async Task<CommandOutcome> RecordAsync(ReleaseId release, string id, string actor, LedgerBody body, CancellationToken cancellation)
    {
        if (await journal.StateAsync(release, cancellation) is not { } state) return new CommandOutcome.NotFound();
        var entryId = $"command:{id}";
        if (state.IsTerminal)
        {
            if (body is SignalReceived told && OpenTasks.Answer(state, told.Signal) is { } outcome) return await RecordAfterAsync(release, entryId, told.Signal, outcome, cancellation);

            // Sent again, perhaps because the first answer was lost: it was recorded, whatever came of it.
            var known = (await journal.ReadAsync(release, 0, cancellation)).FirstOrDefault(entry => entry.EntryId == entryId);
            return known is null ? new CommandOutcome.Ended(state.Phase) : Recorded(known, body);
        }

        var entries = await journal.AppendAsync(release, [new LedgerDraft(entryId, time.GetUtcNow(), actor, body)], cancellation);
        await TryWakeAsync(release, cancellation);
        return Recorded(entries[^1], body);
    }

    /// <summary>What stands under the id: what was sent, perhaps in other words or by somebody else; or another thing, which must not be taken for it.</summary>
    private static CommandOutcome Recorded(LedgerEntry entry, LedgerBody sent)
    {
        var same = (entry.Read(), sent) switch
        {
            (CommandReceived { Command: var was }, CommandReceived { Command: var now }) => was with { Actor = now.Actor, Reason = now.Reason } == now,
            (SignalReceived { Signal: var was }, SignalReceived { Signal: var now }) => was with { Actor = now.Actor } == now,
            (EvaluationAnswered { Answer: var was }, EvaluationAnswered { Answer: var now }) => was with { Actor = now.Actor, Comment = now.Comment } == now,
            _ => false,
        };
        return same ? new CommandOutcome.Accepted(entry.Sequence) : new CommandOutcome.OtherContent(entry.Sequence);
    }

    /// <summary>A report of a release that is over: nobody else answers it, and so its answer is recorded with it.</summary>
    private async Task<CommandOutcome> RecordAfterAsync(ReleaseId release, string entryId, ReleaseSignal signal, (bool Applied, string Answer) outcome, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var known = (await journal.ReadAsync(release, 0, cancellation)).FirstOrDefault(entry => entry.EntryId == entryId);
        if (known is not null) return Recorded(known, new SignalReceived(signal));

        // No report can have the answer's entry id, whatever its own id is: that of each begins with the word for what was sent.
        var entries = await journal.AppendAsync(
            release,
            [
                new LedgerDraft(entryId, now, signal.Actor, new SignalReceived(signal)),
                new LedgerDraft($"answer:{signal.Id}", now, "slipway", outcome.Applied ? new CommandApplied(signal.Id, outcome.Answer) : new CommandRefused(signal.Id, outcome.Answer)),
            ],
            cancellation);

        // Another one may have been faster under the same id.
        return Recorded(entries[0], new SignalReceived(signal));
    }
}
