using System.Globalization;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Stages;

/// <summary>
/// The deployment strategy: checklist, windows, files by risk, the five stages with waits, metrics and criteria, the monitoring dashboard, the
/// decision matrix as the workflow reads it, and what on-call does.
/// </summary>
internal static class DeploymentStrategyDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        document.Heading(2, $"Deployment Strategy: {MarkdownText.Inline(dossier.Title, 120)}");
        Checklist(document, dossier);
        Windows(document, dossier);
        Categories(document, dossier);
        document.Heading(3, "Deployment Sequence");
        var guides = StageGuide.Of(dossier);
        foreach (var guide in guides) Stage(document, dossier, guide);
        MonitoringTexts.Write(document, dossier);
        MatrixTable.Write(document);
        OnCall(document, dossier);
        return document.ToString();
    }

    private static void Checklist(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var (request, gates) = (dossier.Request, dossier.State?.Gates);
        bool Passed(string gate) => gates?.GetValueOrDefault(gate) is { Last.Status: GateStatus.Pass };
        document.Heading(3, "Pre-Deployment Checklist");
        document.Task(Passed(QualityGates.StagingTests), $"All tests passing (unit, integration, E2E){(request.Preflight.StagingTests is null ? $": {DocumentParts.Question("Where is their result read? State preflight.staging_tests")}" : "")}");
        document.Task(Passed(QualityGates.SecurityScan), "Security review complete (no CRITICAL issues)");
        document.Task(dossier.Plan.Levels.Count > 0, $"Rollback strategy documented: {MarkdownText.Link("rollback strategy", dossier.Link(DocumentNames.RollbackStrategy))}");
        document.Task(dossier.Plan.Triggers.Count > 0, $"Monitoring dashboard configured: {MarkdownText.Link(dossier.DashboardOf(MetricNames.ErrorRate).Name, dossier.DashboardOf(MetricNames.ErrorRate).Url)}");
        document.Task(request.Contacts.Primary.Length > 0, $"On-call engineer assigned: {DocumentParts.OrAsk(request.Contacts.Primary, "Who is called first? State contacts.primary")}");
        document.Task(dossier.State?.Messages.Values.Any(message => message.Last is { Checkpoint: Checkpoint.Notice, Accepted: true }) == true, "Stakeholders notified of the deployment schedule");
    }

    private static void Windows(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var operations = dossier.Request.Operations;
        document.Heading(3, "Deployment Windows");
        document.Paragraph($"**Preferred:** {(operations.Windows.Count > 0 ? string.Join("; ", operations.Windows.Select(window => MarkdownText.Inline(ChangeWindowText.Format(window)))) : "Tuesday–Thursday, 10:00–14:00")}");
        document.Paragraph($"**Avoid:** Friday, weekends, holidays, after 16:00{(operations.PeakHours.Count > 0 ? $"; peak hours {string.Join(", ", operations.PeakHours.Select(peak => MarkdownText.Inline(ChangeWindowText.Format(peak))))}" : "")}{string.Concat(operations.Freezes.Select(freeze => $"; frozen {DocumentNumbers.Date(freeze.From)} to {DocumentNumbers.Date(freeze.To)}{(freeze.Reason.Length > 0 ? $" ({MarkdownText.Inline(freeze.Reason, 80)})" : "")}"))}");
        document.Paragraph("**Reason:** the team has to be there to watch and to answer. Windows limit starts and increases of exposure, never the soak and never a rollback.");
    }

    private static void Categories(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var manifest = ManifestClassifier.Classify(dossier.Request);
        document.Heading(3, "Risk Categorization");
        document.Paragraph(dossier.Plan.Flags.Count > 0 ? "By what a change risks once it is active; with the flag off, files behind it are ZERO-RISK." : "By what a change risks once it is active.");
        foreach (var group in manifest.Groups(FlagActivation.On))
        {
            document.Paragraph($"**{group.Risk.ToString().ToUpperInvariant()}-RISK Changes:**");
            if (group.Files.Count == 0) document.Bullet("none");
            foreach (var file in group.Files)
                document.Bullet($"{MarkdownText.Code(file.File.Path)} ({file.File.Action.ToString().ToLowerInvariant()}): {MarkdownText.Inline(ChangeKinds.Of(file.Kind).What)}{(file.BehindFlag ? ", ZERO-RISK while its flag is off" : "")}");
        }

        if (manifest.Files.Count == 0) document.Paragraph(DocumentParts.Question("Which files does the release change? State changes.files"));
    }

    private static void Stage(MarkdownBuilder document, ReleaseDossier dossier, StageGuide guide)
    {
        var stage = guide.Stage;
        document.Heading(4, string.Create(CultureInfo.InvariantCulture, $"Stage {stage.Number}: {stage.Name} ({guide.Label})"));
        if (!guide.Runs)
        {
            document.Paragraph(MarkdownText.Inline(stage.RunsAsText));
            return;
        }

        document.Paragraph($"**{(guide.Exposes ? "Enable" : "Deploy")}:** {guide.Enable}");
        if (stage.Number == 1) Deploys(document, dossier);
        document.Paragraph($"**Command:** {DocumentParts.Step(guide.Command)}");
        document.Paragraph($"**Wait:** {guide.Wait}{(guide.When.Length > 0 ? $"; {guide.When}" : "")}{(stage.Number == 4 && stage.Wait >= TimeSpan.FromHours(4) ? "; an overnight period is included where the start allows it" : "")}");
        document.Paragraph("**Monitor:**");
        foreach (var line in guide.Monitor) document.Bullet(line);
        if (stage.Number == 3) MonitoringTexts.Blocks(document, dossier, guide);
        if (stage.Number == 4) foreach (var line in AtScale(dossier, guide)) document.Bullet(line);
        if (stage.Number == 5) Expected(document, dossier, guide);
        document.Paragraph($"**Success Criteria{(guide.Exposes ? " (ALL must pass)" : "")}:**");
        foreach (var line in guide.Criteria) document.Bullet(line);
        document.Paragraph($"**Rollback:** {guide.Back}: {MarkdownText.Code(dossier.RollbackCommand)}");
        document.Paragraph("**Decision:** go when every criterion holds, else no-go: the bake is extended, people are asked, or the release goes back.");
        if (stage.Number == 5) AfterFull(document);
    }

    private static void Deploys(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var files = ManifestClassifier.Classify(dossier.Request).Files;
        string Paths(ChangeKind kind) => string.Join(", ", files.Where(file => file.Kind == kind).Select(file => MarkdownText.Code(file.File.Path)));
        document.Bullet($"Tests: {(Paths(ChangeKind.Test) is { Length: > 0 } tests ? tests : "none in the manifest")}");
        document.Bullet($"Documentation: {(Paths(ChangeKind.Documentation) is { Length: > 0 } docs ? docs : "none in the manifest")}");
        document.Bullet($"Code: ALL files{(dossier.Plan.Flags.Count > 0 ? $" with {string.Join(", ", dossier.Plan.Environments[^1].Flags.Select(flag => MarkdownText.Code($"{flag.Key}=false")))}" : " without traffic")}");
    }

    private static IEnumerable<string> AtScale(ReleaseDossier dossier, StageGuide guide)
    {
        foreach (var line in BandTexts.Monitor(dossier, guide.Stage)) yield return line;
        if (dossier.Request.Preflight.Dependencies.Databases.Count > 0) yield return $"Database connection pool of {MarkdownText.Inline(string.Join(", ", dossier.Request.Preflight.Dependencies.Databases.Select(database => database.Name)))} stable";
        if (dossier.Request.Rollback?.Caches is { Count: > 0 } caches) yield return $"Cache hit rate of {MarkdownText.Inline(string.Join(", ", caches.Select(cache => cache.Name)))} as in stage 3";
        yield return dossier.Plan.Evidence.StageToStage is null ? "No degradation compared with stage 3, which people look at: guardrails.stage_to_stage makes it a condition" : "No degradation compared with stage 3";
    }

    private static void Expected(MarkdownBuilder document, ReleaseDossier dossier, StageGuide guide)
    {
        document.Paragraph("**Expected Changes:**");
        foreach (var feature in dossier.Changes.Features) document.Bullet(MarkdownText.Inline(feature));
        foreach (var kpi in dossier.Plan.Evidence.Kpis) document.Bullet($"{MarkdownText.Inline(kpi.Name, 80)} stable or better");
        foreach (var line in BandTexts.Monitor(dossier, guide.Stage)) document.Bullet(line);
        document.Bullet("Error rate and latency stay as they are");
    }

    private static void AfterFull(MarkdownBuilder document)
    {
        document.Paragraph("**Post-Deployment (24 hours later):**");
        document.Bullet("Review all metrics");
        document.Bullet("Document any issues or surprises");
        document.Bullet("Update the runbook with learnings");
        document.Bullet("Remove feature flag code (if stable for 1 week)");
        document.Bullet("Schedule postmortem meeting");
        document.Paragraph("**Success:** Feature stable for 1 week → Mark as complete");
    }

    private static void OnCall(MarkdownBuilder document, ReleaseDossier dossier)
    {
        document.Heading(3, "On-Call Responsibilities");
        document.Paragraph($"**During Deployment (Stages 3-5):** {DocumentParts.OrAsk(dossier.Request.Contacts.Primary, "Who is called first? State contacts.primary")}");
        document.Bullet("Monitor dashboard every 30 minutes");
        document.Bullet("Respond to alerts within 5 minutes");
        document.Bullet("Authority to execute rollback without approval");
        document.Bullet($"Log all observations in the {MarkdownText.Link("deployment log", dossier.Link(DocumentNames.DeploymentLog))}");
        document.Paragraph("**After Deployment (24 hours):**");
        document.Bullet("Check metrics twice daily");
        document.Bullet("Respond to alerts within 15 minutes");
        document.Bullet("Document any anomalies");
    }
}
