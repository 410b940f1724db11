using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Streams;

/// <summary>One simulated release, minute by minute, as every judge sees it.</summary>
/// <param name="Minutes">Both arms' counts; no requests where a minute is missing.</param>
/// <param name="StageEnds">For each stage, the first minute after it.</param>
/// <param name="HealthyRate">Bad events among requests when all is well: what somebody who sets a limit would have to know.</param>
internal sealed record ReleaseStream(ArmCounts[] Minutes, int[] StageEnds, double HealthyRate)
{
    /// <summary>By stage, how the canary's users differed from the others before the start, as a log ratio that is allowed for.</summary>
    public double[] Offsets { get; init; } = new double[StageEnds.Length];

    /// <summary>The arms' p95 latencies by minute in milliseconds; null: this is about errors.</summary>
    public (double Canary, double Control)[]? Latencies { get; init; }

    /// <summary>p95 when all is well.</summary>
    public double HealthyLatency { get; init; }

    /// <summary>What a judge of minute series compares: error rates, or p95 latencies.</summary>
    public double CanaryValue(int minute) => Latencies?[minute].Canary ?? Minutes[minute].CanaryRate;

    /// <inheritdoc cref="CanaryValue"/>
    public double ControlValue(int minute) => Latencies?[minute].Control ?? Minutes[minute].ControlRate;
}
