using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>Checks, artifacts and approvals.</summary>
internal static class PreDeploymentSection
{
    public static PreDeployment Of(ReportView view, IReadOnlyList<PreDeploymentCheck> checks) => new(checks, Artifacts(view), Approvals(view));

    /// <summary>Whether the board has approved: every critical gate had passed, the change approval among them.</summary>
    public static bool Approved(ReportView view) =>
        view.State.GatesPassedAt is not null && view.Gate(QualityGates.ChangeApproval) is not { Last: { Status: GateStatus.Fail, Critical: true } };

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

    private static IReadOnlyList<ApprovalReport> Approvals(ReportView view)
    {
        if (!Approved(view)) return [];
        List<string> conditions =
        [
            view.Plan.Risk == RiskLevel.Low
                ? "the risk is low: the policy asks for no approval group"
                : ReportText.OrElse(view.Gate(QualityGates.ChangeApproval)?.Last.Details, "every critical gate passed"),
            string.Create(CultureInfo.InvariantCulture, $"exposure follows the {view.Plan.Stages.Count} planned stages, none without its evidence"),
            "a crossed limit rolls the release back",
        ];
        return [new ApprovalReport(ApprovalKind.Automated, "slipway policy", view.State.GatesPassedAt!.Value, conditions)];
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
            new FeedbackReport(KpiImpact.Neutral, 0));
    }

    private static IEnumerable<GateFact> After(ReleaseState state) =>
        state.Gates.Values.Where(fact => fact.Last.Kind == GateKind.Smoke && fact.Phase >= ReleasePhase.Shifting);
}
