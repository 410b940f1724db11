using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Embedded.Telemetry;

/// <summary>User ids as telemetry keeps them: 64 bits of SHA-256, so that users can be counted but no id is stored.</summary>
public static class UserHash
{
    /// <summary>The hash of one user id; case counts. Two of a million users share one with a probability of about 3 in 100 million.</summary>
    public static ulong Of(string user)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    internal static byte[] Pack(IReadOnlyCollection<ulong> users)
    {
        var bytes = new byte[users.Count * sizeof(ulong)];
        var position = 0;
        foreach (var user in users)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(position), user);
            position += sizeof(ulong);
        }

        return bytes;
    }

    internal static void Unpack(ReadOnlySpan<byte> bytes, HashSet<ulong> into)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) into.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }
}
