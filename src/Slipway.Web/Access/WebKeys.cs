using System.Security.Cryptography;

namespace Slipway.Web.Access;

/// <summary>
/// The keys behind browser sessions, sign-in links and forms, all derived from one secret of the host (HKDF-SHA256, RFC 5869), so that a
/// value made for one purpose is worth nothing for another. Whoever changes the secret ends every session.
/// </summary>
public sealed class WebKeys
{
    private const int KeyBytes = 32;
    private readonly byte[] _sessions;
    private readonly byte[] _signIns;
    private readonly byte[] _forms;

    /// <summary>Derives the keys; throws <see cref="ArgumentException"/> when the secret has fewer than 32 bytes.</summary>
    public WebKeys(ReadOnlySpan<byte> secret)
    {
        if (secret.Length < KeyBytes) throw new ArgumentException($"The secret must have {KeyBytes} bytes or more.", nameof(secret));
        _sessions = Derive(secret, "slipway/session/1"u8);
        _signIns = Derive(secret, "slipway/sign-in/1"u8);
        _forms = Derive(secret, "slipway/form/1"u8);
    }

    internal ReadOnlySpan<byte> Sessions => _sessions;

    internal ReadOnlySpan<byte> SignIns => _signIns;

    internal ReadOnlySpan<byte> Forms => _forms;

    private static byte[] Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: purpose);
        return key;
    }
}
