using Slipway.Core.Ledgers;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>
/// Makes the contract object from a release's state; pure. It can be asked for at any moment from the first ledger entry on. Texts are
/// made fit for the contract when <see cref="ReportJson"/> writes them.
/// </summary>
public static class ReleaseReporter
{
    /// <summary>
    /// The report of a release as it stands. Throws <see cref="InvalidOperationException"/> on an empty ledger: there is no release yet.
    /// </summary>
    /// <param name="state">The fold of the ledger.</param>
    /// <param name="now">The time of asking; only the duration of a running rollback depends on it.</param>
    public static ReleaseReport Report(ReleaseState state, DateTimeOffset now)
    {
        if (state.Created is null) throw new InvalidOperationException("The ledger has no first entry yet, so there is nothing to report.");
        var view = new ReportView(state, now);
        var checks = CheckSection.Of(view);
        return new ReleaseReport(
            state.Plan.ReleaseId.Value,
            ReportText.OrElse(state.Request.Release.Version, "not stated"),
            view.Status,
            SummarySection.Of(view),
            PreDeploymentSection.Of(view, checks),
            PlanSection.Of(view),
            CanarySection.Of(view),
            RolloutSection.Of(view),
            FlagSection.Of(view),
            HealthSection.Of(view),
            MonitoringSection.Of(view),
            RollbackSection.Of(view),
            DependencySection.Of(view),
            ArtifactSection.Of(view),
            PostDeploymentSection.Of(view),
            RiskSection.Of(view, checks),
            ComplianceSection.Of(view),
            NextActionSection.Of(view));
    }
}
