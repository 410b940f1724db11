using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Retention;

/// <summary>
/// Keeps report, ledger and documents of each release that is over, and anew when it changed since; the engine's instances are purged only
/// when all of that is safe, the ledger's chain holds, nobody looks after the release any more, and it has been so for the time given. Run it
/// now and then; idempotent. The ledger itself is never touched.
/// </summary>
/// <param name="journal">Ledgers with their folded state.</param>
/// <param name="snapshots">Says which releases are over.</param>
/// <param name="archive">Where to keep.</param>
/// <param name="engine">What purges.</param>
/// <param name="time">The clock of this host.</param>
/// <param name="keepInstances">For how long after its last change a release's instances stay; not negative.</param>
public sealed class ReleaseRetention(
    ReleaseJournal journal, IReleaseSnapshots snapshots, IReleaseArchive archive, IInstancePurge engine, TimeProvider time, TimeSpan keepInstances)
{
    /// <summary>One round.</summary>
    public async Task<RetentionOutcome> RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var marks = await archive.MarksAsync(cancellation);
        var (kept, purged, problems) = (new List<ReleaseId>(), new List<ReleaseId>(), new List<string>());
        foreach (var summary in await snapshots.ListAsync(0, int.MaxValue, cancellation))
        {
            if (summary.Phase is not (ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed)) continue;
            try
            {
                var mark = marks.GetValueOrDefault(summary.Id);
                if (mark is null || mark.Until < summary.UpdatedAt)
                {
                    mark = await KeepAsync(summary.Id, now, cancellation);
                    kept.Add(summary.Id);
                }

                if (mark.Purged || summary.AwaitsAftercare || summary.UpdatedAt + keepInstances > now || !await IsDoneAsync(summary.Id, cancellation)) continue;
                await engine.PurgeAsync(summary.Id, cancellation);
                await archive.MarkAsync(summary.Id, mark with { Purged = true }, cancellation);
                purged.Add(summary.Id);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                // The next round tries again; the other releases do not wait for this one.
                problems.Add($"{summary.Id}: {error.Message}");
            }
        }

        return new RetentionOutcome(kept, purged, problems);
    }

    private async Task<ArchiveMark> KeepAsync(ReleaseId release, DateTimeOffset now, CancellationToken cancellation)
    {
        // The ledger is read behind the state, so that nothing is in the report that is not in the ledger: what is appended in between makes the release newer
        // than its mark, and the next round keeps it anew.
        var state = await journal.StateAsync(release, cancellation) ?? throw new InvalidDataException("there is a summary and no ledger");
        var entries = await journal.ReadAsync(release, 0, cancellation);
        if (LedgerChain.Verify(entries) is { Ok: false } broken)
            throw new InvalidDataException($"the ledger's chain does not hold after entry {broken.Count}: nothing of the release is purged; `slipway audit verify` tells more");
        if (entries.Count < state.Sequence)
            throw new InvalidDataException($"the ledger ends with entry {entries.Count} and had {state.Sequence}: nothing of the release is purged");
        var dossier = new ReleaseDossier
        {
            Request = state.Request,
            Plan = state.Plan,
            Gaps = IntakeGaps.Analyse(state.Request),
            At = state.UpdatedAt,
            State = state,
            BaseUrl = state.Created!.BaseUrl,
        };
        List<ArchivedFile> files =
        [
            new("report.json", "application/json", ReportJson.Write(ReleaseReporter.Report(state, now))),
            new("ledger.jsonl", "application/x-ndjson", LedgerLines.WriteAll(entries)),
            .. ReleaseDocuments.Render(dossier).Select(document => new ArchivedFile($"documents/{document.File}", document.MediaType, document.Text)),
        ];
        var mark = new ArchiveMark(state.UpdatedAt, false);
        await archive.PutAsync(release, files, mark, cancellation);
        return mark;
    }

    /// <summary>Whether nothing more happens to a release by itself: what was to be looked after has been.</summary>
    private async Task<bool> IsDoneAsync(ReleaseId release, CancellationToken cancellation) =>
        await journal.StateAsync(release, cancellation) is { IsTerminal: true } state && state.Aftercare is null or { EndedAt: not null };
}

/// <summary>What a round did.</summary>
/// <param name="Kept">Releases whose files were kept, or kept anew.</param>
/// <param name="Purged">Releases whose instances were purged.</param>
/// <param name="Problems">What could not be done, one sentence a release.</param>
public sealed record RetentionOutcome(IReadOnlyList<ReleaseId> Kept, IReadOnlyList<ReleaseId> Purged, IReadOnlyList<string> Problems);
