using System.Buffers.Binary;

namespace Slipway.Embedded.Telemetry;

/// <summary>
/// Slices as they are stored: numbers of 7 bits a byte, lowest first, since nearly all of them are small. A slice is its distance from
/// the one before, requests, errors, the latency buckets (how many; distance and count of each) and the failed users (how many; 8 bytes each).
/// </summary>
internal static class PositionPack
{
    public static byte[] Pack(IReadOnlyList<PositionCounts> positions)
    {
        using var bytes = new MemoryStream();
        Span<byte> user = stackalloc byte[sizeof(ulong)];
        var before = 0;
        foreach (var position in positions.OrderBy(position => position.Slice))
        {
            Write(bytes, position.Slice - before);
            before = position.Slice;
            Write(bytes, position.Requests);
            Write(bytes, position.Errors);
            Write(bytes, position.Latency.Counts.Count);
            var bucketBefore = 0;
            foreach (var (bucket, count) in position.Latency.Counts)
            {
                Write(bytes, bucket - bucketBefore);
                bucketBefore = bucket;
                Write(bytes, count);
            }

            Write(bytes, position.FailedUsers.Count);
            foreach (var hash in position.FailedUsers)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(user, hash);
                bytes.Write(user);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Adds stored slices up, without making anything of each: a release reads millions of them before its start.</summary>
    /// <param name="bytes">As packed.</param>
    /// <param name="edge">The first slice that belongs to <paramref name="others"/>.</param>
    /// <param name="cohort">Gets the slices before the edge.</param>
    /// <param name="others">Gets the slices from the edge on.</param>
    public static void AddUp(ReadOnlySpan<byte> bytes, int edge, CohortPart cohort, CohortPart others)
    {
        var slice = 0;
        for (var at = 0; at < bytes.Length;)
        {
            slice += (int)Read(bytes, ref at);
            var part = slice < edge ? cohort : others;
            part.Requests += Read(bytes, ref at);
            part.Errors += Read(bytes, ref at);
            var bucket = 0;
            for (var left = Read(bytes, ref at); left > 0; left--)
            {
                bucket += (int)Read(bytes, ref at);
                part.AddLatency(bucket, Read(bytes, ref at));
            }

            for (var left = Read(bytes, ref at); left > 0; left--, at += sizeof(ulong)) part.FailedUsers.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
        }
    }

    private static void Write(MemoryStream bytes, long value)
    {
        for (; value > 127; value >>= 7) bytes.WriteByte((byte)(value | 128));
        bytes.WriteByte((byte)value);
    }

    private static long Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (long)(part & 127) << shift;
            if (part < 128) return value;
        }
    }
}
