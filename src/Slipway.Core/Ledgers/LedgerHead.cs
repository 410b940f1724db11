namespace Slipway.Core.Ledgers;

/// <summary>The hash of a newest entry, known, or to be had from a seal that nobody has asked for yet; two are equal when their hashes are.</summary>
internal readonly struct LedgerHead : IEquatable<LedgerHead>
{
    private readonly string? _hash;
    private readonly LedgerSeal? _seal;

    /// <summary>A hash that is known.</summary>
    public LedgerHead(string hash) => _hash = hash;

    /// <summary>Of an entry. A seal that is made is let go, since it holds the body.</summary>
    public LedgerHead(LedgerSeal seal)
    {
        if (seal.IsOpen) _seal = seal;
        else _hash = seal.Hash;
    }

    /// <summary>The hash.</summary>
    public string Hash => _hash ?? _seal?.Hash ?? LedgerChain.Genesis;

    /// <inheritdoc/>
    public bool Equals(LedgerHead other) => (_seal is not null && ReferenceEquals(_seal, other._seal)) || Hash == other.Hash;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LedgerHead other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);
}
