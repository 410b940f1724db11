using Slipway.Core.Aftercare;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Reporting;

/// <summary>Makes what lists and watchers show from a release's state; pure.</summary>
public static class ReleaseSummaries
{
    /// <summary>The summary of a release. Throws <see cref="InvalidOperationException"/> on an empty ledger.</summary>
    public static ReleaseSummary Of(ReleaseState state)
    {
        var (canary, control) = (state.LastInterval?.Canary, state.LastInterval?.Control);
        var review = AftercarePlan.Next(state);
        return new ReleaseSummary
        {
            Id = state.Plan.ReleaseId,
            Title = state.Request.Release.Title,
            Version = state.Request.Release.Version,
            Phase = state.Phase,
            Percentage = state.Exposure.Value,
            Stage = state.Stage + 1,
            Stages = state.Plan.Stages.Count,
            Why = Why(state),
            NextEvent = review?.Title ?? state.NextEvent,
            NextAt = review?.DueAt ?? state.NextAt,
            Evaluations = [.. state.OpenEvaluations.Select(fact =>
                new EvaluationSummary(fact.Opened.Id, fact.Opened.Sentence, fact.Opened.Deadline, fact.WithoutAnswer, fact.Command(state.Plan.ReleaseId)))],
            StartedAt = state.BegunAt ?? state.CreatedAt,
            UpdatedAt = state.UpdatedAt,
            AwaitsAftercare = AftercarePlan.IsMissing(state),
            Attempt = state.Created?.Attempt ?? 1,
            RetryOf = state.Created?.Predecessor,
            RetriedBy = state.RetriedBy,
            Unanswered = state.PendingCommands.Count() + state.PendingDecisions.Count() + state.PendingReports.Count() + state.OpenUnlocks.Count(),
            Telemetry = state.IsTerminal ? null : state.Telemetry,
            CanaryErrorRate = ErrorRate(canary),
            ControlErrorRate = ErrorRate(control),
            CanaryP95 = P95(canary),
            ControlP95 = P95(control),
        };
    }

    // The breach stays the reason to a reader, whatever step of the way back was the last to be recorded.
    private static string Why(ReleaseState state) =>
        state is { IsTerminal: false, Rollback: null } && state.Alerts.TryGetValue(AlertNames.WorkflowVersion, out var version) ? version.Sentence
        : state is { Rollback: { } rollback, Phase: ReleasePhase.RollingBack or ReleasePhase.RolledBack } ? rollback.Reason
        : state is { Phase: ReleasePhase.Baking, Assessment: { } assessment, JudgedAt: { } judged } && judged >= state.PhaseSince ? Sentence(state, assessment, judged)
        : state.PhaseReason.Length > 0 ? state.PhaseReason
        : "the request is recorded; nothing has run yet";

    private static string Sentence(ReleaseState state, Assessment assessment, DateTimeOffset judged) =>
        assessment.Verdict == Verdict.Blind && state.Telemetry is { } telemetry ? $"{assessment.Sentence}; {telemetry.LastSeen(judged)}" : assessment.Sentence;

    private static double? ErrorRate(ArmSample? arm) => arm is { Requests: > 0 } ? 100.0 * arm.Errors / arm.Requests : null;

    private static double? P95(ArmSample? arm) => arm is { Latency.Total: > 0 } ? arm.Latency.Percentile(0.95) : null;
}
