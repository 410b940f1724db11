using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Documents.Markdown;
using CanonicalStage = Slipway.Core.Decisions.CanonicalStage;

namespace Slipway.Core.Documents.Stages;

/// <summary>The rollback decision matrix: its cells are those of <see cref="DecisionMatrix"/>, which the workflow reads too.</summary>
internal static class MatrixTable
{
    private static readonly IReadOnlyList<(MatrixRow Row, string Condition, string Action)> Rows =
    [
        (MatrixRow.ErrorRate, "Error rate above its limit", "Level 1"),
        (MatrixRow.LatencyP95, "p95 latency above its limit", "Level 1 if sustained >10min"),
        (MatrixRow.SuccessRate, "Success rate below its limit", "Level 1"),
        (MatrixRow.SecurityIncident, "Security incident", "Level 1 + incident response"),
        (MatrixRow.Outage, "Complete outage", "Level 1"),
        (MatrixRow.DataLoss, "Data loss or corruption", "Level 1"),
        (MatrixRow.Complaints, "10+ user complaints", "Investigate, Level 1 if valid"),
        (MatrixRow.Warnings, "3+ warnings in 30 minutes", "Level 1"),
        (MatrixRow.CriticalAlert, "Any other critical alert", "Level 1"),
        (MatrixRow.MetricsMissing, "Metrics missing", "Hold, do not promote, then level 1"),
        (MatrixRow.SmokeFailed, "Smoke test failed", "Level 1"),
        (MatrixRow.Moderate, "Moderate, for example mail is down", "Queue for retry"),
    ];

    public static void Write(MarkdownBuilder document)
    {
        document.Heading(3, "Rollback Decision Matrix");
        document.Table(
            ["Condition", "Stage 3", "Stage 4", "Stage 5", "Action"],
            Rows.Select(row => (IReadOnlyList<string>)
            [
                row.Condition,
                Cell(DecisionMatrix.Of(row.Row, CanonicalStage.Canary)),
                Cell(DecisionMatrix.Of(row.Row, CanonicalStage.Partial)),
                Cell(DecisionMatrix.Of(row.Row, CanonicalStage.Full)),
                row.Action,
            ]));
    }

    /// <summary>A cell in words.</summary>
    public static string Cell(MatrixCell cell) => (cell.Response switch
    {
        MatrixResponse.Immediate => "Immediate",
        MatrixResponse.Evaluate => "Evaluate",
        MatrixResponse.Alert => "Alert",
        MatrixResponse.Hold => "Hold",
        MatrixResponse.HoldThenRollback => "Hold, then rollback",
        _ => "n/a",
    }) + (cell.Sustained > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" ({(cell.AtLeast ? "≥" : ">")} {cell.Sustained.TotalMinutes:0} min)") : "");
}
