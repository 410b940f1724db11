using Slipway.Core.Documents.Markdown;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Planning.Checks;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Stages;

/// <summary>
/// The checks of a phase as documents write them: in words where there are any, and always with the name of <see cref="PhaseChecks"/> in code,
/// which is the name in ledger and report. Inline Markdown.
/// </summary>
internal static class StageCriteria
{
    /// <summary>One line a check, in the order of <see cref="PhaseChecks"/>.</summary>
    public static IEnumerable<string> Of(ReleaseDossier dossier, CanonicalStage stage)
    {
        var words = Words(dossier, stage).ToLookup(entry => entry.Check, entry => entry.Text, StringComparer.Ordinal);
        return PhaseChecks.Of(dossier.Request, dossier.Plan, stage).Select(check =>
            words[check].ToList() is { Count: > 0 } texts ? $"{string.Join(", ", texts)} ({MarkdownText.Code(check)})" : MarkdownText.Code(check));
    }

    private static IEnumerable<(string Check, string Text)> Words(ReleaseDossier dossier, CanonicalStage stage) =>
    [
        .. dossier.Plan.Triggers.Select(trigger => (CheckNames.Trigger(trigger.Name), Limit(trigger))),
        .. BandTexts.Criteria(dossier, stage),
        (CheckNames.Guardrail(MetricNames.ErrorRate), Evidence(dossier, stage, "error rate", dossier.Plan.Evidence.ErrorTolerance)),
        (CheckNames.Guardrail(MetricNames.LatencyP95), Evidence(dossier, stage, "p95 latency", dossier.Plan.Evidence.LatencyTolerance)),
        .. dossier.Plan.Evidence.Kpis.Select(kpi => (CheckNames.Kpi(kpi.Name), $"{MarkdownText.Inline(kpi.Name, 80)} not more than {kpi.ToleratedDrop} worse")),
        (CheckNames.OpenAlerts, "no critical alert, no security incident, no open evaluation"),
        (CheckNames.Captured, "locks are taken and the state to come back to is recorded"),
        (CheckNames.FlagsReadBack, "every flag reads back at 100 %"),
        (QualityGates.NewErrors, "no new kinds of errors"),
    ];

    /// <summary>A threshold, in the form that reads on: <c>p95 latency &lt; 500 ms</c>.</summary>
    private static string Limit(PlannedTrigger trigger) => trigger.Metric switch
    {
        MetricNames.LatencyP95 when trigger.Above is { } most => $"p95 latency < {DocumentNumbers.Number(most)} ms",
        MetricNames.ErrorRate when trigger.Above is { } most => $"error rate < {DocumentNumbers.Number(most)} %",
        var metric => $"{MarkdownText.Inline(DocumentNumbers.Metric(metric))} {(trigger.Above is not null ? "<" : ">")} {DocumentNumbers.Value(metric, trigger.Above ?? trigger.Below ?? 0)}",
    };

    private static string Evidence(ReleaseDossier dossier, CanonicalStage stage, string metric, double tolerated) =>
        stage.Steps.Any(step => step.Percentage.Value is > 0 and < 100) && dossier.Plan.Strategy != RolloutStrategy.Rolling
            ? $"verdict pass on {metric}: the evidence excludes a regression of the stage's margin over the old version (tolerated: {DocumentNumbers.Number((decimal)tolerated)} times)"
            : $"verdict pass on {metric}: the evidence does not lean towards a breach of the limit";
}
