using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>The rollback with its real times, told as complete once the release has ended: at the moment at which the targets of the
/// level that recovered it were read back as undone (success waits for the verification that follows), or when the last level was given
/// up.</summary>
internal static class RollbackSection
{
    public static RollbackStatus Of(ReportView view)
    {
        if (view.State.Rollback is not { } rollback)
            return new RollbackStatus(false, RollbackOrigin.Automated, "", ReportJson.Never, ReportJson.Never, 0, false, false);
        var completed = view.Status == ReportStatus.InProgress ? null : CompletedAt(view, rollback);
        var minutes = ((completed ?? Later(view.Now, rollback.BegunAt)) - rollback.BegunAt).TotalMinutes;
        return new RollbackStatus(
            true,
            rollback.Automated ? RollbackOrigin.Automated : RollbackOrigin.Manual,
            ReportText.OrElse(rollback.Reason, "a rollback was decided"),
            rollback.BegunAt,
            completed ?? ReportJson.Never,
            Math.Max(0, minutes),
            view.Status == ReportStatus.RolledBack,
            DataLoss: CheckSection.DataLoss(view.State));
    }

    private static DateTimeOffset? CompletedAt(ReportView view, RollbackFact rollback) => Later(
        rollback.RecoveredAt ?? (rollback.Levels.Count > 0 ? rollback.Levels[^1].EndedAt : view.State.EndedAt ?? view.State.UpdatedAt),
        rollback.BegunAt);

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}

/// <summary>What the release leans on, as last probed. What was not probed is degraded or unknown, never good.</summary>
internal static class DependencySection
{
    public static DependencyReport Of(ReportView view)
    {
        var dependencies = view.Request.Preflight.Dependencies;
        return new DependencyReport(
            [.. dependencies.Services.Select(service => new ServiceReport(
                ReportText.OrElse(service.Name, "unnamed service"),
                service.Version,
                service.ContractTested == true ? Compatibility.Verified
                    : service.ContractTested is null && service.Version.Length > 0 ? Compatibility.Assumed : Compatibility.Unknown,
                view.Gate(QualityGates.Service(service.Name))?.Last.Status switch
                {
                    GateStatus.Pass => HealthStatus.Healthy,
                    GateStatus.Fail => HealthStatus.Unhealthy,
                    _ => HealthStatus.Degraded,
                }))],
            [.. dependencies.Databases.Select(database => Database(view, database))],
            [.. dependencies.ExternalApis.Select(api => new ExternalApiReport(
                ReportText.OrElse(api.Name, "unnamed API"),
                view.Gate(QualityGates.ExternalApi(api.Name))?.Last.Status switch
                {
                    GateStatus.Pass => ApiStatus.Available,
                    GateStatus.Fail => ApiStatus.Unavailable,
                    _ => ApiStatus.Degraded,
                },
                api.Fallback ? FallbackStatus.Enabled : FallbackStatus.Disabled))]);
    }

    // The new version works on the migrated data as long as users are on it; after a rollback the migration is pending again.
    private static DatabaseReport Database(ReportView view, DatabaseDependency database) => new(
        ReportText.OrElse(database.Name, "unnamed database"),
        database.Migration is null ? MigrationStatus.NotRequired
            : view.State.PeakExposure > Percentage.Zero && !view.RollbackRequired ? MigrationStatus.Completed : MigrationStatus.Pending,
        database.Migration is null || database.Migration.HasSafeWayBack);
}
