using System.Text.Json;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Tests.Ledgers;

public sealed class LedgerChainTests
{
    private static IReadOnlyList<LedgerEntry> Good => SampleLedgers.All["completed"];

    [Fact]
    public void Hash_of_known_members_is_the_sha256_of_the_documented_form()
    {
        // printf 'slipway.ledger.v1\n1:1\n3:e-1\n28:2026-03-02T09:00:00.0000000Z\n4:dana\n9:a.test.v1\n7:{"x":1}\n64:%s\n' "$(printf '0%.0s' {1..64})" | sha256sum
        var hash = LedgerChain.Hash(1, "e-1", new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.FromHours(1)), "dana", "a.test.v1", """{"x":1}""", LedgerChain.Genesis);
        Assert.Equal("d17afc4b02822276495667e035321efd35fb637694e7897fa9c89c00e4527c05", hash);
    }

    [Fact]
    public void Hash_WhenTextMovesBetweenMembers_Differs()
    {
        var at = SampleRequests.Start;
        Assert.NotEqual(
            LedgerChain.Hash(1, "ab", at, "c", "t", "{}", LedgerChain.Genesis),
            LedgerChain.Hash(1, "a", at, "bc", "t", "{}", LedgerChain.Genesis));
    }

    [Fact]
    public void Verify_OfEverySample_IsGoodAndNamesTheHead()
    {
        foreach (var (name, entries) in SampleLedgers.All)
        {
            var verdict = LedgerChain.Verify(entries);
            Assert.True(verdict.Ok, name);
            Assert.Equal(entries.Count, verdict.Count);
            Assert.Equal(entries[^1].Hash, verdict.HeadHash);
        }
    }

    [Fact]
    public void Verify_WhenAnEntryIsMissing_SaysGap()
    {
        var verdict = LedgerChain.Verify([.. Good.Where(entry => entry.Sequence != 5)]);
        Assert.Equal((ChainFault.Gap, 5, 4), (verdict.Fault, verdict.BadSequence, verdict.Count));
        Assert.Equal("sequence 6", verdict.Found);
        Assert.Contains("entry 5", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WhenTwoEntriesChangePlaces_SaysReordered()
    {
        var entries = Good.ToList();
        (entries[3], entries[4]) = (entries[4], entries[3]);
        var verdict = LedgerChain.Verify(entries);
        Assert.Equal((ChainFault.Reordered, 4), (verdict.Fault, verdict.BadSequence));
    }

    [Fact]
    public void Verify_WhenAnEntryIsRepeated_SaysReordered()
    {
        var entries = Good.ToList();
        entries.Insert(3, entries[2]);
        Assert.Equal((ChainFault.Reordered, 4), (LedgerChain.Verify(entries).Fault, LedgerChain.Verify(entries).BadSequence));
    }

    [Fact]
    public void Verify_WhenAnIdIsUsedTwice_SaysDuplicateId() =>
        Assert.Equal((ChainFault.DuplicateId, 4), Fault(entry => entry with { EntryId = "entry-2" }));

    [Fact]
    public void Verify_WhenThePreviousHashIsAnother_SaysSo() =>
        Assert.Equal((ChainFault.WrongPreviousHash, 4), Fault(entry => entry with { PreviousHash = LedgerChain.Genesis }));

    [Fact]
    public void Verify_WhenAnyOtherMemberIsChanged_SaysWrongHash()
    {
        Func<LedgerEntry, LedgerEntry>[] changes =
        [
            entry => entry with { EntryId = "other" },
            entry => entry with { At = entry.At.AddTicks(1) },
            entry => entry with { Actor = "mallory" },
            entry => entry with { Type = "gate.checked.v2" },
            entry => entry with { Body = Changed(entry) },
            entry => entry with { Hash = new string('f', 64) },
        ];
        Assert.All(changes, change => Assert.Equal((ChainFault.WrongHash, 4), Fault(change)));
    }

    [Fact]
    public void Verify_OfNothing_IsGoodWithoutAHead() =>
        Assert.Equal((true, 0, LedgerChain.Genesis), (LedgerChain.Verify([]).Ok, LedgerChain.Verify([]).Count, LedgerChain.Verify([]).HeadHash));

    [Fact]
    public void Exported_lines_verify_bit_for_bit()
    {
        foreach (var entries in SampleLedgers.All.Values)
        {
            var text = LedgerLines.WriteAll(entries);
            var read = LedgerLines.ReadAll(text.Split('\n'));
            Assert.True(LedgerChain.Verify(read).Ok);
            Assert.Equal(text, LedgerLines.WriteAll(read));
        }
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("""{"sequence":1}""", "member 'entry_id' is missing")]
    [InlineData("""{"sequence":1,"extra":2}""", "unknown member 'extra'")]
    [InlineData("""{"sequence":1,"sequence":2}""", "occurs twice")]
    [InlineData("""{"sequence":"1","entry_id":"a","at":"2026-03-02T09:00:00Z","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "'sequence' is not a whole number")]
    [InlineData("""{"sequence":1,"entry_id":"a","at":"yesterday","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "'at' is not a time: 'yesterday'")]
    [InlineData("""{"sequence":1,"entry_id":"a","at":"2026-03-02 09:00:00Z","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "expected '2026-03-02T09:00:00.0000000Z'")]
    [InlineData("""{"sequence":1,"entry_id":"a","at":"2026-03-02T10:00:00.0000000+01:00","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "expected '2026-03-02T09:00:00.0000000Z'")]
    [InlineData("""{"sequence":1,"entry_id":"\ud800","at":"2026-03-02T09:00:00.0000000Z","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "not valid Unicode")]
    [InlineData("""{"\udc00":1}""", "not valid Unicode")]
    [InlineData("""{"sequence":1,"entry_id":7,"at":"2026-03-02T09:00:00.0000000Z","actor":"a","type":"t","body":{},"previous_hash":"0","hash":"0"}""", "'entry_id' is not a string")]
    public void Read_OfALineThatIsNoEntry_SaysWhereAndWhy(string line, string problem)
    {
        var failure = Assert.Throws<FormatException>(() => LedgerLines.ReadAll(["", line]));
        Assert.StartsWith("line 2: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePosition", failure.Message, StringComparison.Ordinal);
    }

    private static (ChainFault Fault, long Sequence) Fault(Func<LedgerEntry, LedgerEntry> change)
    {
        var entries = Good.ToList();
        entries[3] = change(entries[3]);
        var verdict = LedgerChain.Verify(entries);
        return (verdict.Fault, verdict.BadSequence);
    }

    // One blank more: the same JSON value, another text.
    private static JsonElement Changed(LedgerEntry entry)
    {
        using var document = JsonDocument.Parse(entry.Body.GetRawText().Replace("\":", "\": ", StringComparison.Ordinal));
        return document.RootElement.Clone();
    }
}
