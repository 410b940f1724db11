using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Plans;

/// <summary>The six items of safety and compliance, in their order; an item is ticked only by evidence, which it names.</summary>
internal static class SafetyChecklistDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        document.Heading(1, $"Safety & Compliance Checklist: {MarkdownText.Inline(dossier.Title, 120)}");
        foreach (var item in Items(dossier)) document.Task(item.Done, $"{item.Text}: {item.Evidence}");
        return document.ToString();
    }

    /// <summary>The items with their evidence.</summary>
    public static IReadOnlyList<(string Text, bool Done, string Evidence)> Items(ReleaseDossier dossier) =>
    [
        Migrations(dossier), FlagsOff(dossier), InTime(dossier), Thresholds(dossier), Smoke(dossier), Communication(dossier),
    ];

    private static (string, bool, string) Migrations(ReleaseDossier dossier)
    {
        var migrated = dossier.Request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null).ToList();
        var without = migrated.Where(database => database.Migration!.Down.Length == 0).Select(database => database.Name).ToList();
        return ("DB migrations reversible (`DOWN` script or temporal tables)", without.Count == 0,
            migrated.Count == 0 ? "evidence `request:databases`, no migration is part of the release"
            : without.Count == 0 ? $"evidence `request:databases`, {string.Join(", ", migrated.Select(database => MarkdownText.Code($"{database.Name}: {database.Migration!.Down}")))}"
            : $"no way back for {MarkdownText.Inline(string.Join(", ", without))}");
    }

    private static (string, bool, string) FlagsOff(ReleaseDossier dossier)
    {
        const string Text = "Feature flag default set to OFF";
        if (dossier.Plan.Flags.Count == 0) return (Text, true, "evidence `plan:flags`, no flag carries the release");
        return dossier.State?.Gates.GetValueOrDefault(QualityGates.KillSwitch) is { } gate
            ? (Text, gate.Last.Status == GateStatus.Pass, $"evidence {MarkdownText.Code($"gate:{QualityGates.KillSwitch}")} at {DocumentNumbers.Moment(gate.At)}, {MarkdownText.Inline(gate.Last.Details)}")
            : (Text, false, "read from the store by preflight, which refuses a flag that is on");
    }

    private static (string, bool, string) InTime(ReleaseDossier dossier)
    {
        const string Text = "Rollback completes in <5 minutes";
        if (dossier.State?.Rollback is { RecoveredAt: { } recovered } rollback)
        {
            var took = recovered - rollback.BegunAt;
            return (Text, took < LevelEstimates.Budget(1), string.Create(CultureInfo.InvariantCulture, $"evidence `rollback:measured`, {took.TotalSeconds:0.#} s"));
        }

        var estimate = dossier.Estimates.Level1;
        return (Text, estimate < LevelEstimates.Budget(1), string.Create(CultureInfo.InvariantCulture, $"{(estimate < LevelEstimates.Budget(1) ? "evidence `estimate:level1`, " : "")}{estimate.TotalSeconds:0} s estimated for {(dossier.Plan.Flags.Count > 0 ? "flags" : "traffic")}"));
    }

    private static (string, bool, string) Thresholds(ReleaseDossier dossier)
    {
        var guarded = new[] { MetricNames.ErrorRate, MetricNames.LatencyP95 }.Concat(dossier.Request.Guardrails.Kpis.Select(kpi => kpi.Name));
        var judged = dossier.Plan.Triggers.Select(trigger => trigger.Metric).Concat(dossier.Plan.Evidence.Kpis.Select(kpi => kpi.Name)).ToHashSet(StringComparer.Ordinal);
        var without = guarded.Where(metric => !judged.Contains(metric)).ToList();
        return ("Monitoring & alert thresholds defined", without.Count == 0 && dossier.Plan.Triggers.Count > 0,
            without.Count == 0
                ? $"evidence `plan:triggers`, {string.Join(", ", dossier.Plan.Triggers.Select(trigger => $"{MarkdownText.Inline(DocumentNumbers.Metric(trigger.Metric), 60)} {DocumentNumbers.Crossing(trigger)}"))}"
                : $"no threshold for {MarkdownText.Inline(string.Join(", ", without))}");
    }

    private static (string, bool, string) Smoke(ReleaseDossier dossier)
    {
        const string Text = "Smoke tests for critical flows automated";
        var checks = dossier.Request.Preflight.Smoke;
        if (dossier.Request.System?.CriticalFlows is not { } flows) return (Text, false, DocumentParts.Question("Which flows are critical? State system.critical_flows, or none"));
        var manual = flows.Where(flow => checks.All(check => !string.Equals(check.Name, flow, StringComparison.OrdinalIgnoreCase))).ToList();
        return (Text, manual.Count == 0, manual.Count == 0
            ? $"evidence {(flows.Count == 0 ? "`request:system`, no flow is critical" : string.Join(", ", flows.Select(flow => MarkdownText.Code($"smoke:{flow}"))))}"
            : $"no smoke check for {MarkdownText.Inline(string.Join(", ", manual))}");
    }

    private static (string, bool, string) Communication(ReleaseDossier dossier)
    {
        var talk = dossier.Request.Communications;
        List<string> missing = [];
        if (talk.IncidentChannel.Length == 0) missing.Add("Which incident channel? State communications.incident_channel");
        if (talk.IncidentDocument is null) missing.Add("Where is an incident written down? State communications.incident_document");
        return ("Stakeholder communication plan (Slack channel, incident doc)", missing.Count == 0, missing.Count == 0
            ? $"evidence `request:communications`, {MarkdownText.Inline(talk.IncidentChannel, 80)}, {MarkdownText.Link("incident document", talk.IncidentDocument!.AbsoluteUri)}"
            : string.Join(" ", missing.Select(DocumentParts.Question)));
    }
}
