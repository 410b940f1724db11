namespace Slipway.Benchmarks.Speed;

/// <summary>One line of the table of speed: what was measured, what it has to reach, and how it stands to something measured beside it.</summary>
internal sealed record SpeedRow
{
    /// <summary>What was measured; with the part, the name under which the kept table knows the row.</summary>
    public required string What { get; init; }

    /// <summary>The median of the repetitions.</summary>
    public required double Result { get; init; }

    /// <summary>What <see cref="Result"/> counts: "ms", "KB", "a second".</summary>
    public required string Unit { get; init; }

    /// <summary>What has to be reached; null: for information.</summary>
    public SpeedGoal? Goal { get; init; }

    /// <summary>How it stands to what was measured beside it; null: to nothing.</summary>
    public SpeedRatio? Ratio { get; init; }

    /// <summary>How often it was measured; percentiles are of all observations of one repetition.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>What else belongs to the number, in few words.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// A number as a multiple of another of the same run, and so of the same machine at the same moment. Larger is better: 0.5 is half as fast as the
/// other, 2 is twice as fast. Unlike seconds it says something on another machine, and so it is what the kept table compares.
/// </summary>
/// <param name="Against">What it is compared with.</param>
/// <param name="Value">How many times as good, above 0.</param>
/// <param name="Guarded">False: too unsteady from run to run to fail anything by itself.</param>
internal sealed record SpeedRatio(string Against, double Value, bool Guarded = true);

/// <summary>A limit.</summary>
/// <param name="Limit">In the row's unit.</param>
/// <param name="AtLeast">True: as much or more; false: as much or less.</param>
internal sealed record SpeedGoal(double Limit, bool AtLeast = false)
{
    /// <summary>Whether a result reaches it.</summary>
    public bool IsMetBy(double result) => AtLeast ? result >= Limit : result <= Limit;
}
