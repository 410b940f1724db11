using System.Collections.Concurrent;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;
using Slipway.Core.Releases;
using Slipway.Workflow.Releases;

namespace Slipway.Web.Pages;

/// <summary>
/// What a page tells of a release beyond its state: the evidence over time and the rows of the ledger. Folded once and continued from where it
/// was, for a bounded number of releases; losing it loses nothing.
/// </summary>
/// <param name="desk">Reads ledgers.</param>
public sealed class ReleaseStories(ReleaseDesk desk)
{
    private const int Kept = 64;
    private const int RowsKept = 200;
    private readonly ConcurrentDictionary<ReleaseId, Story> _stories = new();

    /// <summary>The story of a release up to its state, or a little further; nothing is read where it goes that far already. Null: there is no such release.</summary>
    public async Task<(EvidenceTimeline Timeline, IReadOnlyList<LedgerRow> Rows, long Head)?> ReadAsync(ReleaseState state, CancellationToken cancellation)
    {
        var release = state.Plan.ReleaseId;
        var story = _stories.TryGetValue(release, out var known) ? known : Story.Empty;
        if (story.Head >= state.Sequence) return (story.Timeline, story.Newest(ReleaseModel.ShownEntries), story.Head);
        if (await desk.LedgerAsync(release, story.Head, cancellation) is not { } fresh) return null;
        if (fresh.Count > 0)
        {
            story = story.Continue(fresh);
            // Two readers that continue at once come to the same story; the longer one stays.
            _stories.AddOrUpdate(release, story, (_, other) => other.Head > story.Head ? other : story);
            if (_stories.Count > Kept && _stories.Keys.FirstOrDefault(id => id != release) is { Value: not null } oldest) _stories.TryRemove(oldest, out _);
        }

        return (story.Timeline, story.Newest(ReleaseModel.ShownEntries), story.Head);
    }

    /// <summary>The story and the state as they were after an entry; null: there is no such release, or no such entry.</summary>
    public async Task<(ReleaseState State, EvidenceTimeline Timeline, IReadOnlyList<LedgerRow> Rows, long Head)?> ReadAsync(ReleaseId release, long at, CancellationToken cancellation)
    {
        if (await desk.LedgerAsync(release, 0, cancellation) is not { Count: > 0 } entries || at < 1 || at > entries[^1].Sequence) return null;
        var then = entries.TakeWhile(entry => entry.Sequence <= at).ToList();
        return (ReleaseState.Fold(then), EvidenceTimeline.Fold(then), LedgerRow.Of(then, ReleaseModel.ShownEntries), entries[^1].Sequence);
    }

    private sealed record Story(EvidenceTimeline Timeline, IReadOnlyList<LedgerRow> Rows, long Head)
    {
        public static Story Empty { get; } = new(EvidenceTimeline.Empty, [], 0);

        public Story Continue(IReadOnlyList<LedgerEntry> entries) => new(
            entries.Aggregate(Timeline, (timeline, entry) => timeline.Apply(entry)),
            [.. LedgerRow.Of(entries, RowsKept).Concat(Rows).Take(RowsKept)],
            entries[^1].Sequence);

        public IReadOnlyList<LedgerRow> Newest(int most) => [.. Rows.Take(most)];
    }
}
