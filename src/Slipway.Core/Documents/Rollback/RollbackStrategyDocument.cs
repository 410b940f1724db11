using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollback;

/// <summary>
/// The rollback strategy: context, triggers that go back at once and those that people evaluate, the three levels with commands, expected
/// results and estimates, what happens to each file, and what follows a rollback.
/// </summary>
internal static class RollbackStrategyDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        var procedures = RollbackProcedures.Of(dossier);
        document.Heading(2, $"Rollback Strategy: {MarkdownText.Inline(dossier.Title, 120)}");
        document.Paragraph($"One command goes back, from every state and without approval: {MarkdownText.Code(dossier.RollbackCommand)}. It does what stands below level by level, verifies each, and goes on to the next only where one did not suffice.");
        Context(document, dossier);
        Triggers(document, dossier);
        for (var level = 1; level <= 3; level++) Level(document, dossier, procedures, level);
        After(document, dossier);
        return document.ToString();
    }

    private static void Context(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var files = dossier.Request.Changes.Files;
        int Count(FileAction action) => files.Count(file => file.Action == action);
        document.Heading(3, "Context");
        document.Bullet(string.Create(
            CultureInfo.InvariantCulture,
            $"{files.Count} {(files.Count == 1 ? "file" : "files")} changed ({Count(FileAction.New)} new, {Count(FileAction.Modified)} modified, {Count(FileAction.Deleted)} deleted)"));
        document.Bullet($"{dossier.Plan.Risk.ToString().ToUpperInvariant()}-RISK: {MarkdownText.Inline(Why(dossier))}");
        document.Bullet($"Integration points: {DocumentParts.Names(dossier.Request.System?.Integrations, "system.integrations")}");
        document.Bullet($"{MarkdownText.Inline(dossier.Evidence.Result, 1000)} {(dossier.Evidence.Statement.Length > 0 ? $"{MarkdownText.Inline(dossier.Evidence.Statement)} " : "")}See {MarkdownText.Link("rehearsal and power", dossier.Link(DocumentNames.Rehearsal))}{(dossier.Evidence.Command.Length > 0 ? $"; {MarkdownText.Code(dossier.Evidence.Command)} makes one" : "")}");
    }

    private static string Why(ReleaseDossier dossier)
    {
        var reasons = RiskAssessor.Assess(dossier.Request).Reasons;
        return reasons.Count > 0 ? string.Join("; ", reasons) : "nothing in the request raises it";
    }

    private static void Triggers(MarkdownBuilder document, ReleaseDossier dossier)
    {
        document.Heading(3, "Rollback Triggers");
        document.Paragraph("**Immediate Rollback:**");
        document.Bullet("Security incident or vulnerability discovered");
        document.Bullet("Complete service outage");
        document.Bullet("Data loss or corruption");
        foreach (var trigger in dossier.Plan.Triggers.Where(trigger => trigger.Action == TriggerAction.AutoRollback))
            document.Bullet($"{Trigger(trigger)} while users are exposed{Exceptions(trigger)}");
        document.Bullet($"No usable telemetry for {DurationText.Format(dossier.Plan.Watch.BlindHold)}{(dossier.Plan.Watch.BlindThen == BlindAction.Rollback ? "" : ": the release is held instead")}");
        document.Bullet("A regression against the old version that the evidence shows, whatever the limits are");

        document.Paragraph(string.Create(CultureInfo.InvariantCulture, $"**Evaluate Rollback (within {DecisionMatrix.EvaluationLimit.TotalMinutes:0} min):**"));
        foreach (var trigger in dossier.Plan.Triggers.Where(trigger => trigger.Row is not null))
            document.Bullet($"{Trigger(trigger)}, before users are exposed and after the last stage, sustained for {DurationText.Format(DecisionMatrix.Sustain)}; nobody answers: rollback");
        foreach (var trigger in dossier.Plan.Triggers.Where(trigger => trigger is { Row: null, Action: TriggerAction.Evaluate or TriggerAction.Pause }))
            document.Bullet(Trigger(trigger));
        document.Bullet(string.Create(
            CultureInfo.InvariantCulture, $"User reports of failures: {DecisionMatrix.ComplaintsInStage} or more in a stage, afterwards more than {DecisionMatrix.ComplaintsInHour} an hour; rollback when somebody confirms them"));
    }

    /// <summary>At 100 % some rows are evaluated first: said where the matrix says so.</summary>
    private static string Exceptions(PlannedTrigger trigger) =>
        trigger.Row is { } row && DecisionMatrix.Of(row, CanonicalStage.Full) is { Response: MatrixResponse.Evaluate, Sustained: var sustained }
            ? $" (at 100 %: evaluated when it lasts longer than {DurationText.Format(sustained)})"
            : "";

    private static string Trigger(PlannedTrigger trigger)
    {
        var metric = DocumentNumbers.Metric(trigger.Metric);
        return $"{MarkdownText.Inline(char.ToUpperInvariant(metric[0]) + metric[1..])} {DocumentNumbers.Crossing(trigger)}";
    }

    private static void Level(MarkdownBuilder document, ReleaseDossier dossier, RollbackProcedures procedures, int level)
    {
        var budget = LevelEstimates.Budget(level);
        document.Heading(3, string.Create(CultureInfo.InvariantCulture, $"Level {level}: {procedures.Name(level)} (< {budget.TotalMinutes:0} min)"));
        document.Paragraph($"**When:** {When(level, procedures)}");
        document.Paragraph("**Procedure:**");
        var steps = procedures.Steps(level);
        document.Numbered(steps.Select(step => $"**{step.Label}**: {DocumentParts.Step(step.Step)}"));
        if (level == 1 && procedures.Caches.Count > 0)
        {
            document.Paragraph("**Caches:**");
            foreach (var cache in procedures.Caches) document.Bullet(DocumentParts.Step(cache));
        }

        DocumentParts.Commands(document, steps.Select(step => step.Step));
        document.Paragraph("**Effect:**");
        foreach (var effect in Effects(level, procedures, dossier.Plan.Watch.Propagation)) document.Bullet(effect);
        if (level == 3) Files(document, dossier, procedures);
        document.Paragraph($"**Estimated Time:** {DocumentNumbers.Minutes(dossier.Estimates[level])}{(dossier.Estimates.OverBudget.Contains(level) ? $" – 🚧 not within {DocumentNumbers.Minutes(budget)}: fewer targets or a shorter telemetry.propagation are needed" : "")}");
        document.Paragraph($"**Recovery Time:** less than {budget.TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} minutes from the trigger to the verified state, measured by the release; {(level < 3 ? $"past it level {level + 1} begins" : "past it the emergency contacts are called")}");
    }

    private static string When(int level, RollbackProcedures procedures) => level switch
    {
        1 => "First response to any issue",
        2 => $"{(procedures.ByFlag ? "Feature flag" : "Traffic swap")} insufficient: its verification failed, or configuration was changed",
        _ => "Configuration rollback insufficient: its verification failed, or code has to go",
    };

    private static IReadOnlyList<string> Effects(int level, RollbackProcedures procedures, TimeSpan propagation) => level switch
    {
        1 =>
        [
            "Falls back to the previous system",
            procedures.ByFlag ? "No code change, effective within the propagation time" : "No code change: the old version still runs",
            "All users continue working",
            $"While it runs, users: no request is dropped; whoever had the new version gets the old one within {DurationText.Format(propagation)}, with the next request",
        ],
        2 => ["Configuration is as captured before the release", "Settings of the new version are back at their previous values", "May break new features that depend on the configuration", "While it runs, users: already on the old version; the restart is graceful, so no request is dropped"],
        _ => ["The code of the previous version runs", "Files of the manifest are deleted, restored or reverted as listed", "Data written by the new version stays, unless a migration is undone", "While it runs, users: already on the old version, unless its flag or traffic could not be turned; the deployment is rolling, so no request is dropped"],
    };

    private static void Files(MarkdownBuilder document, ReleaseDossier dossier, RollbackProcedures procedures)
    {
        var back = CodeRollbackFiles.Of(dossier.Request);
        var version = dossier.PreviousVersion.Length > 0 ? $"version {MarkdownText.Inline(dossier.PreviousVersion, 60)}" : "the previous version";
        var named = dossier.Request.Preflight.Dependencies.Databases.Select(database => database.Migration?.Up).OfType<string>()
            .Where(up => back.Revert.All(file => !file.Path.Contains(up, StringComparison.OrdinalIgnoreCase)));
        document.Paragraph("**Files to Rollback (Level 3):**");
        FilesOf(document, "DELETE", back.Delete.Select(file => file.Path), "");
        FilesOf(document, "RESTORE", back.Restore.Select(file => file.Path), $" ({version})");
        FilesOf(document, "REVERT", back.Revert.Select(file => file.Path).Concat(named), "");
        if (dossier.Request.Changes.Files.Count == 0) document.Bullet(DocumentParts.Question("Which files does the release change? State changes.files"));
        document.Paragraph("**Database Rollback (if needed):**");
        if (procedures.Migrations.Count == 0) document.Bullet("Not needed: no migration is part of the release");
        foreach (var step in procedures.Migrations) document.Bullet(DocumentParts.Step(step));
        DocumentParts.Commands(document, procedures.Migrations);
    }

    private static void FilesOf(MarkdownBuilder document, string verb, IEnumerable<string> paths, string suffix)
    {
        List<string> all = [.. paths];
        document.Bullet($"**{verb}:** {(all.Count == 0 ? "none" : "")}");
        foreach (var path in all) document.Bullet($"{MarkdownText.Code(path)}{suffix}", 1);
    }

    private static void After(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var talk = dossier.Request.Communications;
        document.Heading(3, "Post-Rollback Actions");
        document.Numbered(
        [
            $"**Notify the team** via {(talk.IncidentChannel.Length > 0 ? MarkdownText.Inline(talk.IncidentChannel, 80) : DocumentParts.Question("Which incident channel? State communications.incident_channel"))}{(talk.IncidentWebhook is null ? " *by hand*" : ", which Slipway does once at the end")}; Slipway mails everyone who was told of the start",
            dossier.Request.System?.CustomerFacing switch
            {
                true => $"**Update the status page**: {(talk.StatusPage is { } page ? MarkdownText.Link("status page", page.AbsoluteUri) : DocumentParts.Question("Where is it? State communications.status_page"))}{(talk.StatusWebhook is null ? " *by hand*" : ", which Slipway does at the end")}",
                false => "**Update the status page**: not needed, customers do not see the change",
                null => $"**Update the status page** if customers see the change: {DocumentParts.Question("Do they? State system.customer_facing")}",
            },
            $"**Document the issue** in the incident report: {MarkdownText.Link("incident report", dossier.Link(DocumentNames.IncidentReport))}{(talk.IncidentDocument is { } own ? $", and in {MarkdownText.Link("the team's own", own.AbsoluteUri)}" : "")}",
            "**Schedule the postmortem** within 48 hours",
            "**Keep monitoring** for 24 hours after the rollback: Slipway looks at the metrics of everybody each 30 minutes, in the first hour behind level 3 each 5 minutes, and tells on-call when they go bad",
        ]);
    }
}
