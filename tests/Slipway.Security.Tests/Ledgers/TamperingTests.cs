using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;

namespace Slipway.Security.Tests.Ledgers;

/// <summary>The exported ledger of a whole release, with everything done to it that somebody with write access could do.</summary>
public sealed class TamperingTests
{
    [Fact]
    public async Task Any_changed_removed_moved_repeated_or_cut_entry_of_a_real_ledger_is_found()
    {
        var lines = await ExportAsync();
        var head = LedgerChain.Verify(LedgerLines.ReadAll(lines)).HeadHash;
        Assert.True(Holds(lines, head));
        Assert.True(lines.Length > 40, $"only {lines.Length} entries");

        for (var entry = 0; entry < lines.Length; entry++)
        {
            Assert.False(Holds([.. lines[..entry], .. lines[(entry + 1)..]], head), $"entry {entry + 1} removed");
            Assert.False(Holds([.. lines[..entry], lines[entry], .. lines[entry..]], head), $"entry {entry + 1} twice");
            Assert.False(Holds([.. lines[..entry], lines[entry][..(lines[entry].Length / 2)]], head), $"cut inside entry {entry + 1}");
            Assert.False(Holds(lines[..entry], head), $"cut before entry {entry + 1}");
            if (entry > 0) Assert.False(Holds([.. lines[..(entry - 1)], lines[entry], lines[entry - 1], .. lines[(entry + 1)..]], head), $"entries {entry} and {entry + 1} changed places");
        }
    }

    [Fact]
    public async Task Any_single_changed_character_of_a_real_ledger_is_found()
    {
        var lines = await ExportAsync();
        var whole = LedgerLines.ReadAll(lines);
        var head = LedgerChain.Verify(whole).HeadHash;

        // Behind a change nothing else is looked at, so each entry is verified with those before it as they are: by its own hash and the one it names.
        for (var entry = 0; entry < lines.Length; entry++)
        {
            var line = lines[entry];
            for (var at = 0; at < line.Length; at += line.Length > 2_000 && at is > 400 && at < line.Length - 400 ? 13 : 1)
            {
                foreach (var other in Others(line[at]))
                {
                    var changed = string.Concat(line.AsSpan(0, at), $"{other}", line.AsSpan(at + 1));
                    Assert.False(IsTheEntry(changed, whole[entry]), $"entry {entry + 1}, character {at}: '{line[at]}' became '{other}': {changed[Math.Max(0, at - 30)..Math.Min(changed.Length, at + 30)]}");
                }
            }
        }

        Assert.Equal(head, LedgerChain.Verify(LedgerLines.ReadAll(lines)).HeadHash);
    }

    [Fact]
    public async Task Entries_cut_off_at_the_end_are_found_by_a_head_that_was_kept_elsewhere_and_by_nothing_else()
    {
        var lines = await ExportAsync();
        var kept = LedgerChain.Verify(LedgerLines.ReadAll(lines)).HeadHash;

        var cut = LedgerChain.Verify(LedgerLines.ReadAll(lines[..^1]));

        Assert.True(cut.Ok);
        Assert.NotEqual(kept, cut.HeadHash);
    }

    [Fact]
    public async Task A_ledger_written_anew_from_a_changed_entry_on_has_another_head()
    {
        var entries = LedgerLines.ReadAll(await ExportAsync());
        var kept = LedgerChain.Verify(entries).HeadHash;
        var forged = new List<LedgerEntry>();
        foreach (var entry in entries)
            forged.Add(LedgerChain.Link(forged.LastOrDefault(), new LedgerDraft(entry.EntryId, entry.At, entry.Sequence == 5 ? "somebody else" : entry.Actor, entry.Read())));

        var verdict = LedgerChain.Verify(forged);

        Assert.True(verdict.Ok);
        Assert.NotEqual(kept, verdict.HeadHash);
    }

    private static IEnumerable<char> Others(char letter) => new[] { (char)(letter ^ 1), (char)(letter ^ 0x20), ' ', '0' }.Where(other => other != letter && other >= ' ').Distinct();

    /// <summary>Whether a line still reads as the entry that it was, with a hash that fits: then the change would not be found.</summary>
    private static bool IsTheEntry(string line, LedgerEntry before)
    {
        LedgerEntry read;
        try
        {
            read = LedgerLines.Read(line);
        }
        catch (FormatException)
        {
            return false;
        }

        return read.Sequence == before.Sequence && read.PreviousHash == before.PreviousHash && read.Hash == before.Hash && LedgerChain.HashOf(read) == read.Hash;
    }

    private static bool Holds(IReadOnlyList<string> lines, string head)
    {
        try
        {
            var verdict = LedgerChain.Verify(LedgerLines.ReadAll(lines));
            return verdict.Ok && verdict.HeadHash == head;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static async Task<string[]> ExportAsync()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunToEndAsync(release);
        return LedgerLines.WriteAll(await world.LedgerAsync(release)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
