using System.Globalization;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Evidence;

/// <summary>One row of the power table in words: the same at the terminal, in pages, documents and mails.</summary>
/// <param name="Stage">The stage with its bake: <c>5 % for 30m</c>.</param>
/// <param name="Metric">error_rate or latency_p95.</param>
/// <param name="Likely">The smallest regression that is found with 80 %: <c>1.8x</c>, or <c>none</c>.</param>
/// <param name="NearlySure">The same with 95 %.</param>
/// <param name="Harmed">Requests that it harms until then; a dash where none is found.</param>
/// <param name="Twice">How a doubling is found: <c>in 12 min</c>, <c>by 40 %</c> or <c>never</c>.</param>
/// <param name="TwiceNeeds">By what it would be found with 80 %: <c>as it is</c>, a bake, a percentage, or <c>nothing</c>.</param>
/// <param name="Proves">What a promotion proves: <c>under 3x</c>, or <c>nothing</c>.</param>
public sealed record PowerLine(string Stage, string Metric, string Likely, string NearlySure, string Harmed, string Twice, string TwiceNeeds, string Proves)
{
    /// <summary>What the ratios are of, in one sentence.</summary>
    public const string Ratios = "Ratios are to the control arm at the same time: its rate of errors, or of requests slower than its usual p95.";

    /// <summary>The titles of the columns.</summary>
    public static IReadOnlyList<string> Titles { get; } = ["Stage", "Metric", "Found 80 %", "Found 95 %", "Harmed", "2x found", "2x at 80 % by", "Promotion proves"];

    /// <summary>All columns, in the order of their titles.</summary>
    public IReadOnlyList<string> Cells => [Stage, Metric, Likely, NearlySure, Harmed, Twice, TwiceNeeds, Proves];

    /// <summary>A row of a plan's power.</summary>
    public static PowerLine Of(ReleasePlan plan, StagePower row) => new(
        $"{plan.Describe(row.Stage)} for {DurationText.Format(plan.Stages[row.Stage].Bake)}",
        row.Metric,
        Times(row.Likely),
        Times(row.NearlySure),
        row.Likely is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(row.Harmed):N0}"),
        (row.TwiceMinutes, row.TwiceChance) switch
        {
            ({ } minutes, >= DetectionPower.Likely) => string.Create(CultureInfo.InvariantCulture, $"in {minutes:0.#} min"),
            (_, >= 0.01) => string.Create(CultureInfo.InvariantCulture, $"by {Math.Floor(100 * row.TwiceChance):0} %"),
            _ => "never",
        },
        (row.TwiceNeedsMinutes, row.TwiceNeedsPercentage) switch
        {
            (null, null) => row.TwiceChance >= DetectionPower.Likely ? "as it is" : "nothing",
            ({ } bake, null) => string.Create(CultureInfo.InvariantCulture, $"bake {DurationText.Format(TimeSpan.FromMinutes(bake))}"),
            (null, { } share) => string.Create(CultureInfo.InvariantCulture, $"{share:0} %"),
            ({ } bake, { } share) => string.Create(CultureInfo.InvariantCulture, $"bake {DurationText.Format(TimeSpan.FromMinutes(bake))} or {share:0} %"),
        },
        row.Margin is { } margin ? string.Create(CultureInfo.InvariantCulture, $"under {margin:0.##}x{(row.MarginNeedsLongest ? " at the longest bake" : "")}") : "nothing");

    private static string Times(double? ratio) => ratio is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:0.##}x") : "none";
}
