using System.Globalization;

namespace Slipway.Core.Releases;

/// <summary>A share in percent, 0 to 100 inclusive: <c>0.5</c> means 0.5 %. <c>default</c> is 0 %.</summary>
public readonly record struct Percentage : IComparable<Percentage>
{
    /// <summary>Makes a percentage; throws <see cref="ArgumentOutOfRangeException"/> outside 0 to 100.</summary>
    public Percentage(decimal value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 0m);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100m);
        Value = value;
    }

    /// <summary>Percent, 0 to 100.</summary>
    public decimal Value { get; }

    /// <summary>The same share as a fraction, 0 to 1.</summary>
    public double Fraction => (double)Value / 100;

    /// <summary>0 %.</summary>
    public static Percentage Zero => default;

    /// <summary>100 %.</summary>
    public static Percentage Full => new(100);

    /// <inheritdoc/>
    public int CompareTo(Percentage other) => Value.CompareTo(other.Value);

    /// <summary>Whether <paramref name="left"/> is the smaller share.</summary>
    public static bool operator <(Percentage left, Percentage right) => left.Value < right.Value;

    /// <summary>Whether <paramref name="left"/> is the larger share.</summary>
    public static bool operator >(Percentage left, Percentage right) => left.Value > right.Value;

    /// <summary>Whether <paramref name="left"/> is at most <paramref name="right"/>.</summary>
    public static bool operator <=(Percentage left, Percentage right) => left.Value <= right.Value;

    /// <summary>Whether <paramref name="left"/> is at least <paramref name="right"/>.</summary>
    public static bool operator >=(Percentage left, Percentage right) => left.Value >= right.Value;

    /// <summary>For example <c>12.5 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:0.######} %");
}
