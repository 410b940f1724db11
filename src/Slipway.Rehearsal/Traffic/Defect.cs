namespace Slipway.Rehearsal.Traffic;

/// <summary>What is wrong with the new version, from the moment at which a stage exposes it.</summary>
public sealed record Defect
{
    /// <summary>How many times the usual errors it makes, 1 or more.</summary>
    public double Errors { get; init; } = 1;

    /// <summary>Failed among its requests at least, 0 to 1: a crash does not depend on what is usual.</summary>
    public double ErrorsAtLeast { get; init; }

    /// <summary>How many times the usual latency, 1 or more.</summary>
    public double Latency { get; init; } = 1;

    /// <summary>Over how long errors and latency grow by their factor once more, counted from the exposure; null: they are there at once.</summary>
    public TimeSpan? GrowsEvery { get; init; }

    /// <summary>Whether only the first of the regions has it.</summary>
    public bool OneRegion { get; init; }

    /// <summary>Nothing is wrong.</summary>
    public static Defect None { get; } = new();

    /// <summary>How many times the usual errors, so long after its exposure.</summary>
    internal double ErrorsAfter(TimeSpan exposed) => Grown(Errors, exposed);

    /// <summary>How many times the usual latency, so long after its exposure.</summary>
    internal double LatencyAfter(TimeSpan exposed) => Grown(Latency, exposed);

    private double Grown(double factor, TimeSpan exposed) => GrowsEvery is { } every ? 1 + ((factor - 1) * Math.Floor(exposed.TotalMinutes) / every.TotalMinutes) : factor;
}

/// <summary>What happens to telemetry on its way, from the moment at which a stage is exposed.</summary>
/// <param name="Delay">How much later rows arrive; null: never.</param>
/// <param name="For">For how long; null: from then on.</param>
public sealed record TelemetryTrouble(TimeSpan? Delay, TimeSpan? For);
