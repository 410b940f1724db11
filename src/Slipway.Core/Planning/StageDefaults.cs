using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>
/// The stages of a request that lists none: 10, 50 and 100 %. Their waits lie in the ranges 2–4 h, 4–8 h and 24 h: the lower bound for
/// low risk, the middle for medium, the upper bound for high and critical.
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

    /// <summary>The stages for a risk.</summary>
    public static IReadOnlyList<StageSpec> For(RiskLevel risk) =>
    [
        new StageSpec { Percentage = LargestCanary, Bake = CanaryBake(risk) },
        new StageSpec { Percentage = new Percentage(50), Bake = 2 * CanaryBake(risk) },
        new StageSpec { Percentage = Percentage.Full, Bake = TimeSpan.FromHours(24) },
    ];

    /// <summary>How long a first stage is watched for a risk; the one at 50 % twice as long.</summary>
    public static TimeSpan CanaryBake(RiskLevel risk) => TimeSpan.FromHours(risk switch
    {
        RiskLevel.Low => 2,
        RiskLevel.Medium => 3,
        _ => 4,
    });

    /// <summary>The shortest wait that the default profile has for a share of users.</summary>
    public static TimeSpan Floor(Percentage percentage) => percentage.Value switch
    {
        0 => TimeSpan.Zero,
        100 => TimeSpan.FromHours(24),
        < 50 => TimeSpan.FromHours(2),
        _ => TimeSpan.FromHours(4),
    };
}
