using System.Globalization;
using Slipway.Core.Gates;

namespace Slipway.Core.Documents.Evidence;

/// <summary>One row of the rehearsal matrix in words. They hold text of whoever started the release: each rendering escapes it.</summary>
/// <param name="Scenario">What was rehearsed.</param>
/// <param name="Stage">From which stage on; a dash where it does not fit the plan, as in the columns that follow.</param>
/// <param name="Outcome">How it ended, with the number of seeds.</param>
/// <param name="Detected">The median minutes to detect.</param>
/// <param name="Harmed">The median of the requests harmed.</param>
/// <param name="Peak">The largest share of users that had the new version.</param>
/// <param name="Safe">The worst minutes until nobody had it any more.</param>
/// <param name="Kept">Whether the promises were kept; null: the scenario does not fit the plan.</param>
/// <param name="Promises"><c>kept</c>, which one was broken, or why it does not apply.</param>
public sealed record RehearsalLine(string Scenario, string Stage, string Outcome, string Detected, string Harmed, string Peak, string Safe, bool? Kept, string Promises)
{
    private const string None = "-";

    /// <summary>The titles of the columns.</summary>
    public static IReadOnlyList<string> Titles { get; } = ["Scenario", "Stage", "Outcome", "Detected", "Harmed", "Peak", "Safe", "Promises"];

    /// <summary>All columns, in the order of their titles.</summary>
    public IReadOnlyList<string> Cells => [Scenario, Stage, Outcome, Detected, Harmed, Peak, Safe, Promises];

    /// <summary>A stated row.</summary>
    public static RehearsalLine Of(RehearsalRow row) => new(
        row.Scenario,
        row.Stage?.ToString(CultureInfo.InvariantCulture) ?? None,
        row.OutcomeText,
        Minutes(row.MinutesToDetect),
        row.RequestsHarmed is > 0 and var harmed ? string.Create(CultureInfo.InvariantCulture, $"{harmed:N0}") : None,
        row.PeakExposure is { } peak ? string.Create(CultureInfo.InvariantCulture, $"{peak:0.##} %") : None,
        Minutes(row.MinutesToSafe),
        row.Kept,
        row.Kept switch
        {
            true => "kept",
            false => row.Remark.Length > 0 ? $"BROKEN: {row.Remark}" : "BROKEN",
            null => row.Remark.Length > 0 ? $"does not apply: {row.Remark}" : "does not apply",
        });

    private static string Minutes(double? minutes) => minutes is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.#} min") : None;
}
