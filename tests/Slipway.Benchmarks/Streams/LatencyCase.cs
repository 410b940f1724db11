namespace Slipway.Benchmarks.Streams;

/// <summary>A release whose requests take log-normal times with a median of 100 ms.</summary>
/// <param name="Name">For its seeds and its row.</param>
/// <param name="Rps">Requests a second of both arms.</param>
/// <param name="Factor">How many times as long the canary's requests take, from the start.</param>
/// <param name="LogSpread">Standard deviation of the log: 0.5 gives a p95 of 228 ms, 1.0 one of 518 ms.</param>
internal sealed record LatencyCase(string Name, double Rps, double Factor, double LogSpread)
{
    /// <summary>The median of the control arm, in milliseconds.</summary>
    public const double Median = 100;

    /// <summary>The quantile of the standard normal distribution at 95 %.</summary>
    public const double At95 = 1.6448536269514722;

    /// <summary>Percentages and minutes of the stages.</summary>
    public IReadOnlyList<(double Percentage, int Minutes)> Stages { get; init; } = [(5, 15), (25, 15), (50, 15)];

    /// <summary>How many minutes it has.</summary>
    public int Minutes => Stages.Sum(stage => stage.Minutes);

    /// <summary>The control arm's p95, in milliseconds.</summary>
    public double HealthyLatency => Median * Math.Exp(At95 * LogSpread);
}
