using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Core.Releases;

namespace Slipway.Core.Approvals;

/// <summary>What a link says: who may decide what, about which evidence, until when.</summary>
/// <param name="Release">The release.</param>
/// <param name="Gate">The gate.</param>
/// <param name="Approver">The approver's mail address.</param>
/// <param name="EvidenceHash">The evidence that was shown.</param>
/// <param name="ExpiresAt">From this moment on the link does nothing (exclusive); whole milliseconds.</param>
/// <param name="Nonce">Tells links of the same claim apart.</param>
public sealed record ApprovalClaim(ReleaseId Release, string Gate, string Approver, string EvidenceHash, DateTimeOffset ExpiresAt, string Nonce);

/// <summary>What checking a token gave.</summary>
public abstract record ApprovalTokenCheck
{
    private ApprovalTokenCheck()
    {
    }

    /// <summary>Signed by this server and not expired.</summary>
    public sealed record Valid(ApprovalClaim Claim) : ApprovalTokenCheck;

    /// <summary>Not a token at all, for example cut off by a mail program.</summary>
    public sealed record Malformed : ApprovalTokenCheck;

    /// <summary>Not signed by a key of this server.</summary>
    public sealed record Forged : ApprovalTokenCheck;

    /// <summary>Signed by this server, and too late.</summary>
    public sealed record Expired(ApprovalClaim Claim) : ApprovalTokenCheck;
}

/// <summary>Signs and checks the token of an approval link: <c>base64url(payload).base64url(HMAC-SHA-256)</c>.</summary>
public static class ApprovalToken
{
    private const string Version = "v1";
    private const int Longest = 4000;

    /// <summary>The token of a claim, signed by the signing key; the same inputs give the same token.</summary>
    public static string Sign(ApprovalClaim claim, ApprovalKeys keys)
    {
        string[] parts =
        [
            Version, keys.Signing.Id, claim.Release.Value, claim.Gate, claim.Approver, claim.EvidenceHash,
            claim.ExpiresAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), claim.Nonce,
        ];
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));
        return $"{payload}.{Base64Url.EncodeToString(Mac(keys.Signing, payload))}";
    }

    /// <summary>Checks form, signature (in constant time) and expiry, in this order; nothing of a forged token is believed.</summary>
    public static ApprovalTokenCheck Verify(string token, ApprovalKeys keys, DateTimeOffset now)
    {
        if (token.Length > Longest || token.Split('.') is not [{ Length: > 0 } payload, { Length: > 0 } signature]
            || Parts(payload) is not [Version, var keyId, var release, var gate, var approver, var evidence, var expiry, var nonce]
            || !ReleaseId.TryParse(release, out var id)
            || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresAt)
            || expiresAt > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || Bytes(signature) is not { } presented)
        {
            return new ApprovalTokenCheck.Malformed();
        }

        if (keys.Find(keyId) is not { } key || !CryptographicOperations.FixedTimeEquals(Mac(key, payload), presented)) return new ApprovalTokenCheck.Forged();
        var claim = new ApprovalClaim(id, gate, approver, evidence, DateTimeOffset.FromUnixTimeMilliseconds(expiresAt), nonce);
        return now < claim.ExpiresAt ? new ApprovalTokenCheck.Valid(claim) : new ApprovalTokenCheck.Expired(claim);
    }

    private static byte[] Mac(ApprovalKey key, string payload) => HMACSHA256.HashData(key.Secret, Encoding.UTF8.GetBytes(payload));

    private static string[]? Parts(string payload)
    {
        try
        {
            return Bytes(payload) is { } json ? JsonSerializer.Deserialize<string[]>(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
