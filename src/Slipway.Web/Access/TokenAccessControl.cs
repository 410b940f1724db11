using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>One API token.</summary>
/// <param name="Name">Whose it is; goes into the ledger as actor.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Token">The secret, 16 characters or more.</param>
public sealed record ApiToken(string Name, ApiRoles Roles, string Token);

/// <summary>An API key of which only the hash is known.</summary>
/// <param name="Name">Whose it is; goes into the ledger as actor.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Sha256">SHA-256 of the key's UTF-8 text, 32 bytes.</param>
public sealed record HashedKey(string Name, ApiRoles Roles, ReadOnlyMemory<byte> Sha256);

/// <summary>
/// Bearer tokens from a small fixed set. A presented token is hashed and compared with every known one in constant time, so that the time
/// an answer takes says nothing about how near a guess was.
/// </summary>
public sealed class TokenAccessControl : IAccessControl
{
    private const string Scheme = "Bearer ";
    private const int LongestToken = 512;
    private readonly IReadOnlyList<(byte[] Hash, Caller Caller)> _known;

    /// <summary>Takes the tokens, and keys by their hashes; throws <see cref="ArgumentException"/> when a token is shorter than 16 characters,
    /// a hash has not 32 bytes, or a name is missing.</summary>
    public TokenAccessControl(IReadOnlyCollection<ApiToken> tokens, IReadOnlyCollection<HashedKey>? keys = null)
    {
        foreach (var key in keys ?? [])
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(key.Name, nameof(keys));
            if (key.Sha256.Length != SHA256.HashSizeInBytes) throw new ArgumentException($"The hash of the key of '{key.Name}' must have {SHA256.HashSizeInBytes} bytes.", nameof(keys));
        }

        foreach (var token in tokens)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(token.Name, nameof(tokens));
            if (token.Token.Length is < 16 or > LongestToken)
                throw new ArgumentException($"The token of '{token.Name}' must have 16 to {LongestToken} characters.", nameof(tokens));
        }

        _known =
        [
            .. tokens.Select(token => (HashOf(token.Token), new Caller(token.Name, token.Roles))),
            .. (keys ?? []).Select(key => (key.Sha256.ToArray(), new Caller(key.Name, key.Roles))),
        ];
    }

    /// <inheritdoc/>
    public Caller? Authenticate(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        return Identify(value[Scheme.Length..].Trim());
    }

    /// <summary>Whose token a text is; null: nobody's.</summary>
    public Caller? Identify(string presented)
    {
        if (presented.Length is 0 or > LongestToken)
            return null;
        var hash = HashOf(presented);
        Caller? found = null;
        foreach (var (known, caller) in _known)
        {
            // No early exit: each comparison costs the same, found or not.
            if (CryptographicOperations.FixedTimeEquals(hash, known))
                found = caller;
        }

        return found;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
