using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Rescue;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Diagnostics;

/// <summary>Whether an unfinished release stands still, by what a sweep found; pure.</summary>
internal static class Stall
{
    /// <summary>A start or a question that sweeps have repaired a few times without an effect.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Why it stands still; null: it does not.</summary>
    /// <param name="state">The release, before the sweep did anything for it.</param>
    /// <param name="health">Its orchestration.</param>
    /// <param name="step">What the dead-man's switch says.</param>
    /// <param name="now">The time.</param>
    public static string? Find(ReleaseState state, OrchestrationHealth health, RescueStep step, DateTimeOffset now)
    {
        if (state.IsTerminal) return null;
        return step switch
        {
            RescueStep.WakeFirst wake => wake.Why,
            RescueStep.TakeOver take => take.Why,
            RescueStep.Close close => close.Why,
            RescueStep.GoOn => $"it was taken over and is not back yet: {state.TakenOver?.Why}",
            _ => health == OrchestrationHealth.Missing ? NotStarted(state, now) : Unanswered(state, now),
        };
    }

    private static string? NotStarted(ReleaseState state, DateTimeOffset now) =>
        !WorkflowVersions.Knows(state) ? $"it was started under the workflow version {state.Created?.Workflow}, which is not run here"
        : now - state.CreatedAt >= Limit ? $"it is recorded since {Minutes(now - state.CreatedAt)} min and no orchestration runs for it"
        : null;

    private static string? Unanswered(ReleaseState state, DateTimeOffset now)
    {
        var oldest = state.PendingCommands.Select(command => (What: $"the command {DiagnosticFacts.Word(command.Command.Kind)}", At: command.ReceivedAt))
            .Concat(state.PendingDecisions.Select(decision => (What: "a decision", decision.Received.At)))
            .Concat(state.PendingReports.Select(report => (What: "a report", report.At)))
            .OrderBy(pending => pending.At)
            .Select(pending => ((string What, DateTimeOffset At)?)pending)
            .FirstOrDefault();
        return oldest is { } waiting && now - waiting.At >= Limit ? $"{waiting.What} is unanswered since {Minutes(now - waiting.At)} min" : null;
    }

    private static string Minutes(TimeSpan time) => time.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
}
