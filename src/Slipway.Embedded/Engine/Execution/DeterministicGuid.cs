using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Embedded.Engine.Execution;

/// <summary>Ids that come out the same at every replay: a hash in the form of a version 8 UUID (RFC 9562).</summary>
internal static class DeterministicGuid
{
    /// <summary>The id number <paramref name="counter"/> of the run of an instance that began at <paramref name="startedAt"/>.</summary>
    public static Guid Create(string instanceId, DateTimeOffset startedAt, int counter)
    {
        var name = Encoding.UTF8.GetBytes(instanceId);
        var input = new byte[name.Length + 12];
        name.CopyTo(input, 0);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(name.Length), startedAt.UtcTicks);
        BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(name.Length + 8), counter);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
