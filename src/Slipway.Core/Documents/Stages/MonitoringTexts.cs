using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using CanonicalStage = Slipway.Core.Decisions.CanonicalStage;

namespace Slipway.Core.Documents.Stages;

/// <summary>What is measured: one block a metric with its numbers, the dashboards, and the thresholds that the plan watches.</summary>
internal static class MonitoringTexts
{
    /// <summary>Current, target, warning and critical values of each metric at the canary.</summary>
    public static void Blocks(MarkdownBuilder document, ReleaseDossier dossier, StageGuide guide)
    {
        foreach (var metric in Metrics(dossier))
        {
            var (name, url) = dossier.DashboardOf(metric);
            var critical = dossier.Plan.Triggers.Where(trigger => trigger.Metric == metric && trigger.Action == TriggerAction.AutoRollback).ToList();
            var warning = dossier.Plan.Triggers.Where(trigger => trigger.Metric == metric && trigger.Action != TriggerAction.AutoRollback).ToList();
            document.Paragraph($"**{MarkdownText.Inline(Capital(DocumentNumbers.Metric(metric)), 80)}:**");
            document.Bullet($"Current: {Current(dossier, metric)}");
            document.Bullet($"Target: {Target(dossier, metric)}");
            document.Bullet($"Warning: {Crossings(warning, "no threshold below the critical one is stated; a crossing that is not confirmed yet is shown")}");
            document.Bullet($"Critical: {Crossings(critical, "judged against the old version alone")}");
            document.Bullet($"Dashboard: {MarkdownText.Link(name, url)}");
        }

        var measured = BandTexts.Monitor(dossier, guide.Stage).ToList();
        if (measured.Count == 0) return;
        document.Paragraph("**Custom Metrics:**");
        foreach (var line in measured) document.Bullet(line);
    }

    /// <summary>The monitoring dashboard and the alert thresholds.</summary>
    public static void Write(MarkdownBuilder document, ReleaseDossier dossier)
    {
        document.Heading(3, "Monitoring Dashboard");
        document.Paragraph("**Metrics to Track:**");
        foreach (var metric in Metrics(dossier).Append(MetricNames.SuccessRate).Distinct(StringComparer.Ordinal))
        {
            var (name, url) = dossier.DashboardOf(metric);
            document.Bullet($"{MarkdownText.Inline(Capital(DocumentNumbers.Metric(metric)), 80)}: {MarkdownText.Link(name, url)}");
        }

        document.Paragraph("**Alert Thresholds:**");
        foreach (var trigger in dossier.Plan.Triggers)
            document.Bullet($"{MarkdownText.Inline(Capital(DocumentNumbers.Metric(trigger.Metric)), 80)} {DocumentNumbers.Crossing(trigger)}: {Severity(trigger)}");
        foreach (var line in dossier.Plan.Evidence.Measurements.SelectMany(BandTexts.Thresholds)) document.Bullet(line);
        document.Paragraph("**Rollback Decision:** if ANY critical alert fires during canary or partial, level 1 runs at once, without anybody being asked.");
    }

    private static IEnumerable<string> Metrics(ReleaseDossier dossier) =>
        dossier.Plan.Triggers.Select(trigger => trigger.Metric).Concat(dossier.Plan.Evidence.Kpis.Select(kpi => kpi.Name)).Distinct(StringComparer.Ordinal);

    private static string Severity(PlannedTrigger trigger) => trigger.OnlyExposed ? "Warning, while users are exposed" : trigger.Row is { } row
        ? $"Critical → {MatrixTable.Cell(DecisionMatrix.Of(row, CanonicalStage.Canary)).ToLowerInvariant()} rollback at canary, {MatrixTable.Cell(DecisionMatrix.Of(row, CanonicalStage.Full)).ToLowerInvariant()} at 100 %"
        : trigger.Action switch
        {
            TriggerAction.AutoRollback => "Critical → rollback",
            TriggerAction.Pause => "Warning → hold",
            TriggerAction.Evaluate => "Warning → evaluate within 15 min",
            _ => "Warning",
        };

    private static string Current(ReleaseDossier dossier, string metric)
    {
        var stated = BandTexts.Of(dossier, metric)?.Baseline;
        var stage = dossier.State is { Created: not null } state ? state.Stages.LastOrDefault(known => known.Evidence.Control.Requests > 0) : null;
        if (metric == MetricNames.ErrorRate)
        {
            if (stage?.Evidence.Control.ErrorRate is { } seen) return string.Create(CultureInfo.InvariantCulture, $"{seen:0.###} % (the old version, measured in this release)");
            return stated is { } baseline ? $"{DocumentNumbers.Value(metric, baseline)} (stated)" : dossier.Request.Operations.BaseErrorRate is { } rate ? $"{rate} (stated)" : "measured before the first exposure";
        }

        if (metric == MetricNames.LatencyP95 && stage?.Evidence.Control.Latency is { Total: > 0 } latency)
            return string.Create(CultureInfo.InvariantCulture, $"{latency.Percentile(0.95):0} ms (the old version, measured in this release)");
        if (stated is { } usual) return $"{DocumentNumbers.Value(metric, usual)} (stated)";
        return "measured before the first exposure, and all the time on the old version";
    }

    private static string Target(ReleaseDossier dossier, string metric)
    {
        var target = BandTexts.Of(dossier, metric) is { Target: { } better } band ? $"{(band.HigherIsWorse ? "<" : ">")} {DocumentNumbers.Value(metric, better)}, and " : "";
        var tolerated = metric switch
        {
            MetricNames.ErrorRate => dossier.Plan.Evidence.ErrorTolerance,
            MetricNames.LatencyP95 => dossier.Plan.Evidence.LatencyTolerance,
            _ => (double?)null,
        };
        if (tolerated is { } ratio) return string.Create(CultureInfo.InvariantCulture, $"{target}at most {ratio:0.##} times the old version's at the same time");
        return dossier.Plan.Evidence.Kpis.FirstOrDefault(kpi => kpi.Name == metric) is { } known ? $"not more than {known.ToleratedDrop} worse than the old version's" : $"{target}as the old version's at the same time";
    }

    private static string Crossings(IReadOnlyList<PlannedTrigger> triggers, string none) => triggers.Count == 0 ? none : string.Join(", ", triggers.Select(DocumentNumbers.Crossing));

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;
}
