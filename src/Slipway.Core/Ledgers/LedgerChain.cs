using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Core.Ledgers;

/// <summary>
/// The hash chain of a ledger. The canonical form of an entry is the UTF-8 text <c>slipway.ledger.v1</c> and a line feed, then for each of
/// sequence (decimal), entry id, time (UTC, <c>yyyy-MM-ddTHH:mm:ss.fffffffZ</c>), actor, type, body (the JSON text exactly as stored) and
/// previous hash: its length in bytes (decimal), a colon, its bytes, a line feed. The lengths make the form unambiguous whatever the
/// values hold. The hash is the lower-case hex SHA-256 of that form.
/// </summary>
public static class LedgerChain
{
    /// <summary>The previous hash of the first entry: 64 zeros.</summary>
    public const string Genesis = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>The hash of an entry with these members; pure.</summary>
    /// <param name="sequence">1 for the first entry.</param>
    /// <param name="entryId">The writer's id.</param>
    /// <param name="at">When; the offset does not matter, the moment does.</param>
    /// <param name="actor">Who.</param>
    /// <param name="type">The body's versioned type name.</param>
    /// <param name="bodyText">The body's JSON exactly as stored.</param>
    /// <param name="previousHash">The previous entry's hash, or <see cref="Genesis"/>.</param>
    public static string Hash(long sequence, string entryId, DateTimeOffset at, string actor, string type, string bodyText, string previousHash) =>
        Hash(sequence, entryId, at, actor, type, Encoding.UTF8.GetBytes(bodyText), previousHash);

    /// <summary>The same, from the body's JSON as UTF-8.</summary>
    internal static string Hash(long sequence, string entryId, DateTimeOffset at, string actor, string type, ReadOnlySpan<byte> body, string previousHash)
    {
        var form = new ArrayBufferWriter<byte>(body.Length + 512);
        form.Write("slipway.ledger.v1\n"u8);
        Append(form, sequence.ToString(CultureInfo.InvariantCulture));
        Append(form, entryId);
        Append(form, Time(at));
        Append(form, actor);
        Append(form, type);
        Length(form, body.Length);
        form.Write(body);
        form.Write("\n"u8);
        Append(form, previousHash);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(form.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The hash that an entry should have, from its other members.</summary>
    public static string HashOf(LedgerEntry entry) =>
        Hash(entry.Sequence, entry.EntryId, entry.At, entry.Actor, entry.Type, JsonMarshal.GetRawUtf8Value(entry.Body), entry.PreviousHash);

    /// <summary>Makes the entry that follows <paramref name="previous"/> (null: the first of a ledger) from a draft.</summary>
    public static LedgerEntry Link(LedgerEntry? previous, LedgerDraft draft) =>
        Link(previous?.Sequence ?? 0, previous?.Hash ?? Genesis, draft);

    /// <summary>Makes the entry that follows the given head from a draft.</summary>
    /// <param name="headSequence">The sequence of the newest entry; 0 for an empty ledger.</param>
    /// <param name="headHash">Its hash; <see cref="Genesis"/> for an empty ledger.</param>
    /// <param name="draft">What to append.</param>
    public static LedgerEntry Link(long headSequence, string headHash, LedgerDraft draft)
    {
        var type = LedgerBodies.NameOf(draft.Body);
        var body = LedgerBodies.Write(draft.Body);
        var at = draft.At.ToUniversalTime();
        var sequence = headSequence + 1;
        return new LedgerEntry(
            sequence, draft.EntryId, at, draft.Actor, type, body, headHash,
            Hash(sequence, draft.EntryId, at, draft.Actor, type, JsonMarshal.GetRawUtf8Value(body), headHash));
    }

    /// <summary>
    /// As <see cref="Link(LedgerEntry?, LedgerDraft)"/>, but body text and hashes are made only when they are asked for: for ledgers in memory that mostly
    /// nobody reads, such as those of rehearsals. <see cref="LedgerEntry.Read"/> gives the draft's own body. The entries before stay in memory with it.
    /// </summary>
    /// <param name="previous">The newest entry; null: the ledger is empty.</param>
    /// <param name="draft">What to append; must not change any more.</param>
    public static LedgerEntry LinkLater(LedgerEntry? previous, LedgerDraft draft)
    {
        var (sequence, at, type) = ((previous?.Sequence ?? 0) + 1, draft.At.ToUniversalTime(), LedgerBodies.NameOf(draft.Body));
        return new LedgerEntry(sequence, at, type, draft, new LedgerSeal(previous?.Seal, sequence, at, type, draft));
    }

    /// <summary>
    /// Checks a whole ledger, first entry first: no gap, no repeated or misplaced sequence, no repeated id, each entry naming the hash of
    /// the one before and having the hash of its own content. An empty ledger is good with a count of 0. Stops at the first fault.
    /// </summary>
    public static ChainVerdict Verify(IEnumerable<LedgerEntry> entries)
    {
        var all = entries as IReadOnlyList<LedgerEntry> ?? [.. entries];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var head = Genesis;
        for (var index = 0; index < all.Count; index++)
        {
            var entry = all[index];
            if (FaultOf(all, index, ids, head) is { } fault) return fault with { Count = index, HeadHash = head };
            head = entry.Hash;
        }

        return new ChainVerdict { Ok = true, Count = all.Count, HeadHash = head };
    }

    /// <summary>The time as it stands in the canonical form and in exported lines.</summary>
    internal static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static ChainVerdict? FaultOf(IReadOnlyList<LedgerEntry> all, int index, HashSet<string> ids, string head)
    {
        var entry = all[index];
        var expected = index + 1L;
        if (entry.Sequence != expected)
        {
            // A sequence that turns up later was moved; one that never does was removed.
            var moved = entry.Sequence < expected || all.Skip(index + 1).Any(later => later.Sequence == expected);
            return Bad(moved ? ChainFault.Reordered : ChainFault.Gap, expected, $"sequence {entry.Sequence}", $"sequence {expected}");
        }

        if (!ids.Add(entry.EntryId))
            return Bad(ChainFault.DuplicateId, expected, $"entry id '{entry.EntryId}' a second time", "an id of its own");
        if (!string.Equals(entry.PreviousHash, head, StringComparison.Ordinal))
            return Bad(ChainFault.WrongPreviousHash, expected, $"previous hash {entry.PreviousHash}", $"previous hash {head}");
        var hash = HashOf(entry);
        return string.Equals(entry.Hash, hash, StringComparison.Ordinal)
            ? null
            : Bad(ChainFault.WrongHash, expected, $"hash {entry.Hash}", $"hash {hash} of its content");
    }

    private static ChainVerdict Bad(ChainFault fault, long sequence, string found, string expected) =>
        new() { Ok = false, Count = 0, HeadHash = Genesis, Fault = fault, BadSequence = sequence, Found = found, Expected = expected };

    private static void Append(ArrayBufferWriter<byte> form, string value)
    {
        Length(form, Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, form);
        form.Write("\n"u8);
    }

    private static void Length(ArrayBufferWriter<byte> form, int length)
    {
        var room = form.GetSpan(12);
        length.TryFormat(room, out var digits, default, CultureInfo.InvariantCulture);
        room[digits] = (byte)':';
        form.Advance(digits + 1);
    }
}
