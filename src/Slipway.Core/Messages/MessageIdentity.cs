using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Releases;

namespace Slipway.Core.Messages;

/// <summary>
/// The stable id of one message to one recipient, which is also the sender's idempotency key: SHA-256 over release, occasion and
/// recipient, shaped as a UUID of version 8 (RFC 9562, "custom").
/// </summary>
public static class MessageIdentity
{
    /// <summary>The id; the same inputs always give the same id.</summary>
    /// <param name="release">The release.</param>
    /// <param name="occasion">The checkpoint and which time it is told.</param>
    /// <param name="recipient">Address or webhook name.</param>
    public static Guid Of(ReleaseId release, string occasion, string recipient)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{release.Value}\n{occasion}\n{recipient}"));
        var bytes = hash.AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
