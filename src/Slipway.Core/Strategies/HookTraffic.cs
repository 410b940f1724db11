using System.Collections.Immutable;
using Slipway.Core.Releases;

namespace Slipway.Core.Strategies;

/// <summary>Where users are by the hook's confirmed steps: a share everywhere, or whole regions.</summary>
/// <param name="Everywhere">The share that shifts and the swap last set.</param>
/// <param name="Regions">The regions whose users are on the new version.</param>
public sealed record HookTraffic(Percentage Everywhere, ImmutableSortedSet<string> Regions)
{
    /// <summary>Nobody.</summary>
    public static HookTraffic None { get; } = new(Percentage.Zero, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));

    /// <summary>After a step that was confirmed.</summary>
    public HookTraffic After(HookStep step) => step.Action switch
    {
        DeployAction.Shift or DeployAction.Swap => this with { Everywhere = step.Percentage },
        DeployAction.Deploy when step.IsRegional => this with { Regions = Regions.Add(step.Region) },
        DeployAction.Rollback when step.IsRegional => this with { Regions = Regions.Remove(step.Region) },
        DeployAction.Rollback => None,
        _ => this,
    };

    /// <summary>The share of all users.</summary>
    /// <param name="regions">How many regions there are, 1 or more.</param>
    public Percentage Share(int regions)
    {
        var regional = RegionShares.Of(Regions.Count, regions);
        return regional > Everywhere ? regional : Everywhere;
    }
}

/// <summary>Which share of users a number of regions stands for: each region counts the same.</summary>
public static class RegionShares
{
    /// <summary>The share of the first <paramref name="count"/> of <paramref name="all"/> regions, to two decimals; all are 100 %.</summary>
    public static Percentage Of(int count, int all) => count >= all ? count > 0 ? Percentage.Full : Percentage.Zero : new Percentage(Math.Round(100m * count / all, 2));

    /// <summary>Every share there is, one region first.</summary>
    public static IReadOnlyList<Percentage> All(int all) => [.. Enumerable.Range(1, all).Select(count => Of(count, all))];
}
