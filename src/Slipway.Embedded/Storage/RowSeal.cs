using System.Buffers.Binary;
using System.Numerics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Embedded.Storage;

/// <summary>
/// The SQL function <c>slipway_seal(seal, value, ...)</c>: the seal with a row put in, or taken out, which is the same. A seal is the exclusive or of its
/// rows' sums, so that it follows changes without reading the other rows. It finds damage, not malice: ledgers have hash chains for that.
/// </summary>
internal static class RowSeal
{
    public const string Function = "slipway_seal";

    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Makes the function known to a connection.</summary>
    public static void AddTo(SqliteConnection connection) => raw.sqlite3_create_function(
        connection.Handle, Function, -1, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null,
        static (context, _, values) => raw.sqlite3_result_int64(context, Seal(values)));

    private static long Seal(sqlite3_value[] values)
    {
        var sum = Odd;
        foreach (var value in values.AsSpan(1))
        {
            var type = raw.sqlite3_value_type(value);
            sum = Step(sum, (ulong)type);
            switch (type)
            {
                case raw.SQLITE_NULL:
                    break;
                case raw.SQLITE_INTEGER:
                    sum = Step(sum, (ulong)raw.sqlite3_value_int64(value));
                    break;
                case raw.SQLITE_FLOAT:
                    sum = Step(sum, BitConverter.DoubleToUInt64Bits(raw.sqlite3_value_double(value)));
                    break;
                default:
                    sum = Bytes(sum, raw.sqlite3_value_blob(value));
                    break;
            }
        }

        sum ^= sum >> 32;
        return raw.sqlite3_value_int64(values[0]) ^ (long)(sum * Odd);
    }

    private static ulong Bytes(ulong sum, ReadOnlySpan<byte> bytes)
    {
        sum = Step(sum, (ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) sum = Step(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        rest.Clear();
        bytes.CopyTo(rest);
        return Step(sum, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    // One to one in each of both, so that a change within eight bytes never goes unseen.
    private static ulong Step(ulong sum, ulong value) => BitOperations.RotateLeft(sum ^ value, 29) * Odd;
}
