using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Documents.Rollback;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollout;

/// <summary>
/// The rollout plan, which is the runbook: ten numbered sections. A release into staging or dev alone has the same headings and fewer steps;
/// low risk has fewer gates, high risk more.
/// </summary>
internal static class RolloutPlanDocument
{
    /// <summary>The titles of the ten sections.</summary>
    public static IReadOnlyList<string> Sections { get; } =
    [
        "1. Executive Summary", "2. Prerequisites & Approvals", "3. Preflight Checks", "4. Step-by-Step Rollout Procedure", "5. Verification Signals",
        "6. Rollback Procedure", "7. Communication Plan", "8. Post-Deployment Tasks", "9. Contingency Plans", "10. Contact Information",
    ];

    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        document.Heading(1, $"Rollout Plan: {MarkdownText.Inline(dossier.Title, 120)}");
        Action<MarkdownBuilder, ReleaseDossier>[] parts = [Summary, RolloutGates.Prerequisites, RolloutGates.Preflight, RolloutSteps.Write, Signals, Rollback, RolloutPeople.Communication, Tasks, RolloutPeople.Contingencies, RolloutPeople.Contacts];
        foreach (var (title, write) in Sections.Zip(parts))
        {
            document.Heading(2, title);
            write(document, dossier);
        }

        return document.ToString();
    }

    private static void Summary(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var (request, plan) = (dossier.Request, dossier.Plan);
        var profile = RiskProfile.Of(request, plan);
        var zone = request.Operations.Windows.Count > 0 ? request.Operations.Windows[0].Zone : "UTC";
        var peak = plan.Stages.Count > 0 ? plan.Stages.Max(stage => stage.Percentage) : default;
        document.Field("What", $"{MarkdownText.Inline(dossier.Title, 200)}, version {DocumentParts.OrAsk(request.Release.Version, "Which version? State release.version")}{(request.Release.FromVersion.Length > 0 ? $" from {MarkdownText.Inline(request.Release.FromVersion, 60)}" : "")} ({request.Release.ChangeType.ToString().ToLowerInvariant()} change)");
        document.Field("Why", DocumentParts.OrAsk(request.Release.Problem, "Which problem does it solve, or what does it add? State release.problem"));
        document.Field("When", $"{dossier.Start.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}{(zone == "UTC" ? "" : $", windows in {MarkdownText.Inline(zone, 60)}")}{(request.Release.StartAt is null && dossier.State is null ? ", as soon as it is started" : "")}");
        document.Field("Duration", $"{DocumentNumbers.Hours(RolloutSteps.Total(dossier))} in all, without waiting for windows and people");
        document.Field("Risk level", $"{DocumentNumbers.Word(plan.Risk)} ({MarkdownText.Inline(string.Join("; ", profile.DeploymentRisk.Reasons))}); blast radius {profile.BlastRadius.Value.ToString().ToLowerInvariant()}");
        document.Field("Rollback time", $"{DocumentNumbers.Minutes(dossier.Estimates.Level1)} by level 1, at worst {DocumentNumbers.Minutes(dossier.Estimates.Level3)} by level 3");
        document.Field("Affected systems", DocumentParts.Names(request.System?.Services, "system.services"));
        document.Field("User impact", string.Create(CultureInfo.InvariantCulture, $"{peak} of users at peak exposure{(request.Operations.ActiveUsers is { } users ? $" ({users:N0} users)" : "")}, {plan.Stages.Skip(plan.Environments[^1].FirstStage).FirstOrDefault(stage => stage.Percentage.Value > 0)?.Percentage.ToString() ?? "none"} in the first stage"));
        document.Field("Expected downtime", $"{(request.System?.ExpectedDowntime ?? TimeSpan.Zero).TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} min{(request.System?.ExpectedDowntime is null ? ", as nothing else is stated" : "")}");
        document.Field("Known risks", request.Release.KnownRisks is null ? DocumentParts.Question("Which risks are known? State release.known_risks, or none") : DocumentParts.Names(request.Release.KnownRisks, "release.known_risks"));
    }

    private static void Signals(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var units = dossier.Platform.Units;
        var limits = string.Join(", ", dossier.Plan.Triggers.Where(trigger => trigger.Row is not null).Select(trigger => $"{DocumentNumbers.Metric(trigger.Metric)} {(trigger.Above is not null ? "<" : ">")} {DocumentNumbers.Value(trigger.Metric, trigger.Above ?? trigger.Below ?? 0)}"));
        document.Paragraph("After every deployment and every shift of traffic, in this order; a signal that fails stops what comes next.");
        Group("Immediate (0-2 min)", "deployment success", $"{units} started", "health checks passing");
        Group("Short-term (2-5 min)", "application responding", $"error rates acceptable ({limits})", "latency normal against the old version");
        Group("Medium-term (5-15 min)", "sustained metrics in every interval", "stable connections", $"integrations working: {DocumentParts.Names(dossier.Request.System?.Integrations, "system.integrations")}");
        Group("Long-term (15+ min)", "no degradation until the stage ends", $"capacity healthy{(dossier.Request.Operations.CapacityRps is { } capacity ? $" (below {DocumentNumbers.Number(capacity)} requests a second)" : "")}", $"business metrics normal{(dossier.Plan.Evidence.Kpis.Count > 0 ? $": {MarkdownText.Inline(string.Join(", ", dossier.Plan.Evidence.Kpis.Select(kpi => kpi.Name)))}" : "")}");

        void Group(string when, params IReadOnlyList<string> signals)
        {
            document.Paragraph($"**{when}:**");
            foreach (var signal in signals) document.Bullet(signal);
        }
    }

    private static void Rollback(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var procedures = RollbackProcedures.Of(dossier);
        document.Heading(3, "Decision Criteria");
        document.Table(
            ["Metric", "Threshold", "Window", "Action"],
            dossier.Plan.Triggers.Select(trigger => (IReadOnlyList<string>)
            [
                MarkdownText.Inline(trigger.Metric, 80),
                PlanSection.Threshold(trigger),
                DurationText.Format(trigger.Window),
                MarkdownText.Inline(trigger.Action.ToString()),
            ]).Append(["telemetry", $"no usable telemetry for {DurationText.Format(dossier.Plan.Watch.BlindHold)}", DurationText.Format(dossier.Plan.Watch.BlindHold), dossier.Plan.Watch.BlindThen == BlindAction.Rollback ? "AutoRollback" : "Pause"]));
        document.Heading(3, "Automated");
        document.Paragraph($"A breach starts it by itself; a person does by {MarkdownText.Code(dossier.RollbackCommand)}, without approval.");
        document.Numbered(procedures.Steps(1).Select(step => DocumentParts.Step(step.Step)));
        document.Heading(3, "Infrastructure Revert");
        document.Numbered(procedures.Steps(2).Concat(procedures.Steps(3)).Select(step => DocumentParts.Step(step.Step)));
        document.Heading(3, "Full Restore");
        var backups = dossier.Request.Delivery?.Backups;
        document.Bullet(backups is { Restore.Length: > 0 }
            ? $"From {(backups.Where.Length > 0 ? MarkdownText.Inline(backups.Where, 120) : "the backup")}: {MarkdownText.Code(backups.Restore, 2000)}"
            : $"From the backup: {DocumentParts.Question("Which command restores it, and from where? State delivery.backups")}");
        document.Heading(3, "Post-Rollback Verification");
        document.Bullet("Every flag and key is read back as captured");
        document.Bullet($"Smoke checks pass{(dossier.Request.Preflight.Smoke.Count > 0 ? $": {MarkdownText.Inline(string.Join(", ", dossier.Request.Preflight.Smoke.Select(smoke => smoke.Name)))}" : "")}");
        document.Bullet("Error rate and latency are as before the release; only then the rollback counts as successful");
        document.Heading(3, "Communication");
        document.Bullet("Everyone who was told of the start is told that it goes back, and the verified result");
    }

    private static void Tasks(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var owner = dossier.Request.Contacts.Primary.Length > 0 ? MarkdownText.Inline(dossier.Request.Contacts.Primary, 120) : DocumentParts.Question("Who is called first? State contacts.primary");
        document.Bullet($"**Immediate (1h)**, {owner}: verify that the criteria are met; review logs");
        document.Bullet($"**Short-term (24h)**, {owner}: monitor metrics; review errors; update the runbook; schedule the postmortem");
        document.Bullet($"**Medium-term (1 week)**, {(dossier.Request.Release.RequestedBy.Length > 0 ? MarkdownText.Inline(dossier.Request.Release.RequestedBy, 120) : owner)}: post-deployment review; write down the lessons learned; remove the flag");
        if (dossier.State?.EndedAt is not { } ended) return;
        document.Paragraph($"The release ended at {DocumentNumbers.Moment(ended)}: these are due at {DocumentNumbers.Moment(ended.AddHours(1))}, {DocumentNumbers.Moment(ended.AddHours(24))} and {DocumentNumbers.Moment(ended.AddDays(7))}.");
    }
}
