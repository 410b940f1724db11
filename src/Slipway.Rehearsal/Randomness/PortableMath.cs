namespace Slipway.Rehearsal.Randomness;

/// <summary>
/// Logarithm and exponential from additions, multiplications and divisions alone, which IEEE 754 rounds the same everywhere. Those of the
/// runtime come from the platform's C library and may differ in the last bit, and one bit may turn one draw into another.
/// </summary>
internal static class PortableMath
{
    private const double Ln2 = 0.693147180559945309417;

    private static ReadOnlySpan<double> OddParts => [1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1.0];

    /// <summary>The natural logarithm of a positive, finite number; about 15 digits.</summary>
    public static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)); the argument is below 0.172, so that 11 odd powers suffice.
        var x = (mantissa - 1) / (mantissa + 1);
        var square = x * x;
        var sum = 0.0;
        foreach (var part in OddParts) sum = (sum * square) + part;
        return (exponent * Ln2) + (2 * x * sum);
    }

    /// <summary>e to the power of a number between -700 and 700; about 15 digits.</summary>
    public static double Exp(double value)
    {
        var halvings = (int)Math.Floor((value / Ln2) + 0.5);
        var rest = value - (halvings * Ln2);
        var sum = 1.0;
        for (var term = 18; term >= 1; term--) sum = 1 + (rest * sum / term);
        return sum * BitConverter.Int64BitsToDouble((long)(halvings + 1023) << 52);
    }
}
