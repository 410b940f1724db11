using System.Security.Cryptography;
using System.Text;

namespace Slipway.Rehearsal.Randomness;

/// <summary>
/// Random numbers that are the same on every machine: xoshiro256** (Blackman and Vigna, 2018) seeded by splitmix64. A stream is found by
/// its key, so that what one draw is does not depend on what was drawn before: telemetry that is read twice is the same twice.
/// </summary>
internal struct RandomStream
{
    private ulong _a, _b, _c, _d;

    /// <summary>The stream of a key.</summary>
    public RandomStream(ulong key)
    {
        _a = Split(ref key);
        _b = Split(ref key);
        _c = Split(ref key);
        _d = Split(ref key);
    }

    /// <summary>The key of a text: the first eight bytes of its SHA-256.</summary>
    public static ulong KeyOf(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The key of a part of what a key is for.</summary>
    public static ulong KeyOf(ulong key, long part)
    {
        var mixed = key ^ (0x9E3779B97F4A7C15UL * (ulong)(part + 1));
        return Split(ref mixed);
    }

    /// <summary>Uniform in [0, 1), in steps of 2 to the power of -53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    private ulong Next()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Split(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
