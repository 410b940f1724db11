namespace Slipway.Benchmarks.Streams;

/// <summary>What kind of release a stream is: its traffic, its noise and its regression.</summary>
internal sealed record StreamCase
{
    /// <summary>For its seeds and its row.</summary>
    public required string Name { get; init; }

    /// <summary>What tells it from others of its kind.</summary>
    public string Cell => FormattableString.Invariant($"{Base * 100} %, {Rps} rps");

    /// <summary>Requests a second of both arms.</summary>
    public double Rps { get; init; } = 100;

    /// <summary>Bad events among requests when all is well.</summary>
    public double Base { get; init; } = 0.005;

    /// <summary>Percentages and minutes of the stages.</summary>
    public IReadOnlyList<(double Percentage, int Minutes)> Stages { get; init; } = [(5, 15), (25, 15), (50, 15)];

    /// <summary>How many times as many bad events the canary has.</summary>
    public double Ratio { get; init; } = 1;

    /// <summary>The first minute with <see cref="Ratio"/>, 0 first.</summary>
    public int From { get; init; }

    /// <summary>Coefficient of variation of each arm's own gamma noise, by minute.</summary>
    public double Variation { get; init; }

    /// <summary>Lag-1 autocorrelation of each arm's log noise; its size is <see cref="Variation"/>.</summary>
    public double Memory { get; init; }

    /// <summary>Whether the base rate swings by half over the hours, in both arms.</summary>
    public bool Drift { get; init; }

    /// <summary>Chance a minute of a shock of 20 times in both arms.</summary>
    public double Shocks { get; init; }

    /// <summary>Chance a minute that there is nothing of it.</summary>
    public double Gaps { get; init; }

    /// <summary>Minutes of a 20-fold shock in the canary alone: none, one aligned minute, or one that straddles two.</summary>
    public CanaryShock Shock { get; init; }

    /// <summary>For each stage, the first minute after it.</summary>
    public int[] StageEnds
    {
        get
        {
            var end = 0;
            return [.. Stages.Select(stage => end += stage.Minutes)];
        }
    }

    /// <summary>How many minutes it has.</summary>
    public int Minutes => Stages.Sum(stage => stage.Minutes);
}

/// <summary>A shock in one arm.</summary>
internal enum CanaryShock
{
    None,
    Aligned,
    Straddling,
}
