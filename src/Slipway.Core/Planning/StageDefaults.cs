using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>
/// The stages of a request that lists none: 10, 50 and 100 %. Their waits lie in the ranges 2–4 h, 4–8 h and 24 h; where in them, risk and
/// complexity say (<see cref="WaitPositions"/>).
/// </summary>
public static class StageDefaults
{
    /// <summary>The largest share of a first stage that the default profile knows.</summary>
    public static Percentage LargestCanary { get; } = new(10);

    /// <summary>How much shorter the derived waits are where a request of low risk asks for acceleration.</summary>
    public const int AcceleratedBy = 2;

    /// <summary>How long a stage at 0 % is watched.</summary>
    public static TimeSpan DarkBake { get; } = TimeSpan.FromHours(1);

    /// <summary>The stage at 0 % of strategies that begin with nobody on the new version.</summary>
    public static StageSpec Dark { get; } = new() { Percentage = Percentage.Zero, Bake = DarkBake };

    /// <summary>The shortest wait of a first exposing stage.</summary>
    public static TimeSpan ShortestCanary { get; } = TimeSpan.FromHours(2);

    /// <summary>The longest derived wait of a first exposing stage.</summary>
    public static TimeSpan LongestCanary { get; } = TimeSpan.FromHours(4);

    /// <summary>How long 100 % is watched.</summary>
    public static TimeSpan FullBake { get; } = TimeSpan.FromHours(24);

    /// <summary>The stages, the first of them at most as large as tolerated.</summary>
    /// <param name="waits">Where in their ranges the waits lie.</param>
    /// <param name="tolerance">What the request tolerates; null: not stated.</param>
    public static IReadOnlyList<StageSpec> For(WaitPosition waits, ToleranceSpec? tolerance = null) =>
    [
        new StageSpec { Percentage = Canary(tolerance), Bake = CanaryBake(waits) },
        new StageSpec { Percentage = new Percentage(50), Bake = 2 * CanaryBake(waits) },
        new StageSpec { Percentage = Percentage.Full, Bake = FullBake },
    ];

    /// <summary>The share of a derived first stage: the smaller of <see cref="LargestCanary"/> and the tolerance.</summary>
    public static Percentage Canary(ToleranceSpec? tolerance) =>
        tolerance is { Canary: var tolerated } && tolerated < LargestCanary ? tolerated : LargestCanary;

    /// <summary>How long a first stage is watched; the one at 50 % twice as long.</summary>
    public static TimeSpan CanaryBake(WaitPosition waits) => WaitPositions.Pick(waits, ShortestCanary, LongestCanary);

    /// <summary>The shortest wait that the default profile has for a share of users.</summary>
    public static TimeSpan Floor(Percentage percentage) => percentage.Value switch
    {
        0 => TimeSpan.Zero,
        100 => FullBake,
        < 50 => ShortestCanary,
        _ => 2 * ShortestCanary,
    };
}
