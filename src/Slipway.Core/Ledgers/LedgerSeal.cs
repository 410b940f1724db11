using System.Runtime.InteropServices;
using System.Text.Json;

namespace Slipway.Core.Ledgers;

/// <summary>
/// What ties an entry into its chain: its body's text, the previous hash and its own. Read from a store it is as it stood there; of an entry that was
/// linked to be sealed later (<see cref="LedgerChain.LinkLater"/>) it is made when somebody first asks, with those of all entries before it, and is
/// the same then as if it had been made at once.
/// </summary>
internal sealed class LedgerSeal : IEquatable<LedgerSeal>
{
    private readonly Link? _link;
    private Form? _form;

    /// <summary>A seal as it stood in a store.</summary>
    public LedgerSeal(JsonElement body, string previousHash, string hash) => _form = new Form(body, previousHash, hash);

    /// <summary>A seal that is made when it is asked for.</summary>
    /// <param name="previous">Of the entry before; null: of none.</param>
    /// <param name="sequence">The entry's sequence.</param>
    /// <param name="at">Its time, in UTC.</param>
    /// <param name="type">Its body's stored name.</param>
    /// <param name="draft">What it was made from.</param>
    public LedgerSeal(LedgerSeal? previous, long sequence, DateTimeOffset at, string type, LedgerDraft draft) =>
        _link = new Link(previous, sequence, at, type, draft);

    /// <summary>The body as stored.</summary>
    public JsonElement Body => Formed.Body;

    /// <summary>The hash of the entry before.</summary>
    public string PreviousHash => Formed.PreviousHash;

    /// <summary>The hash.</summary>
    public string Hash => Formed.Hash;

    /// <summary>Whether it has not been made yet, so that asking for it costs something.</summary>
    public bool IsOpen => _form is null;

    private Form Formed => _form ?? Make();

    /// <inheritdoc/>
    public bool Equals(LedgerSeal? other) =>
        ReferenceEquals(this, other) || (other is not null && Hash == other.Hash && PreviousHash == other.PreviousHash && Text(Body).SequenceEqual(Text(other.Body)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LedgerSeal);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    private static ReadOnlySpan<byte> Text(JsonElement body) => body.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(body);

    // Oldest first, and none by way of the one before it: a ledger has thousands. Made twice by two who ask at once it is the same twice.
    private Form Make()
    {
        var open = new Stack<LedgerSeal>();
        for (var seal = this; seal is { IsOpen: true }; seal = seal._link!.Previous) open.Push(seal);
        while (open.TryPop(out var seal))
        {
            var (previous, sequence, at, type, draft) = seal._link!;
            var body = LedgerBodies.Write(draft.Body);
            var before = previous?._form!.Hash ?? LedgerChain.Genesis;
            seal._form = new Form(body, before, LedgerChain.Hash(sequence, draft.EntryId, at, draft.Actor, type, JsonMarshal.GetRawUtf8Value(body), before));
        }

        return _form!;
    }

    private sealed record Form(JsonElement Body, string PreviousHash, string Hash);

    private sealed record Link(LedgerSeal? Previous, long Sequence, DateTimeOffset At, string Type, LedgerDraft Draft);
}
