using System.Collections.Concurrent;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Reporting;

namespace Slipway.Workflow.Releases;

/// <summary>
/// A ledger with its fold: appends, keeps the folded state of each release in memory, and publishes summary and report as they change.
/// The state is always what the ledger says; losing this object loses nothing. Of releases that are over, the states of the last
/// <see cref="FinishedKept"/> that were looked at are kept, and of those that have shown nobody anything yet the last <see cref="WaitingKept"/>, since they
/// may wait for people for weeks; an older one is folded again when it is asked for. Whoever asks reads the ledger for himself, so that of a store that
/// reads side by side one slow read keeps nobody else waiting; what several have read is folded once.
/// </summary>
/// <param name="ledger">The ledgers.</param>
/// <param name="snapshots">Where summaries and reports are published.</param>
/// <param name="publishes">False: nobody reads snapshots here, so that none is made; the fold and what is asked for are the same.</param>
/// <param name="time">The clock of this host, by which an append waits for its snapshot no longer than <see cref="PublishPatience"/>, and whoever asks for
/// a release that somebody else is just reading from its beginning waits for that one no longer than <see cref="FirstReadPatience"/>; null: an append waits
/// until the store has answered, and everybody reads at once.</param>
public sealed class ReleaseJournal(ILedger ledger, IReleaseSnapshots snapshots, bool publishes = true, TimeProvider? time = null)
{
    /// <summary>How long an append waits for its snapshot: shorter than what saves users waits for an append.</summary>
    public static readonly TimeSpan PublishPatience = TimeSpan.FromSeconds(3);

    /// <summary>How long the whole ledger of a release is not read a second time while somebody reads it: for pages that all ask after a start.</summary>
    public static readonly TimeSpan FirstReadPatience = TimeSpan.FromSeconds(2);

    /// <summary>Between two moves of the release the stored report is renewed at most this often (by ledger time); the summary always is,
    /// and <see cref="SnapshotAsync"/> makes a fresh report.</summary>
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    /// <summary>How many states of releases that are over stay in memory.</summary>
    public const int FinishedKept = 32;

    /// <summary>How many states of releases that have not begun to expose anybody stay in memory.</summary>
    public const int WaitingKept = 256;

    /// <summary>Told of each entry that was appended here, once; null: nobody.</summary>
    public ReleaseDiagnostics? Diagnostics { get; set; }

    private readonly ConcurrentDictionary<ReleaseId, FoldedRelease> _cache = new();
    private readonly ConcurrentQueue<ReleaseId> _finished = new();
    private readonly RecentReleases _waiting = new();
    private readonly AppendBell _appends = new();

    /// <summary>Creates a release's ledger with its first entry.</summary>
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        var creation = await ledger.CreateAsync(release, first, cancellation);
        if (creation == LedgerCreation.Created) await TryPublishAsync(release, Of(release), cancellation);
        return creation;
    }

    /// <summary>Appends entries, idempotent by entry id, and publishes what follows from them.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var expected = Diagnostics is null ? null : await ExpectAsync(release, drafts, cancellation);
        var entries = await ledger.AppendAsync(release, drafts, cancellation);
        _appends.Tell(release);
        expected?.Forget(entries);
        await TryPublishAsync(release, expected ?? Of(release), cancellation);
        return entries;
    }

    /// <summary>Publishes a release as it is now, for one behind whose last entry no other comes with which a snapshot that was lost is made again.</summary>
    public Task PublishAsync(ReleaseId release, CancellationToken cancellation) => publishes ? PublishAsync(release, Of(release), cancellation) : Task.CompletedTask;

    /// <summary>Completes when something is appended to a release here, after this call; what other hosts append nobody tells.</summary>
    public Task NextAppendAsync(ReleaseId release) => _appends.NextAsync(release);

    /// <summary>The ids of all releases, newest first.</summary>
    public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => ledger.ListAsync(cancellation);

    /// <summary>Ledger entries after a sequence.</summary>
    public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => ledger.ReadAsync(release, after, cancellation);

    /// <summary>How many releases are held in memory.</summary>
    public int Held => _cache.Count;

    /// <summary>The folded state as of now; null when there is no such release.</summary>
    public async Task<ReleaseState?> StateAsync(ReleaseId release, CancellationToken cancellation)
    {
        var folded = Of(release);
        try
        {
            var state = await CatchUpAsync(release, folded, cancellation);
            return state.Sequence > 0 ? state : null;
        }
        finally
        {
            // There is no such release, or nobody knows: nothing of it stays.
            lock (folded.Folding)
            {
                if (folded.State.Sequence == 0 && !folded.IsBusy) Forget(release, folded);
            }
        }
    }

    /// <summary>Summary and report as of now; null when there is no such release.</summary>
    public async Task<ReleaseSnapshot?> SnapshotAsync(ReleaseId release, DateTimeOffset now, CancellationToken cancellation) =>
        await StateAsync(release, cancellation) is { } state ? Snapshot(release, state, now) : null;

    private static ReleaseSnapshot Snapshot(ReleaseId release, ReleaseState state, DateTimeOffset now) =>
        new(release, state.Sequence, ReleaseSummaries.Of(state), ReportJson.Write(ReleaseReporter.Report(state, now)));

    private async Task TryPublishAsync(ReleaseId release, FoldedRelease folded, CancellationToken cancellation)
    {
        if (!publishes) return;
        try
        {
            var published = PublishAsync(release, folded, cancellation);
            await (time is null ? published : published.WaitAsync(PublishPatience, time, cancellation));
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // What is in the ledger counts. A snapshot that could not be made or stored is made again with the next entry, or by the sweeper when there
            // comes none, and asking for the report shows why; it must not keep a release, least of all a rollback, from going on.
        }
    }

    private async Task PublishAsync(ReleaseId release, FoldedRelease folded, CancellationToken cancellation)
    {
        await CatchUpAsync(release, folded, cancellation);
        ReleaseSnapshot snapshot;
        lock (folded.Folding)
        {
            var state = folded.State;
            if (folded.Published is not { } last || folded.Moved || state.UpdatedAt - folded.PublishedAt >= ReportPeriod)
            {
                folded.Published = last = Snapshot(release, state, state.UpdatedAt);
                (folded.PublishedAt, folded.Moved) = (state.UpdatedAt, false);
            }

            snapshot = last with { Sequence = state.Sequence, Summary = ReleaseSummaries.Of(state) };
            if (state.IsTerminal) folded.Published = null;
        }

        // The store keeps the newest by itself.
        await snapshots.PutAsync(snapshot, cancellation);
    }

    /// <summary>
    /// Notes which entries this journal is about to append, so that the fold tells them apart from everybody else's. Where nothing is folded
    /// yet, as after a restart, that comes first: an entry that is there already is a repetition, and was told before. (With several
    /// processes on one ledger, what one of them appended in its last moment and another appends again may be told twice, with the same ids.)
    /// </summary>
    private async Task<FoldedRelease> ExpectAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var folded = Of(release);
        if (folded.State.Sequence == 0)
        {
            try
            {
                await CatchUpAsync(release, folded, cancellation);
            }
            catch (Exception)
            {
                // Appending says itself what is wrong.
            }
        }

        // Not while somebody folds: what stands there already must not be taken for new.
        lock (folded.Folding) folded.Expect(drafts);
        return folded;
    }

    private FoldedRelease Of(ReleaseId release) => _cache.GetOrAdd(release, _ => new FoldedRelease());

    /// <summary>Forgets what is known of a release, and never what somebody else has come to know of it meanwhile.</summary>
    private void Forget(ReleaseId release, FoldedRelease folded) => _cache.TryRemove(KeyValuePair.Create(release, folded));

    /// <summary>Folds what the ledger has by now, and returns the state with everything that stood there when this was called.</summary>
    private async Task<ReleaseState> CatchUpAsync(ReleaseId release, FoldedRelease folded, CancellationToken cancellation)
    {
        using var reading = folded.BeginReading();
        if (time is null || folded.State.Sequence > 0) return await ReadOnAsync(release, folded, cancellation);
        if (folded.FirstRead is { } other) await WaitAsync(other, time, cancellation);
        var own = ReadOnAsync(release, folded, cancellation);
        folded.FirstRead ??= own;
        try
        {
            return await own;
        }
        finally
        {
            if (ReferenceEquals(folded.FirstRead, own)) folded.FirstRead = null;
        }
    }

    private static async Task WaitAsync(Task other, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await other.WaitAsync(FirstReadPatience, time, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // It takes too long, or has failed: everybody reads for himself.
        }
    }

    private async Task<ReleaseState> ReadOnAsync(ReleaseId release, FoldedRelease folded, CancellationToken cancellation)
    {
        var entries = await ledger.ReadAsync(release, folded.State.Sequence, cancellation);
        lock (folded.Folding)
        {
            // Somebody who asked at the same time may have folded them already.
            foreach (var entry in entries.SkipWhile(entry => entry.Sequence <= folded.State.Sequence))
            {
                var before = folded.State;
                var body = entry.Read();
                folded.State = before.Apply(entry, body);
                folded.Moved |= body is PhaseEntered or StageStarted or ReleaseEnded;
                if (folded.IsExpected(entry)) Diagnostics?.Appended(release, before, entry, body, folded.State);
            }

            Diagnostics?.Seen(release, folded.State);
            KeepWaiting(release, folded.State);
            KeepFinished(release, folded);
            return folded.State;
        }
    }

    private void KeepFinished(ReleaseId release, FoldedRelease folded)
    {
        if (!folded.State.IsTerminal || folded.Finished) return;
        folded.Finished = true;
        _finished.Enqueue(release);
        while (_finished.Count > FinishedKept && _finished.TryDequeue(out var oldest)) _cache.TryRemove(oldest, out _);
    }

    private void KeepWaiting(ReleaseId release, ReleaseState state)
    {
        if (state.IsTerminal || state.ExposureBegun || state.Sequence == 0)
        {
            _waiting.Remove(release);
            return;
        }

        // One that somebody is busy with stays for now: it comes back at the next look.
        if (_waiting.Look(release, WaitingKept) is { } oldest && _cache.TryGetValue(oldest, out var idle) && !idle.IsBusy) _cache.TryRemove(oldest, out _);
    }
}
