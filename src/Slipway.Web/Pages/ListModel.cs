using System.Globalization;
using Slipway.Workflow.Freezes;
using Slipway.Workflow.Ports;

namespace Slipway.Web.Pages;

/// <summary>Everything that the list of releases shows.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Found">A page of releases that the filter lets through, newest start first, and how many there are.</param>
/// <param name="Filter">Which are shown. It stands in the address, so that a filtered list can be kept and sent.</param>
/// <param name="Skip">How many newer ones stand before the page.</param>
/// <param name="Freezes">Freezes in force.</param>
public sealed record ListModel(PageFrame Frame, FoundReleases Found, ReleaseQuery Filter, int Skip, FreezeStatus Freezes)
{
    /// <summary>How many releases a page has.</summary>
    public const int PageSize = 25;

    /// <summary>The words for the standings, in their order.</summary>
    public static IReadOnlyList<(ReleaseStanding Standing, string Word)> Standings { get; } =
        [.. Enum.GetValues<ReleaseStanding>().Select(standing => (standing, standing.ToString().ToLowerInvariant()))];

    /// <summary>Whether no release was ever started here, as far as can be told.</summary>
    public bool IsEmpty => Filter.Text.Length == 0 && Found.Counts.At(ReleaseStanding.All) == 0;

    /// <summary>How many the filter lets through, on all pages.</summary>
    public int Total => Found.Counts.At(Filter.Standing);

    /// <summary>Which of them the page shows, in words.</summary>
    public string Range => string.Create(CultureInfo.InvariantCulture, $"{Skip + 1:N0} to {Skip + Found.Releases.Count:N0} of {Total:N0}");

    /// <summary>The address of the first page.</summary>
    public string First => Address(0);

    /// <summary>The address of the next page; null on the last.</summary>
    public string? Next => Skip + Found.Releases.Count < Total && Found.Releases.Count > 0 ? Address(Skip + PageSize) : null;

    /// <summary>The address of the page before; null on the first.</summary>
    public string? Previous => Skip > 0 ? Address(Math.Max(0, Math.Min(Skip, (Total + PageSize - 1) / PageSize * PageSize) - PageSize)) : null;

    private string Address(int skip) => string.Create(
        CultureInfo.InvariantCulture, $"/?status={Standings[(int)Filter.Standing].Word}&q={Uri.EscapeDataString(Filter.Text)}&skip={skip}");
}
