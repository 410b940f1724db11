using System.Text.Json;

namespace Slipway.Core.Ledgers;

/// <summary>What is to be appended: idempotent by <see cref="EntryId"/> within one ledger.</summary>
/// <param name="EntryId">Chosen by the writer, deterministic on replay.</param>
/// <param name="At">When it happened, as the writer knows it.</param>
/// <param name="Actor">Who: a person, <c>slipway</c>, or a key's name.</param>
/// <param name="Body">What.</param>
public sealed record LedgerDraft(string EntryId, DateTimeOffset At, string Actor, LedgerBody Body);

/// <summary>
/// One entry of a release's append-only ledger. <see cref="Hash"/> is SHA-256 over the canonical form of all other members, so that each
/// entry pins everything before it.
/// </summary>
/// <param name="Sequence">1 for the first entry, without gaps.</param>
/// <param name="EntryId">The writer's id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Actor">Who.</param>
/// <param name="Type">The body's versioned type name, for example <c>stage.started.v1</c>.</param>
/// <param name="Body">The body as stored; its text is what the hash covers.</param>
/// <param name="PreviousHash">Lower-case hex of the previous entry's hash; 64 zeros for the first.</param>
/// <param name="Hash">Lower-case hex SHA-256.</param>
public sealed record LedgerEntry(
    long Sequence, string EntryId, DateTimeOffset At, string Actor, string Type, JsonElement Body, string PreviousHash, string Hash)
{
    private Kept _kept;

    private LedgerEntry(LedgerEntry original)
    {
        // All but the body that was read: what is made from an entry may have another.
        (Sequence, EntryId, At, Actor) = (original.Sequence, original.EntryId, original.At, original.Actor);
        (Type, Body, PreviousHash, Hash) = (original.Type, original.Body, original.PreviousHash, original.Hash);
    }

    /// <summary>The body as a value, read once; an <see cref="UnknownBody"/> when this version does not know the type.</summary>
    public LedgerBody Read() => _kept.Body ??= LedgerBodies.Read(Type, Body);

    /// <summary>What was read, which says nothing about an entry that it does not say itself: any two are equal.</summary>
    private struct Kept : IEquatable<Kept>
    {
        public LedgerBody? Body;

        public readonly bool Equals(Kept other) => true;

        public override readonly bool Equals(object? obj) => obj is Kept;

        public override readonly int GetHashCode() => 0;
    }
}
