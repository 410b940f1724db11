using System.Text.Json.Serialization;

namespace Slipway.Core.Analysis.Sequential;

/// <summary>
/// What a <see cref="RatioTest"/> has learnt so far. It is updated in place, without allocation; a caller that hands it on as a value
/// copies it first (<see cref="Copy"/>). It is written as numbers in base64, bit for bit.
/// </summary>
[JsonConverter(typeof(RatioTestStateConverter))]
public sealed class RatioTestState : IEquatable<RatioTestState>
{
    private const int Beliefs = NoiseLattice.Noises * NoiseLattice.Row;
    private const int Processes = NoiseLattice.LastRatio;

    /// <summary>How many numbers a state is.</summary>
    internal const int Length = Beliefs + NoiseLattice.Noises + Processes + 3;

    private readonly double[] _numbers;

    /// <summary>Nothing seen.</summary>
    public RatioTestState()
    {
        _numbers = new double[Length];
        for (var noise = 0; noise < NoiseLattice.Noises; noise++) Belief(noise)[..NoiseLattice.Ratios].Fill(1.0 / NoiseLattice.Ratios);
        Evidence.Fill(0.5);
    }

    internal RatioTestState(double[] numbers) => _numbers = numbers.Length == Length
        ? numbers
        : throw new ArgumentException($"{numbers.Length} numbers; a state has {Length}.", nameof(numbers));

    /// <summary>How many intervals taught something (at least one bad event in two arms).</summary>
    public int Intervals
    {
        get => (int)_numbers[^1];
        internal set => _numbers[^1] = value;
    }

    /// <summary>For which ratios the previous interval alone reached the smaller cap: bit r - 1 for r.</summary>
    internal uint Suspicious
    {
        get => (uint)_numbers[^2];
        set => _numbers[^2] = value;
    }

    /// <summary>The largest evidence so far, as a natural logarithm; 0 before the first interval. For display.</summary>
    public double HighestLogEvidence
    {
        get => _numbers[^3];
        internal set => _numbers[^3] = value;
    }

    /// <summary>How likely each ratio is now if the noise is of one size; adds up to 1.</summary>
    internal Span<double> Belief(int noise) => _numbers.AsSpan(noise * NoiseLattice.Row, NoiseLattice.Row);

    /// <summary>The log likelihood of everything seen, for each noise size, up to one constant.</summary>
    internal Span<double> NoiseLogs => _numbers.AsSpan(Beliefs, NoiseLattice.Noises);

    /// <summary>The evidence process of each ratio above the tolerated one.</summary>
    internal Span<double> Evidence => _numbers.AsSpan(Beliefs + NoiseLattice.Noises, Processes);

    internal ReadOnlySpan<double> Numbers => _numbers;

    /// <summary>A copy that shares nothing.</summary>
    public RatioTestState Copy() => new([.. _numbers]);

    /// <inheritdoc/>
    public bool Equals(RatioTestState? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RatioTestState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_numbers[^1], _numbers[0], _numbers[Beliefs]);
}
