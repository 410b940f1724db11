using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Documents.Run;

/// <summary>
/// What went wrong, after a rollback: what users had of it, how it was found, the timeline, what each level did in which time, what was not
/// undone, who was told, and what is still to be done. Everything comes from the ledger; causes and lessons are for people.
/// </summary>
internal static class IncidentReportDocument
{
    public static string Render(ReleaseDossier dossier)
    {
        var document = new MarkdownBuilder();
        document.Heading(2, $"Incident Report: {MarkdownText.Inline(dossier.Title, 120)}");
        if (dossier.State is not { Rollback: { } rollback } state)
        {
            document.Paragraph("There was no rollback: there is nothing to report.");
            return document.ToString();
        }

        Summary(document, dossier, state, rollback);
        Detection(document, rollback);
        Timeline(document, state, rollback);
        Recovery(document, rollback);
        NotUndone(document, state, rollback);
        Told(document, state);
        FollowUp(document, dossier, state);
        return document.ToString();
    }

    private static void Summary(MarkdownBuilder document, ReleaseDossier dossier, ReleaseState state, RollbackFact rollback)
    {
        document.Heading(3, "Summary");
        document.Field("Release", $"{MarkdownText.Code(dossier.Plan.ReleaseId.Value)}, version {MarkdownText.Inline(dossier.Request.Release.Version, 60)}");
        document.Field("What happened", MarkdownText.Inline(rollback.Reason, 600));
        document.Field("Decided by", rollback.Automated ? "Slipway, automatically" : MarkdownText.Inline(rollback.Actor, 120));
        document.Field("Peak exposure", $"{state.PeakExposure}{(dossier.Request.Operations.ActiveUsers is { } users ? string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(users * state.PeakExposure.Value / 100):N0} of {users:N0} users") : "")}");
        var canary = state.Stages.Aggregate((Requests: 0L, Errors: 0L), (sum, stage) => (sum.Requests + stage.Evidence.Canary.Requests, sum.Errors + stage.Evidence.Canary.Errors));
        document.Field("Requests of the new version", string.Create(CultureInfo.InvariantCulture, $"{canary.Requests:N0} judged, {canary.Errors:N0} of them failed"));
        document.Field("Status", state.Phase.ToString() switch
        {
            "RolledBack" => "rolled back and verified",
            "Failed" => $"failed: {MarkdownText.Inline(state.PhaseReason, 600)}",
            var phase => $"{phase.ToLowerInvariant()}, still under way",
        });
    }

    private static void Detection(MarkdownBuilder document, RollbackFact rollback)
    {
        document.Heading(3, "Detection");
        if (rollback.Finding is { } finding)
        {
            document.Field("Finding", MarkdownText.Inline(finding.Sentence, 600));
            document.Field("First crossed", Seconds(finding.CrossedAt));
        }

        if (rollback.BreachSeenAt is { } seen)
        {
            document.Field("Seen", Seconds(seen));
            document.Field("From seen to decided", Span(rollback.BegunAt - seen));
        }
        else
        {
            document.Field("Decided", Seconds(rollback.BegunAt));
        }

        if (rollback.RecoveredAt is { } recovered) document.Field("From decided to every lever back", Span(recovered - rollback.BegunAt));
    }

    private static void Timeline(MarkdownBuilder document, ReleaseState state, RollbackFact rollback)
    {
        document.Heading(3, "Timeline");
        var from = state.Stages.Where(stage => stage.StartedAt is not null).Select(stage => stage.StartedAt!.Value).DefaultIfEmpty(rollback.BegunAt).Min();
        document.Table(
            ["Time (UTC)", "Who", "What", "Details"],
            state.Audit.Where(line => line.At >= from).Select(line => (IReadOnlyList<string>)
            [
                line.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                MarkdownText.Inline(line.Actor, 80),
                MarkdownText.Inline(line.Action, 120),
                MarkdownText.Inline(line.Details),
            ]));
    }

    private static void Recovery(MarkdownBuilder document, RollbackFact rollback)
    {
        document.Heading(3, "Recovery");
        if (rollback.Levels.Count == 0)
        {
            document.Paragraph("No level has ended yet.");
            return;
        }

        document.Table(
            ["Level", "Result", "Took", "Budget", "Details"],
            rollback.Levels.Select(level => (IReadOnlyList<string>)
            [
                level.Result.Level.ToString(CultureInfo.InvariantCulture),
                level.Result.Recovered ? "recovered" : "did not recover",
                Span((level.Result.UndoneAt ?? level.EndedAt) - level.Result.StartedAt),
                Span(LevelEstimates.Budget(level.Result.Level)),
                MarkdownText.Inline(level.Result.Details, 500),
            ]));
    }

    private static void NotUndone(MarkdownBuilder document, ReleaseState state, RollbackFact rollback)
    {
        document.Heading(3, "Not Undone");
        var left = rollback.Levels.SelectMany(level => level.Result.NotUndone).Concat(state.DriftedFlags.Select(flag => $"{flag} was changed by somebody else")).Distinct(StringComparer.Ordinal).ToList();
        if (left.Count == 0) document.Paragraph("Nothing: every flag and key is as it was captured before the release.");
        foreach (var item in left) document.Bullet(MarkdownText.Inline(item, 600));
    }

    private static void Told(MarkdownBuilder document, ReleaseState state)
    {
        document.Heading(3, "Communication");
        var messages = state.Messages.Values.OrderBy(message => message.At).ToList();
        if (messages.Count == 0) document.Paragraph("Nobody was told by Slipway.");
        else document.Table(
            ["Time (UTC)", "Checkpoint", "To", "Result"],
            messages.Select(message => (IReadOnlyList<string>)
            [
                message.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                message.Last.Checkpoint.ToString().ToLowerInvariant(),
                MarkdownText.Inline(message.Last.Recipient, 120),
                message.Last.Accepted ? "accepted" : "not accepted",
            ]));
    }

    private static void FollowUp(MarkdownBuilder document, ReleaseDossier dossier, ReleaseState state)
    {
        document.Heading(3, "Follow-Up");
        foreach (var checkpoint in AftercarePlan.Of(state))
        {
            foreach (var task in checkpoint.Tasks)
                document.Task(state.Aftercare?.Reached.Contains(checkpoint.Step) == true && checkpoint.DueAt < dossier.At, $"{MarkdownText.Inline(task.Action)}: {MarkdownText.Inline(task.Owner, 120)}, by {DocumentNumbers.Moment(checkpoint.DueAt)}");
        }

        document.Task(false, "Root cause: written by the owner after the postmortem, within 48 hours");
        document.Task(false, "Lessons: written down in the review, and in the runbook");
    }

    private static string Seconds(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan time) => time <= TimeSpan.Zero ? "0 s" : time.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : DocumentNumbers.Minutes(time);
}
