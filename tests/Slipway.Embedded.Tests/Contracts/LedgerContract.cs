using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every ledger must do.</summary>
public abstract class LedgerContract
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");
    private static readonly ReleaseId Two = ReleaseId.Parse("two");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ILedger Ledger { get; }

    [Fact]
    public async Task CreateAsync_ANewRelease_WritesTheFirstEntry()
    {
        Assert.Equal(LedgerCreation.Created, await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation));
        var entry = Assert.Single(await Ledger.ReadAsync(One, 0, Cancellation));
        Assert.Equal((1, "created", "release.created.v1", LedgerChain.Genesis), (entry.Sequence, entry.EntryId, entry.Type, entry.PreviousHash));
        Assert.Equal("hash-a", Assert.IsType<ReleaseCreated>(entry.Read()).ContentHash);
    }

    [Fact]
    public async Task CreateAsync_AgainWithTheSameContent_ChangesNothing()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var again = LedgerSamples.Creation(One) with { EntryId = "other", Actor = "somebody else" };
        Assert.Equal(LedgerCreation.SameContent, await Ledger.CreateAsync(One, again, Cancellation));
        Assert.Equal("created", Assert.Single(await Ledger.ReadAsync(One, 0, Cancellation)).EntryId);
    }

    [Fact]
    public async Task CreateAsync_AgainWithOtherContent_IsRefusedAndWritesNothing()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        Assert.Equal(LedgerCreation.OtherContent, await Ledger.CreateAsync(One, LedgerSamples.Creation(One, "hash-b"), Cancellation));
        Assert.Equal("hash-a", Assert.IsType<ReleaseCreated>(Assert.Single(await Ledger.ReadAsync(One, 0, Cancellation)).Read()).ContentHash);
    }

    [Fact]
    public async Task CreateAsync_ByManyAtOnce_IsDoneByExactlyOne()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(number => Ledger.CreateAsync(One, LedgerSamples.Creation(One, $"hash-{number}"), Cancellation)));
        Assert.Single(results, LedgerCreation.Created);
        Assert.Equal(19, results.Count(result => result == LedgerCreation.OtherContent));
    }

    [Fact]
    public async Task CreateAsync_WithAnotherBody_Throws() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Ledger.CreateAsync(One, LedgerSamples.Note("created", 0), Cancellation));

    [Fact]
    public async Task AppendAsync_ReturnsTheEntriesAsTheyAreRead()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var appended = await Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1), LedgerSamples.Note("b", 2)], Cancellation);

        var read = await Ledger.ReadAsync(One, 1, Cancellation);
        Assert.Equal([2L, 3L], read.Select(entry => entry.Sequence));
        Assert.Equal(appended.Select(entry => (entry.Hash, entry.At, entry.Body.GetRawText())), read.Select(entry => (entry.Hash, entry.At, entry.Body.GetRawText())));
        Assert.Equal(new CommandApplied("2", "“é” <b>\u0001"), read[1].Read());
    }

    [Fact]
    public async Task AppendAsync_AnIdThatIsThere_ReturnsTheStoredEntryAndWritesOnlyTheRest()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var first = (await Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation))[0];

        var second = await Ledger.AppendAsync(
            One, [LedgerSamples.Note("a", 99), LedgerSamples.Note("b", 2), LedgerSamples.Note("b", 3)], Cancellation);

        Assert.Equal([2L, 3L, 3L], second.Select(entry => entry.Sequence));
        Assert.Equal(first.Hash, second[0].Hash);
        Assert.Equal(3, (await Ledger.ReadAsync(One, 0, Cancellation)).Count);
    }

    [Fact]
    public async Task AppendAsync_WhenOneDraftCannotBeWritten_WritesNone()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var impossible = LedgerSamples.Note("b", 2) with { Body = new NamelessBody() };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1), impossible], Cancellation));
        Assert.Single(await Ledger.ReadAsync(One, 0, Cancellation));
    }

    [Fact]
    public async Task AppendAsync_UnknownRelease_Throws() =>
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation));

    [Fact]
    public async Task AppendAsync_ByManyAtOnce_LeavesNoGapAndAChainThatHolds()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        await Ledger.CreateAsync(Two, LedgerSamples.Creation(Two), Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Ledger.AppendAsync(
            number % 2 == 0 ? One : Two, [LedgerSamples.Note($"{number}", number), LedgerSamples.Note($"{number}b", number)], Cancellation)));

        foreach (var release in new[] { One, Two })
        {
            var verdict = LedgerChain.Verify(await Ledger.ReadAsync(release, 0, Cancellation));
            Assert.Equal((true, 51L), (verdict.Ok, (long)verdict.Count));
        }
    }

    [Fact]
    public async Task ReadAsync_UnknownReleaseOrNothingNew_IsEmpty()
    {
        Assert.Empty(await Ledger.ReadAsync(One, 0, Cancellation));
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        Assert.Empty(await Ledger.ReadAsync(One, 1, Cancellation));
    }

    [Fact]
    public async Task AppendAsync_AnUnknownBody_IsKeptToTheLetter()
    {
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var body = System.Text.Json.JsonElement.Parse("""{ "b": 1.50, "a" : "\u00e9" }""");
        await Ledger.AppendAsync(One, [new LedgerDraft("x", LedgerSamples.At, "new", new UnknownBody("future.v9", body))], Cancellation);

        var entries = await Ledger.ReadAsync(One, 0, Cancellation);
        Assert.Equal(body.GetRawText(), entries[1].Body.GetRawText());
        Assert.Equal("future.v9", Assert.IsType<UnknownBody>(entries[1].Read()).Type);
        Assert.True(LedgerChain.Verify(entries).Ok);
    }

    [Fact]
    public async Task ListAsync_NamesAllLedgersNewestFirst()
    {
        await Ledger.CreateAsync(Two, LedgerSamples.Creation(Two), Cancellation);
        await Ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        Assert.Equal([One, Two], await Ledger.ListAsync(Cancellation));
    }

    private sealed record NamelessBody : LedgerBody;
}
