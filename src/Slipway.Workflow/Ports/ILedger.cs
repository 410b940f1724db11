using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Ports;

/// <summary>
/// One append-only, hash-chained ledger per release. The store assigns sequence and hashes; appends are idempotent by entry id.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Creates a ledger with its first entry, whose body is a <see cref="ReleaseCreated"/>. The creation arbitrates who starts a release.
    /// </summary>
    Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation);

    /// <summary>Appends entries in order, all or none, and returns them as stored; an entry whose id is already there is returned as it
    /// is and not written again. Throws <see cref="KeyNotFoundException"/> when the ledger does not exist.</summary>
    Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation);

    /// <summary>The entries with a sequence above <paramref name="after"/>, ascending; empty when there are none or no such ledger.</summary>
    Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation);

    /// <summary>The ids of all ledgers, newest first.</summary>
    Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation);
}

/// <summary>How the creation of a ledger ended.</summary>
public enum LedgerCreation
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It existed with the same content hash.</summary>
    SameContent,

    /// <summary>It existed with another content hash; nothing was written.</summary>
    OtherContent,
}

/// <summary>The last published report and summary of each release, made from its ledger; what GET serves.</summary>
public interface IReleaseSnapshots
{
    /// <summary>Stores a snapshot unless a newer one (by sequence) is there.</summary>
    Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation);

    /// <summary>Reads the newest snapshot; null when there is none.</summary>
    Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation);

    /// <summary>The summaries of all releases, newest start first.</summary>
    Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation);

    /// <summary>
    /// The summaries of the releases that a query shows, newest start first, and how many there are in all. Throws
    /// <see cref="ArgumentOutOfRangeException"/> on a negative number. A store that cannot look for them by itself looks through all summaries.
    /// </summary>
    async Task<FoundReleases> FindAsync(ReleaseQuery query, int skip, int take, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        return FoundReleases.Among(await ListAsync(0, int.MaxValue, cancellation), query, skip, take);
    }
}

/// <summary>A report as it was after one ledger entry.</summary>
/// <param name="Release">The release.</param>
/// <param name="Sequence">The ledger entry it reflects.</param>
/// <param name="Summary">For lists and watchers.</param>
/// <param name="ReportJson">The contract object.</param>
public sealed record ReleaseSnapshot(ReleaseId Release, long Sequence, ReleaseSummary Summary, string ReportJson);

/// <summary>One release in a list, and what a watcher prints.</summary>
public sealed record ReleaseSummary
{
    /// <summary>The release.</summary>
    public required ReleaseId Id { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required ReleasePhase Phase { get; init; }

    /// <summary>Exposure in percent, as last read back.</summary>
    public required decimal Percentage { get; init; }

    /// <summary>The stage, 1 first; 0 before the first.</summary>
    public required int Stage { get; init; }

    /// <summary>How many stages there are.</summary>
    public required int Stages { get; init; }

    /// <summary>Why it stands there, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What happens next by itself; may be empty.</summary>
    public string NextEvent { get; init; } = "";

    /// <summary>When that is; null when nothing is due.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Questions that wait for a person's answer, oldest first.</summary>
    public IReadOnlyList<EvaluationSummary> Evaluations { get; init; } = [];

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether the release is over and nobody looks after it yet, although there is something to look at.</summary>
    public bool AwaitsAftercare { get; init; }

    /// <summary>Which attempt at the same request it is, 1 first.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The attempt before; null for the first.</summary>
    public ReleaseId? RetryOf { get; init; }

    /// <summary>The next attempt; null as long as nobody tried it again.</summary>
    public ReleaseId? RetriedBy { get; init; }

    /// <summary>Commands, decisions and reports that nobody has answered yet, and locks that were taken away halfway: what the sweeper looks after when the
    /// release is over.</summary>
    public int Unanswered { get; init; }

    /// <summary>How far telemetry had come in at the newest judgement; null: nothing was judged yet, its source does not say, or the release is over.</summary>
    public IngestionWatermark? Telemetry { get; init; }

    /// <summary>The canary's error rate in percent over the newest judged interval; null before the first.</summary>
    public double? CanaryErrorRate { get; init; }

    /// <summary>The control arm's error rate in percent over the newest judged interval; null when it has none.</summary>
    public double? ControlErrorRate { get; init; }

    /// <summary>The canary's p95 in milliseconds over the newest judged interval.</summary>
    public double? CanaryP95 { get; init; }

    /// <summary>The control arm's p95 in milliseconds over the newest judged interval.</summary>
    public double? ControlP95 { get; init; }
}

/// <summary>An open evaluation, for those who can answer it.</summary>
/// <param name="Id">Its id, for example <c>e1</c>.</param>
/// <param name="Sentence">What was found, with the numbers.</param>
/// <param name="Deadline">Until when an answer is expected.</param>
/// <param name="WithoutAnswer">What happens without one.</param>
/// <param name="Command">The command that answers.</param>
public sealed record EvaluationSummary(string Id, string Sentence, DateTimeOffset Deadline, string WithoutAnswer, string Command);
