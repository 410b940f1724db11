using Slipway.Core.Releases;

namespace Slipway.Workflow.Ports;

/// <summary>How releases are told apart in a list.</summary>
public enum ReleaseStanding
{
    /// <summary>Every release.</summary>
    All,

    /// <summary>Those that are not over.</summary>
    Running,

    /// <summary>Of those that run, the ones that wait: for a time, an approval, or a person.</summary>
    Waiting,

    /// <summary>Those that are over.</summary>
    Ended,
}

/// <summary>Which releases a list shows.</summary>
/// <param name="Standing">Where they stand.</param>
/// <param name="Text">Part of id, title or version, in letters of either case; empty: any.</param>
public sealed record ReleaseQuery(ReleaseStanding Standing, string Text)
{
    /// <summary>Every release.</summary>
    public static ReleaseQuery Everything { get; } = new(ReleaseStanding.All, "");

    /// <summary>Whether a release is shown.</summary>
    public bool Shows(ReleaseSummary release) => Includes(Standing, release.Phase) && FitsText(release);

    /// <summary>Whether the text is part of a release's words.</summary>
    public bool FitsText(ReleaseSummary release) => Text.Length == 0
        || release.Id.Value.Contains(Text, StringComparison.OrdinalIgnoreCase)
        || release.Title.Contains(Text, StringComparison.OrdinalIgnoreCase)
        || release.Version.Contains(Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether releases in a phase stand there.</summary>
    public static bool Includes(ReleaseStanding standing, ReleasePhase phase) => standing switch
    {
        ReleaseStanding.Running => !IsOver(phase),
        ReleaseStanding.Waiting => phase is ReleasePhase.Paused or ReleasePhase.Approving or ReleasePhase.Waiting,
        ReleaseStanding.Ended => IsOver(phase),
        _ => true,
    };

    private static bool IsOver(ReleasePhase phase) => phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;
}

/// <summary>What a query found.</summary>
/// <param name="Releases">One page of it, newest start first.</param>
/// <param name="Counts">How many there are.</param>
public sealed record FoundReleases(IReadOnlyList<ReleaseSummary> Releases, ReleaseCounts Counts)
{
    /// <summary>What a query finds among all summaries, newest start first.</summary>
    public static FoundReleases Among(IReadOnlyList<ReleaseSummary> all, ReleaseQuery query, int skip, int take)
    {
        var fitting = all.Where(query.FitsText).ToList();
        return new FoundReleases([.. fitting.Where(query.Shows).Skip(skip).Take(take)], ReleaseCounts.Of(fitting.Select(summary => summary.Phase)));
    }
}

/// <summary>How many releases there are whose words fit a text, whatever their standing.</summary>
/// <param name="Running">Of them not over.</param>
/// <param name="Waiting">Of those that run, the ones that wait.</param>
/// <param name="Ended">Of them over.</param>
public sealed record ReleaseCounts(int Running, int Waiting, int Ended)
{
    /// <summary>Counts phases.</summary>
    public static ReleaseCounts Of(IEnumerable<ReleasePhase> phases)
    {
        var counts = new ReleaseCounts(0, 0, 0);
        foreach (var phase in phases)
        {
            counts = ReleaseQuery.Includes(ReleaseStanding.Ended, phase)
                ? counts with { Ended = counts.Ended + 1 }
                : counts with { Running = counts.Running + 1, Waiting = counts.Waiting + (ReleaseQuery.Includes(ReleaseStanding.Waiting, phase) ? 1 : 0) };
        }

        return counts;
    }

    /// <summary>How many stand somewhere.</summary>
    public int At(ReleaseStanding standing) => standing switch
    {
        ReleaseStanding.Running => Running,
        ReleaseStanding.Waiting => Waiting,
        ReleaseStanding.Ended => Ended,
        _ => Running + Ended,
    };
}
