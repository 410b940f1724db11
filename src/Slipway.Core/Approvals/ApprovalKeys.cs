using System.Security.Cryptography;
using System.Text;

namespace Slipway.Core.Approvals;

/// <summary>A key that signs approval links. Deliberately no record: its text never shows the secret.</summary>
public sealed class ApprovalKey
{
    /// <summary>The shortest secret in bytes.</summary>
    public const int ShortestSecret = 32;

    /// <summary>Makes a key; throws <see cref="ArgumentException"/> for an empty id or a secret shorter than <see cref="ShortestSecret"/>.</summary>
    public ApprovalKey(string id, byte[] secret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (secret.Length < ShortestSecret) throw new ArgumentException($"The secret of key '{id}' has {secret.Length} bytes, expected {ShortestSecret} or more.", nameof(secret));
        Id = id;
        Secret = secret;
    }

    /// <summary>Names the key in a token.</summary>
    public string Id { get; }

    internal byte[] Secret { get; }

    /// <summary>A secret of 32 bytes for another purpose: HMAC-SHA-256 of the purpose's name, from which this key's secret cannot be found.</summary>
    public byte[] Derive(string purpose) => HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(purpose));
}

/// <summary>The keys of a server: the first signs, all verify, so that links outlive a rotation.</summary>
public sealed class ApprovalKeys
{
    private readonly IReadOnlyList<ApprovalKey> _keys;

    /// <summary>Takes the keys, the signing one first; throws <see cref="ArgumentException"/> when there is none or an id occurs twice.</summary>
    public ApprovalKeys(IReadOnlyList<ApprovalKey> keys)
    {
        if (keys.Count == 0) throw new ArgumentException("At least one key is needed.", nameof(keys));
        if (keys.DistinctBy(key => key.Id).Count() != keys.Count) throw new ArgumentException("Two keys have the same id.", nameof(keys));
        _keys = [.. keys];
    }

    /// <summary>The key that signs.</summary>
    public ApprovalKey Signing => _keys[0];

    /// <summary>The key of an id; null when it is not, or no longer, known.</summary>
    public ApprovalKey? Find(string id) => _keys.FirstOrDefault(key => key.Id == id);
}
