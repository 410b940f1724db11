using System.Globalization;
using Slipway.Core.Approvals;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>Checks, artifacts and approvals.</summary>
internal static class PreDeploymentSection
{
    public static PreDeployment Of(ReportView view, IReadOnlyList<PreDeploymentCheck> checks) => new(checks, Artifacts(view), Approvals(view));

    /// <summary>The board's decision: every group that the start needs, and every stage's that was asked so far; a denial stays one. Where no
    /// group is needed, the policy approves with the last critical gate.</summary>
    public static BoardStatus Board(ReportView view)
    {
        var asked = view.State.Approvals.Values;
        if (asked.Any(fact => fact.Ended is { Outcome: ApprovalOutcome.Rejected or ApprovalOutcome.TimedOut })) return BoardStatus.Rejected;
        var start = view.State.Created!.Approvals.Where(gate => gate.Stage < 0).All(gate => Given(view.State.Approvals.GetValueOrDefault(gate.Id)));
        return view.State.GatesPassedAt is not null && start && asked.All(Given)
            && view.Gate(QualityGates.ChangeApproval) is not { Last: { Status: GateStatus.Fail, Critical: true } }
                ? BoardStatus.Approved
                : BoardStatus.Pending;
    }

    private static bool Given(ApprovalFact? fact) => fact?.Ended is { Outcome: ApprovalOutcome.Approved };

    private static ArtifactReport Artifacts(ReportView view)
    {
        var artifact = view.Request.Artifacts ?? new ArtifactSpec();
        return new ArtifactReport(
            ReportText.OrElse(artifact.BuildId, "not stated"),
            ReportText.OrElse(artifact.Image, "not stated"),
            ReportText.OrElse(artifact.Hash, "not stated"),
            artifact.Signed == true && view.Gate(QualityGates.ArtifactSignature) is { Last.Status: GateStatus.Pass },
            artifact.Sbom.Length > 0 && view.Gate(QualityGates.ArtifactSbom) is { Last.Status: GateStatus.Pass });
    }

    private static IReadOnlyList<ApprovalReport> Approvals(ReportView view) => [.. ByPolicy(view), .. ByPeople(view)];

    /// <summary>One entry a decision that counted; a rejection is none.</summary>
    private static IEnumerable<ApprovalReport> ByPeople(ReportView view) =>
        from fact in view.State.Approvals.Values
        from decision in fact.Decisions
        where decision is { Applied: true, Received.Decision.Choice: ApprovalChoice.Approve }
        orderby decision.Sequence
        let given = decision.Received.Decision
        select new ApprovalReport(
            ApprovalKind.Manual,
            ReportText.OrElse(given.Approver, "an approver"),
            decision.Received.At,
            [
                fact.Asked.Gate.Stage < 0 ? $"before the start, as {fact.Asked.Gate.Group}" : $"before {fact.Asked.Gate.Percentage}, as {fact.Asked.Gate.Group}",
                given.Identity == ApproverIdentity.Link ? "decided by mail link: whoever holds the mail decides" : "decided after a sign-in",
                .. given.Comment.Length > 0 ? new[] { $"comment: {given.Comment}" } : [],
            ]);

    private static IEnumerable<ApprovalReport> ByPolicy(ReportView view)
    {
        if (view.State.GatesPassedAt is not { } at || view.State.Created!.Approvals.Any(gate => gate.Stage < 0)) yield break;
        if (view.Gate(QualityGates.ChangeApproval) is { Last: { Status: GateStatus.Fail, Critical: true } }) yield break;
        yield return new ApprovalReport(ApprovalKind.Automated, "slipway policy", at,
        [
            view.Plan.Risk == RiskLevel.Low
                ? "the risk is low: the policy asks for no approval group"
                : ReportText.OrElse(view.Gate(QualityGates.ChangeApproval)?.Last.Details, "every critical gate passed"),
            string.Create(CultureInfo.InvariantCulture, $"exposure follows the {view.Plan.Stages.Count} planned stages, none without its evidence"),
            "a crossed limit rolls the release back",
        ]);
    }
}

/// <summary>Smoke checks and probes with users exposed.</summary>
internal static class PostDeploymentSection
{
    /// <summary>The critical smoke checks that failed when last asked with users exposed.</summary>
    public static IEnumerable<GateFact> CriticalFailures(ReleaseState state) =>
        After(state).Where(fact => fact.Last is { Status: GateStatus.Fail, Critical: true });

    public static PostDeployment Of(ReportView view)
    {
        var after = After(view.State).ToList();
        var paths = view.Request.Preflight.Smoke.Where(smoke => smoke.CriticalPath).ToList();
        var verified = view.Status == ReportStatus.Completed
            || (view.State.Phase >= ReleasePhase.Validating && view.State.PeakExposure > Percentage.Zero
                && paths.All(path => after.Any(fact => fact.Last.Gate == QualityGates.Smoke(path.Name) && fact.Last.Status == GateStatus.Pass)));
        var probes = paths.Select(path => (path.Name, Fact: view.Gate(QualityGates.Smoke(path.Name)))).ToList();
        var checks = probes.Sum(probe => probe.Fact?.Checks ?? 0);
        return new PostDeployment(
            new SmokeReport(after.Count(fact => fact.Last.Status == GateStatus.Pass), CriticalFailures(view.State).Count(), verified),
            new SyntheticReport(
                checks == 0 ? 0 : 100.0 * probes.Sum(probe => probe.Fact?.Passes ?? 0) / checks,
                [.. probes.Select(probe => new TransactionReport(
                    ReportText.OrElse(probe.Name, "unnamed path"),
                    probe.Fact is { Checks: > 0 } fact ? 100.0 * fact.Passes / fact.Checks : 0,
                    Math.Max(0, probe.Fact?.Last.LatencyMs ?? 0)))]),
            Feedback(view.State));
    }

    /// <summary>Reported complaints and incidents. As many complaints as start an evaluation, or an incident, are a negative sentiment; nothing
    /// here can be a positive one.</summary>
    private static FeedbackReport Feedback(ReleaseState state)
    {
        var complaints = state.Signals.Sum(fact => (long)fact.Received.Signal.Count);
        var incidents = state.Signals.Count(fact => fact.Received.Signal.Kind is ReleaseSignalKind.Incident or ReleaseSignalKind.DataLoss or ReleaseSignalKind.Outage);
        return new FeedbackReport(
            complaints >= DecisionMatrix.ComplaintsInStage || incidents > 0 ? KpiImpact.Negative : KpiImpact.Neutral, (int)Math.Min(int.MaxValue, complaints + incidents));
    }

    private static IEnumerable<GateFact> After(ReleaseState state) =>
        state.Gates.Values.Where(fact => fact.Last.Kind == GateKind.Smoke && fact.Phase >= ReleasePhase.Shifting);
}
