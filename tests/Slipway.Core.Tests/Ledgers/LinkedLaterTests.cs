using Slipway.Core.Ledgers;

namespace Slipway.Core.Tests.Ledgers;

/// <summary>Entries whose text and hashes are made when somebody asks are those that would have been made at once.</summary>
public sealed class LinkedLaterTests
{
    public static TheoryData<string> Names => [.. SampleLedgers.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void LinkLater_AnyLedger_GivesWhatLinkGives(string name)
    {
        var entries = SampleLedgers.All[name];

        var later = Later(entries.Select(Draft));

        // The last one first, so that all before it are made by way of it.
        Assert.Equal(entries[^1].Hash, later[^1].Hash);
        Assert.Equal(entries.Select(LedgerLines.Write), later.Select(LedgerLines.Write));
        Assert.True(LedgerChain.Verify(later).Ok);
        Assert.Equal(entries, later);
    }

    [Fact]
    public void LinkLater_BeforeAnybodyAsks_HasItsBody()
    {
        var draft = Draft(SampleLedgers.All["completed"][0]);

        Assert.Same(draft.Body, LedgerChain.LinkLater(null, draft).Read());
    }

    [Fact]
    public void LinkLater_ALongLedgerAskedForItsHead_IsMadeInOneGo()
    {
        var draft = Draft(SampleLedgers.All["completed"][1]);
        var (at, later) = (default(LedgerEntry), default(LedgerEntry));
        for (var count = 0; count < 20_000; count++) later = LedgerChain.LinkLater(later, draft with { EntryId = $"entry-{count}" });
        for (var count = 0; count < 20_000; count++) at = LedgerChain.Link(at, draft with { EntryId = $"entry-{count}" });

        Assert.Equal((20_000, at!.Hash), (later!.Sequence, later.Hash));
    }

    [Fact]
    public void Apply_EntriesLinkedLater_FoldsToTheSameStateWithTheSameHead()
    {
        var entries = SampleLedgers.All["completed"];
        var later = Later(entries.Select(Draft));

        var (expected, state) = (ReleaseState.Fold(entries), ReleaseState.Fold(later));

        Assert.Equal(expected.HeadHash, state.HeadHash);
        Assert.Equal((expected.Phase, expected.Sequence, expected.UpdatedAt), (state.Phase, state.Sequence, state.UpdatedAt));
    }

    [Fact]
    public void With_AnEntryLinkedLater_KeepsWhatWasNotChanged()
    {
        var entry = Later(SampleLedgers.All["completed"].Take(2).Select(Draft))[1];

        var renamed = entry with { Hash = LedgerChain.Genesis };

        Assert.Equal((LedgerChain.Genesis, entry.PreviousHash, entry.Body.GetRawText()), (renamed.Hash, renamed.PreviousHash, renamed.Body.GetRawText()));
        Assert.NotEqual(entry, renamed);
        Assert.Equal(entry, renamed with { Hash = entry.Hash });
    }

    private static LedgerDraft Draft(LedgerEntry entry) => new(entry.EntryId, entry.At, entry.Actor, entry.Read());

    private static List<LedgerEntry> Later(IEnumerable<LedgerDraft> drafts)
    {
        var later = new List<LedgerEntry>();
        foreach (var draft in drafts) later.Add(LedgerChain.LinkLater(later.LastOrDefault(), draft));
        return later;
    }
}
