using Slipway.Core.Documents.Changelog;
using Slipway.Core.Messages;
using Slipway.Core.Reporting.Contract;

namespace Slipway.Core.Reporting;

/// <summary>Changes, documents and communication.</summary>
internal static class ArtifactSection
{
    public static DeploymentArtifacts Of(ReportView view)
    {
        var changes = ReleaseChanges.Of(view.Request.Changes);
        return new DeploymentArtifacts(
            new ChangelogReport(changes.Features, changes.Fixes, changes.Breaking, changes.Deprecations),
            view.Link("rollout-plan"),
            view.Link("rollback-strategy"),
            new CommunicationReport(Notified(view), RollbackChannels.StatusPageUpdated(view.State), view.Request.Communications.IncidentChannel));
    }

    // At the end the workflow itself vouches: a release completes only when its notices were accepted or acknowledged.
    private static bool Notified(ReportView view) =>
        view.Status == ReportStatus.Completed
        || (view.State.Messages.Count > 0 && (view.State.NoticesAcknowledged || !view.State.DueMessages.Any()));
}

/// <summary>Ticket, approval and audit trail: the first entry and the newest 2,000; the ledger has all.</summary>
internal static class ComplianceSection
{
    public static ComplianceReport Of(ReportView view) => new(
        view.Request.Release.Ticket,
        PreDeploymentSection.Board(view),
        // Writers' clocks may differ a little; the sort is stable, so entries of one moment stay in ledger order.
        [.. view.State.Audit.OrderBy(line => line.At).Select(line => new AuditReport(
            ReportText.OrElse(line.Action, "entry"), ReportText.OrElse(line.Actor, "slipway"), line.At, line.Details))],
        view.Request.Release.Regulations);
}
