using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;

namespace Slipway.Core.Planning.Canonical;

/// <summary>How a change of one category is brought to users.</summary>
/// <param name="Risk">The category.</param>
/// <param name="Shortest">The shortest wait before the release goes on.</param>
/// <param name="Longest">The longest derived wait, at least <paramref name="Shortest"/>.</param>
/// <param name="Shares">The shares that it passes through; none for what users do not meet.</param>
public sealed record CategoryPace(ChangeRisk Risk, TimeSpan Shortest, TimeSpan Longest, IReadOnlyList<Percentage> Shares)
{
    /// <summary>
    /// Every category, zero first. Zero: at once. Low: 1 h at 0 %. Medium: a canary of 10 % for 2 to 4 h. High: canary, partial and full, the
    /// last for 24 h.
    /// </summary>
    public static IReadOnlyList<CategoryPace> All { get; } =
    [
        new(ChangeRisk.Zero, TimeSpan.Zero, TimeSpan.Zero, []),
        new(ChangeRisk.Low, StageDefaults.DarkBake, StageDefaults.DarkBake, [Percentage.Zero]),
        new(ChangeRisk.Medium, StageDefaults.ShortestCanary, StageDefaults.LongestCanary, [StageDefaults.LargestCanary]),
        new(ChangeRisk.High, StageDefaults.FullBake, StageDefaults.FullBake, [StageDefaults.LargestCanary, new Percentage(50), Percentage.Full]),
    ];

    /// <summary>The row of a category.</summary>
    public static CategoryPace Of(ChangeRisk risk) => All[(int)risk];
}
