using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>What comes next; never empty while the release runs and after a rollback.</summary>
internal static class NextActionSection
{
    private const string Workflow = "slipway";

    public static IReadOnlyList<NextAction> Of(ReportView view) => view.Status switch
    {
        ReportStatus.InProgress => Running(view),
        ReportStatus.Completed => Aftercare(view),
        _ => Afterwards(view),
    };

    private static List<NextAction> Running(ReportView view)
    {
        var state = view.State;
        var actions = new List<NextAction>();
        if (state.NextAt is { } at && at != ReportJson.Never)
            actions.Add(new NextAction(ReportText.OrElse(state.NextEvent, "take the next step"), ActionTrigger.Time, at, Workflow));
        if (state.Phase == ReleasePhase.Paused)
            actions.Add(Manual($"Decide about the hold ({ReportText.OrElse(state.PhaseReason, "no reason recorded")}): go on, go to the next stage, or go back", view.Owner));
        actions.AddRange(state.OpenApprovals.Select(fact => Manual(
            string.Create(CultureInfo.InvariantCulture, $"Approve or reject {(fact.Asked.Gate.Stage < 0 ? "the start" : $"stage {fact.Asked.Gate.Stage + 1}, {fact.Asked.Gate.Percentage}")} by the link in the mail until {fact.Asked.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
            fact.Asked.Gate.Group)));
        actions.AddRange(state.OpenEvaluations.Select(fact => Manual(
            string.Create(CultureInfo.InvariantCulture, $"Answer evaluation {fact.Opened.Id} by {fact.Opened.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z with {fact.Command(view.Plan.ReleaseId)} ({fact.WithoutAnswer}): {fact.Opened.Sentence}"),
            view.Owner)));
        if (state.OpenPages.Any())
        {
            actions.Add(Manual(
                $"Acknowledge {string.Join(", ", state.OpenPages.Select(fact => $"page {fact.Opened.Id} ({fact.Opened.Headline})"))} with slipway acknowledge {view.Plan.ReleaseId}; any command or answer is an acknowledgement",
                view.Owner));
        }

        actions.AddRange(state.PendingCommands.Select(fact => Manual($"Carry out the command {AuditTrail.Word(fact.Command.Kind)} of {fact.Command.Actor}", Workflow)));
        actions.AddRange(state.DueMessages.Select(fact => Manual(
            $"Deliver the notice {AuditTrail.Word(fact.Last.Checkpoint)} to {fact.Last.Recipient}, or acknowledge that it cannot be delivered", view.Owner)));
        if (state.Phase == ReleasePhase.RollingBack)
            actions.Add(Metric("End the rollback when flags, smoke checks and metrics show that the release is back"));
        else if (view.Exposure > 0)
            actions.Add(Metric("Roll back by itself when a watched limit is crossed"));
        if (actions.Count == 0) actions.Add(Metric($"Go on from {AuditTrail.Word(state.Phase)} when its checks are done"));
        return actions;
    }

    private static IReadOnlyList<NextAction> Aftercare(ReportView view) =>
        [.. Measured(view), .. Reviews(view), .. view.State.LeftToDo.Select(todo => Manual(todo, view.Owner))];

    private static IEnumerable<NextAction> Measured(ReportView view)
    {
        if (view.State.Aftercare?.Manifest is { Accepted: false } posted)
            yield return Manual($"Attach the deployment manifest to the ticket by hand: {ShownUrl.OfWebhook(posted.Details)}", view.Owner);
        if (view.State.Aftercare?.Completion is { Status: not LookStatus.Good } check)
            yield return Manual($"Look at the service: half an hour after completion, at {check.To.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}Z, {check.Sentence}", view.Owner);
    }

    /// <summary>What is due at which moment after the end; what is due already says so, and stays until a person has done it.</summary>
    private static IEnumerable<NextAction> Reviews(ReportView view) =>
        from checkpoint in AftercarePlan.Of(view.State)
        let due = view.State.Aftercare?.Reached.Contains(checkpoint.Step) == true
        from task in checkpoint.Tasks
        where !OpenTasks.IsDone(view.State, task)
        select Timed(due ? $"Due: {task.Action}" : task.Action, checkpoint.DueAt, ReportText.OrElse(task.Owner, view.Owner));

    private static List<NextAction> Afterwards(ReportView view)
    {
        var state = view.State;
        var actions = state.LeftToDo.Select(todo => Manual(todo, view.Owner)).ToList();
        if (view.Status == ReportStatus.Failed && view.Exposure > 0)
        {
            actions.Insert(0, Manual(
                string.Create(CultureInfo.InvariantCulture, $"Bring users back by hand: {view.Exposure:0.##} % were still exposed when last read"), view.Owner));
        }

        actions.Add(Manual(
            state.Rollback is { } rollback
                ? $"Find the cause before another attempt: {rollback.Reason}"
                : $"Remove what stopped the release, then try again: {ReportText.OrElse(state.PhaseReason, "no reason recorded")}",
            view.Owner));
        actions.AddRange(RollbackChannels.ByHand(state).Select(todo => Manual(todo, view.Owner)));
        if (state.Aftercare?.LastLook is { Status: LookStatus.Bad } look)
            actions.Insert(0, Manual($"Look at the service: after the rollback, at {look.To.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, {look.Sentence}", view.Owner));
        actions.AddRange(Reviews(view));
        return actions;
    }

    private static NextAction Timed(string action, DateTimeOffset at, string owner) => new(action, ActionTrigger.Time, at, owner);

    private static NextAction Metric(string action) => new(action, ActionTrigger.Metric, ReportJson.Never, Workflow);

    private static NextAction Manual(string action, string owner) => new(ReportText.OrElse(action, "Look at the release"), ActionTrigger.Manual, ReportJson.Never, owner);
}
