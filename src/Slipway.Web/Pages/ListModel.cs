using Slipway.Core.Releases;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Pages;

/// <summary>Everything that the list of releases shows.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Releases">Newest start first, those that the filter lets through.</param>
/// <param name="Filter">Which are shown.</param>
/// <param name="Total">How many releases were looked through.</param>
/// <param name="Freezes">Freezes in force.</param>
public sealed record ListModel(PageFrame Frame, IReadOnlyList<ReleaseSummary> Releases, ListFilter Filter, int Total, FreezeStatus Freezes)
{
    /// <summary>The address of the next page; null on the last.</summary>
    public string? Next { get; init; }

    /// <summary>The address of the page before; null on the first.</summary>
    public string? Previous { get; init; }
}

/// <summary>Which releases the list shows. It stands in the address, so that a filtered list can be kept and sent.</summary>
/// <param name="Status">all, running, waiting, ended.</param>
/// <param name="Text">Part of id, title or version; empty: any.</param>
public sealed record ListFilter(string Status, string Text)
{
    /// <summary>The words for <see cref="Status"/>.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["all", "running", "waiting", "ended"];

    /// <summary>Whether a release is shown.</summary>
    public bool Shows(ReleaseSummary release) => Fits(release.Phase) && (Text.Length == 0
        || release.Id.Value.Contains(Text, StringComparison.OrdinalIgnoreCase)
        || release.Title.Contains(Text, StringComparison.OrdinalIgnoreCase)
        || release.Version.Contains(Text, StringComparison.OrdinalIgnoreCase));

    private bool Fits(ReleasePhase phase) => Status switch
    {
        "running" => !Over(phase),
        "waiting" => phase is ReleasePhase.Paused or ReleasePhase.Approving or ReleasePhase.Waiting,
        "ended" => Over(phase),
        _ => true,
    };

    private static bool Over(ReleasePhase phase) => phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;
}
