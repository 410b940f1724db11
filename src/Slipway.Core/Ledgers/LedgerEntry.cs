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
public sealed record LedgerEntry
{
    private LedgerSeal _seal;
    private Kept _kept;

    /// <summary>An entry as a store has it.</summary>
    /// <param name="sequence">1 for the first entry, without gaps.</param>
    /// <param name="entryId">The writer's id.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="actor">Who.</param>
    /// <param name="type">The body's versioned type name, for example <c>stage.started.v1</c>.</param>
    /// <param name="body">The body as stored; its text is what the hash covers.</param>
    /// <param name="previousHash">Lower-case hex of the previous entry's hash; 64 zeros for the first.</param>
    /// <param name="hash">Lower-case hex SHA-256.</param>
    public LedgerEntry(long sequence, string entryId, DateTimeOffset at, string actor, string type, JsonElement body, string previousHash, string hash)
    {
        (Sequence, EntryId, At, Actor, Type) = (sequence, entryId, at, actor, type);
        _seal = new LedgerSeal(body, previousHash, hash);
    }

    /// <summary>An entry whose seal may be made later; its body is what it was made from.</summary>
    internal LedgerEntry(long sequence, DateTimeOffset at, string type, LedgerDraft draft, LedgerSeal seal)
    {
        (Sequence, EntryId, At, Actor, Type) = (sequence, draft.EntryId, at, draft.Actor, type);
        (_seal, _kept.Body) = (seal, draft.Body);
    }

    private LedgerEntry(LedgerEntry original)
    {
        // All but the body that was read: what is made from an entry may have another.
        (Sequence, EntryId, At, Actor) = (original.Sequence, original.EntryId, original.At, original.Actor);
        (Type, _seal) = (original.Type, original._seal);
    }

    /// <summary>1 for the first entry, without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>The writer's id.</summary>
    public string EntryId { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who.</summary>
    public string Actor { get; init; }

    /// <summary>The body's versioned type name, for example <c>stage.started.v1</c>.</summary>
    public string Type { get; init; }

    /// <summary>The body as stored; its text is what the hash covers.</summary>
    public JsonElement Body
    {
        get => _seal.Body;
        init => _seal = new LedgerSeal(value, PreviousHash, Hash);
    }

    /// <summary>Lower-case hex of the previous entry's hash; 64 zeros for the first.</summary>
    public string PreviousHash
    {
        get => _seal.PreviousHash;
        init => _seal = new LedgerSeal(Body, value, Hash);
    }

    /// <summary>Lower-case hex SHA-256.</summary>
    public string Hash
    {
        get => _seal.Hash;
        init => _seal = new LedgerSeal(Body, PreviousHash, value);
    }

    /// <summary>What ties it into its chain.</summary>
    internal LedgerSeal Seal => _seal;

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
