namespace Slipway.Benchmarks;

/// <summary>How many releases are simulated for each kind of row.</summary>
internal sealed record RunSizes
{
    /// <summary>All of it, in about a quarter of an hour on two cores.</summary>
    public static RunSizes Full { get; } = new();

    /// <summary>For a first impression, within a minute.</summary>
    public static RunSizes Quick { get; } = new()
    {
        Cell = 100,
        Shock = 500,
        Memory = 400,
        Sticky = 400,
        Detection = 200,
        Long = 60,
        Latency = 60,
        Promotion = 100,
        Power = 200,
        Triggers = 20,
        Product = 5,
        Updates = 100_000,
    };

    /// <summary>Healthy releases of each of the twelve combinations of base rate and traffic.</summary>
    public int Cell { get; init; } = 10_000;

    /// <summary>Of healthy releases, so many of each combination are shown to the rivals too: their rates are far larger.</summary>
    public int Rival { get; init; } = 1000;

    /// <summary>Releases with a shock in one arm, at each traffic.</summary>
    public int Shock { get; init; } = 10_000;

    /// <summary>Releases with noise that has memory, at each traffic.</summary>
    public int Memory { get; init; } = 10_000;

    /// <summary>Releases to sticky users, at each traffic.</summary>
    public int Sticky { get; init; } = 10_000;

    /// <summary>Releases with a regression.</summary>
    public int Detection { get; init; } = 4000;

    /// <summary>Releases of nine hours.</summary>
    public int Long { get; init; } = 1000;

    /// <summary>Releases with latency histograms.</summary>
    public int Latency { get; init; } = 1500;

    /// <summary>Stages that ask for their promotion, of each kind.</summary>
    public int Promotion { get; init; } = 2000;

    /// <summary>Releases to compare power with.</summary>
    public int Power { get; init; } = 2000;

    /// <summary>Canary stages of two hours under the triggers alone, of each combination of base rate and traffic.</summary>
    public int Triggers { get; init; } = 600;

    /// <summary>Releases of the whole product, of each combination.</summary>
    public int Product { get; init; } = 60;

    /// <summary>Updates that are timed.</summary>
    public int Updates { get; init; } = 1_000_000;
}
