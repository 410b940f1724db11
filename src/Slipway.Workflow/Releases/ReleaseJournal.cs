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
/// may wait for people for weeks; an older one is folded again when it is asked for. Whoever asks reads the ledger for himself, so that one read that is
/// slow keeps nobody else waiting; what several have read is folded once.
/// </summary>
/// <param name="ledger">The ledgers.</param>
/// <param name="snapshots">Where summaries and reports are published.</param>
/// <param name="publishes">False: nobody reads snapshots here, so that none is made; the fold and what is asked for are the same.</param>
/// <param name="time">The clock of this host, by which an append waits for its snapshot no longer than <see cref="PublishPatience"/>; null: it waits until
/// the store has answered.</param>
public sealed class ReleaseJournal(ILedger ledger, IReleaseSnapshots snapshots, bool publishes = true, TimeProvider? time = null)
{
    /// <summary>How long an append waits for its snapshot: shorter than what saves users waits for an append.</summary>
    public static readonly TimeSpan PublishPatience = TimeSpan.FromSeconds(3);

    /// <summary>Between two moves of the release the stored report is renewed at most this often (by ledger time); the summary always is,
    /// and <see cref="SnapshotAsync"/> makes a fresh report.</summary>
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    /// <summary>How many states of releases that are over stay in memory.</summary>
    public const int FinishedKept = 32;

    /// <summary>How many states of releases that have not begun to expose anybody stay in memory.</summary>
    public const int WaitingKept = 256;

    /// <summary>Told of each entry that was appended here, once; null: nobody.</summary>
    public ReleaseDiagnostics? Diagnostics { get; set; }

    private readonly ConcurrentDictionary<ReleaseId, Cached> _cache = new();
    private readonly ConcurrentQueue<ReleaseId> _finished = new();
    private readonly RecentReleases _waiting = new();
    private readonly AppendBell _appends = new();

    /// <summary>Creates a release's ledger with its first entry.</summary>
    public async Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation)
    {
        var creation = await ledger.CreateAsync(release, first, cancellation);
        if (publishes && creation == LedgerCreation.Created) await PublishAsync(release, [], cancellation);
        return creation;
    }

    /// <summary>Appends entries, idempotent by entry id, and publishes what follows from them.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var expected = Diagnostics is null ? null : await ExpectAsync(release, drafts, cancellation);
        var entries = await ledger.AppendAsync(release, drafts, cancellation);
        _appends.Tell(release);
        expected?.Forget(entries);
        if (!publishes) return entries;
        try
        {
            var published = PublishAsync(release, drafts, cancellation);
            await (time is null ? published : published.WaitAsync(PublishPatience, time, cancellation));
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // What is in the ledger counts. A snapshot that could not be made or stored is made again with the next entry, and asking for
            // the report shows why; it must not keep a release, least of all a rollback, from going on.
        }

        return entries;
    }

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
        var cached = _cache.GetOrAdd(release, _ => new Cached());
        var state = await CatchUpAsync(release, cached, cancellation);
        if (state.Sequence > 0) return state;
        _cache.TryRemove(release, out _);
        return null;
    }

    /// <summary>Summary and report as of now; null when there is no such release.</summary>
    public async Task<ReleaseSnapshot?> SnapshotAsync(ReleaseId release, DateTimeOffset now, CancellationToken cancellation) =>
        await StateAsync(release, cancellation) is { } state ? Snapshot(release, state, now) : null;

    private static ReleaseSnapshot Snapshot(ReleaseId release, ReleaseState state, DateTimeOffset now) =>
        new(release, state.Sequence, ReleaseSummaries.Of(state), ReportJson.Write(ReleaseReporter.Report(state, now)));

    private async Task PublishAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var cached = _cache.GetOrAdd(release, _ => new Cached());
        ReleaseSnapshot snapshot;
        await CatchUpAsync(release, cached, cancellation);
        lock (cached.Folding)
        {
            var state = cached.State;
            var moved = drafts.Any(draft => draft.Body is PhaseEntered or StageStarted or ReleaseEnded);
            if (cached.Published is not { } last || moved || state.UpdatedAt - cached.PublishedAt >= ReportPeriod)
            {
                cached.Published = last = Snapshot(release, state, state.UpdatedAt);
                cached.PublishedAt = state.UpdatedAt;
            }

            snapshot = last with { Sequence = state.Sequence, Summary = ReleaseSummaries.Of(state) };
            if (state.IsTerminal) cached.Published = null;
        }

        // The store keeps the newest by itself.
        await snapshots.PutAsync(snapshot, cancellation);
    }

    /// <summary>
    /// Notes which entries this journal is about to append, so that the fold tells them apart from everybody else's. Where nothing is folded
    /// yet, as after a restart, that comes first: an entry that is there already is a repetition, and was told before. (With several
    /// processes on one ledger, what one of them appended in its last moment and another appends again may be told twice, with the same ids.)
    /// </summary>
    private async Task<Cached> ExpectAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
    {
        var cached = _cache.GetOrAdd(release, _ => new Cached());
        if (cached.State.Sequence == 0)
        {
            try
            {
                await StateAsync(release, cancellation);
            }
            catch (Exception)
            {
                // Appending says itself what is wrong.
            }
        }

        cached.Expect(drafts);
        return cached;
    }

    /// <summary>Folds what the ledger has by now, and returns the state with everything that stood there when this was called.</summary>
    private async Task<ReleaseState> CatchUpAsync(ReleaseId release, Cached cached, CancellationToken cancellation)
    {
        using var reading = cached.BeginReading();
        var entries = await ledger.ReadAsync(release, cached.State.Sequence, cancellation);
        lock (cached.Folding)
        {
            // Somebody who asked at the same time may have folded them already.
            foreach (var entry in entries.SkipWhile(entry => entry.Sequence <= cached.State.Sequence))
            {
                var before = cached.State;
                var body = entry.Read();
                cached.State = before.Apply(entry, body);
                if (cached.IsExpected(entry)) Diagnostics?.Appended(release, before, entry, body, cached.State);
            }

            Settle(release, cached);
            return cached.State;
        }
    }

    private void Settle(ReleaseId release, Cached cached)
    {
        Diagnostics?.Seen(release, cached.State);
        KeepWaiting(release, cached.State);
        if (!cached.State.IsTerminal || cached.Finished) return;
        cached.Finished = true;
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

    private sealed class Cached
    {
        private int _reading;

        /// <summary>Held while entries are folded, and never while somebody waits for a store.</summary>
        public Lock Folding { get; } = new();

        public ReleaseState State { get; set; } = ReleaseState.Empty;

        public ReleaseSnapshot? Published { get; set; }

        public DateTimeOffset PublishedAt { get; set; }

        private readonly ConcurrentDictionary<string, long> _expected = new(StringComparer.Ordinal);

        /// <summary>Notes entries that are about to be appended, and up to where the ledger was folded then.</summary>
        public void Expect(IReadOnlyList<LedgerDraft> drafts)
        {
            var folded = State.Sequence;
            foreach (var draft in drafts) _expected.TryAdd(draft.EntryId, folded);
        }

        /// <summary>Forgets what turned out to be a repetition: it stands where the fold had been already.</summary>
        public void Forget(IReadOnlyList<LedgerEntry> stored)
        {
            foreach (var entry in stored)
            {
                if (_expected.TryGetValue(entry.EntryId, out var folded) && entry.Sequence <= folded) _expected.TryRemove(entry.EntryId, out _);
            }
        }

        /// <summary>Whether an entry that is being folded was appended here; true once for each.</summary>
        public bool IsExpected(LedgerEntry entry) => !_expected.IsEmpty && _expected.TryRemove(entry.EntryId, out _);

        /// <summary>Whether somebody reads it now, or appends.</summary>
        public bool IsBusy => Volatile.Read(ref _reading) > 0 || !_expected.IsEmpty;

        /// <summary>Somebody reads until what is returned is disposed.</summary>
        public Reading BeginReading()
        {
            Interlocked.Increment(ref _reading);
            return new Reading(this);
        }

        /// <summary>Whether it is among those of which only the last ones are kept.</summary>
        public bool Finished { get; set; }

        /// <summary>A read that is under way.</summary>
        public readonly struct Reading(Cached cached) : IDisposable
        {
            public void Dispose() => Interlocked.Decrement(ref cached._reading);
        }
    }
}
