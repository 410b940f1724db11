using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// The workflow versions that this build can run. A release keeps the version that it was started under; an old one stays here until no
/// release runs on it.
/// </summary>
public static class WorkflowVersions
{
    /// <summary>
    /// What differs under the same names, for orchestrations that begin from now on: each reads it once, with its request, so that it is in its
    /// history and one that began before goes on as it began. Raised with every change that a recorded history would not replay under; what
    /// differs is asked for by name, see <see cref="LoadOutput"/>.
    /// </summary>
    public const int Revision = 8;

    /// <summary>Their persisted names.</summary>
    public static IReadOnlyList<string> Known { get; } = [ReleaseActivities.Release.Value];

    /// <summary>Whether this build can run a recorded release.</summary>
    public static bool Knows(ReleaseState state) => state.Created is { } created && Known.Contains(created.Workflow, StringComparer.Ordinal);

    /// <summary>What the ledger of a release says that this build cannot run; recorded once.</summary>
    public static LedgerDraft Alert(ReleaseId release, ReleaseState state, DateTimeOffset at)
    {
        var name = state.Created?.Workflow ?? "";
        return new LedgerDraft($"sweeper:version:{name}", at, "slipway", new AlertRaised(
            AlertNames.WorkflowVersion,
            AlertSeverity.Critical,
            $"{release} was started under workflow {name}, which this server does not run; it runs {string.Join(", ", Known)}",
            $"it is not started here; run the version of Slipway that started it, or, once users are exposed, turn its flags off: on one machine with `slipway rollback {release} --direct`, on Azure in App Configuration"));
    }
}
