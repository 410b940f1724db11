using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Limits;

/// <summary>
/// What a <see cref="LimitTest"/> has learnt so far: a few starts, each with the likelihood of what came after it. Updated in place, without
/// allocation; copied before it is handed on. Written as numbers in base64, bit for bit.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class LimitTestState : IEquatable<LimitTestState>
{
    /// <summary>How many starts are followed at once.</summary>
    internal const int Starts = 3;

    /// <summary>How many rates there are: 0.21 to 18 times, in steps of 1.25.</summary>
    internal const int Rates = 21;

    /// <summary>The position of the limit itself among them.</summary>
    internal const int AtLimit = 7;

    private const int Likelihoods = Rates * NoiseLattice.Noises;
    private const int StartLength = Likelihoods + 3;
    private const int Length = (Starts * StartLength) + 1;

    private readonly double[] _numbers;

    /// <summary>Nothing seen.</summary>
    public LimitTestState() => _numbers = new double[Length];

    private LimitTestState(double[] numbers) => _numbers = numbers;

    /// <summary>How many intervals were seen.</summary>
    public int Intervals
    {
        get => (int)_numbers[^1];
        internal set => _numbers[^1] = value;
    }

    /// <summary>A copy that shares nothing.</summary>
    public LimitTestState Copy() => new([.. _numbers]);

    /// <summary>Log likelihoods since a start, noise sizes as rows, up to one constant.</summary>
    internal Span<double> Likelihood(int start) => _numbers.AsSpan(start * StartLength, Likelihoods);

    /// <summary>The part of the evidence that a start stands for; 0: nothing has started there.</summary>
    internal ref double Stake(int start) => ref _numbers[(start * StartLength) + Likelihoods];

    /// <summary>The log evidence since a start, with the cap of each interval.</summary>
    internal ref double Evidence(int start) => ref _numbers[(start * StartLength) + Likelihoods + 1];

    /// <summary>The same without caps.</summary>
    internal ref double Uncapped(int start) => ref _numbers[(start * StartLength) + Likelihoods + 2];

    /// <inheritdoc/>
    public bool Equals(LimitTestState? other) => other is not null && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LimitTestState);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_numbers[^1], _numbers[0]);

    private sealed class Converter : JsonConverter<LimitTestState>
    {
        public override LimitTestState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(NumberBlock.Read(ref reader, Length));

        public override void Write(Utf8JsonWriter writer, LimitTestState value, JsonSerializerOptions options) => NumberBlock.Write(writer, value._numbers);
    }
}
