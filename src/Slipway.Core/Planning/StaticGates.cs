using System.Globalization;
using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>The preflight gates that the request itself decides, without asking anyone; pure.</summary>
public static class StaticGates
{
    /// <summary>One result a gate, in a fixed order. A missing statement is a warning, never a pass; a bad one fails.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="approvals">What will be asked for approval; null or without the start: nothing is, and a risk above low fails.</param>
    /// <param name="rehearsal">The rehearsal that came with the start; null: none.</param>
    public static IReadOnlyList<GateChecked> Check(ReleaseRequest request, ReleasePlan plan, IReadOnlyList<ApprovalGate>? approvals = null, RehearsalProof? rehearsal = null)
    {
        List<GateChecked> gates =
        [
            .. request.Artifacts?.Verification is null ? [Signature(request.Artifacts)] : Array.Empty<GateChecked>(),
            .. request.Artifacts is { } artifact && ArtifactGates.VerifiesSbom(artifact) ? Array.Empty<GateChecked>() : [Sbom(request.Artifacts)],
            RollbackPath(plan, rehearsal),
            .. request.Preflight.Evidence.Performance.Count > 0 ? Array.Empty<GateChecked>() : [Gate(QualityGates.PerformanceBudget, GateStatus.Warning, false, "no benchmark result is stated")],
            Gate(QualityGates.Monitoring, plan.Triggers.Count > 0 ? GateStatus.Pass : GateStatus.Fail, true, $"{plan.Triggers.Count} triggers are watched every {plan.Watch.Interval}"),
            Approval(plan, [.. (approvals ?? []).Where(gate => gate.Stage < 0)]),
        ];
        if (request.Preflight.StagingTests is null) gates.Add(Gate(QualityGates.StagingTests, GateStatus.Warning, false, "no staging test result is stated"));
        if (request.Preflight.SecurityScan is null) gates.Add(Gate(QualityGates.SecurityScan, GateStatus.Warning, false, "no scan result is stated; a missing scan is not a pass"));
        gates.AddRange(request.Preflight.Dependencies.Services.Where(service => service.Health is null)
            .Select(service => new GateChecked(QualityGates.Service(service.Name), GateStatus.Warning, false, "no health URL is stated, so it cannot be probed", GateKind.Service, null)));
        gates.AddRange(request.Preflight.Dependencies.ExternalApis.Where(api => api.Health is null)
            .Select(api => new GateChecked(QualityGates.ExternalApi(api.Name), GateStatus.Warning, false, "no health URL is stated, so it cannot be probed", GateKind.ExternalApi, null)));
        gates.AddRange(request.Preflight.Dependencies.Databases.Select(Database));
        if (request.Operations is { TrafficRps: { } traffic, CapacityRps: { } capacity }) gates.Add(Capacity(traffic, capacity, request.Preflight.Evidence.Headroom ?? Percentage.Zero));
        if (request.Preflight.Evidence.Backups.Count == 0 && Migrations(request).ToList() is { Count: > 0 } migrations) gates.Add(NoBackup(migrations));
        if (request.System is { ExpectedDowntime: { } expected } system && expected > TimeSpan.Zero) gates.Add(ZeroDowntime(expected, system.AllowedDowntime ?? TimeSpan.Zero));
        return gates;
    }

    private static GateChecked Approval(ReleasePlan plan, IReadOnlyList<ApprovalGate> asked) => (plan.Risk, asked.Count) switch
    {
        (_, > 0) => Gate(QualityGates.ChangeApproval, GateStatus.Warning, false, $"asked before the start: {string.Join(", ", asked.Select(gate => gate.Group))}"),
        (RiskLevel.Low, _) => Gate(QualityGates.ChangeApproval, GateStatus.Pass, true, "approved by policy: the risk is low and no approval is asked for"),
        _ => Gate(QualityGates.ChangeApproval, GateStatus.Fail, true, $"the risk is {plan.Risk} and nobody has approved"),
    };

    private static GateChecked Signature(ArtifactSpec? artifact) => artifact switch
    {
        { Signed: false } => Gate(QualityGates.ArtifactSignature, GateStatus.Fail, true, $"{Name(artifact)} is stated as not signed"),
        { Signed: true, Hash.Length: > 0 } => Gate(QualityGates.ArtifactSignature, GateStatus.Pass, true, $"{Name(artifact)} is stated as signed, digest {artifact.Hash}; nobody verified it"),
        null => Gate(QualityGates.ArtifactSignature, GateStatus.Warning, false, "no artifact is stated"),
        _ => Gate(QualityGates.ArtifactSignature, GateStatus.Warning, false, $"{Name(artifact)} lacks {(artifact.Signed is null ? "a statement on its signature" : "a digest")}"),
    };

    private static GateChecked Sbom(ArtifactSpec? artifact) => artifact is { Sbom.Length: > 0 }
        ? Gate(QualityGates.ArtifactSbom, GateStatus.Pass, false, $"bill of materials {artifact.Sbom}, as the request states")
        : Gate(QualityGates.ArtifactSbom, GateStatus.Warning, false, "no bill of materials is stated");

    private static string Name(ArtifactSpec artifact) => artifact.Image.Length > 0 ? artifact.Image : "the artifact";

    private static GateChecked RollbackPath(ReleasePlan plan, RehearsalProof? rehearsal) => plan.Levels.Count == 0
        ? Gate(QualityGates.RollbackPlan, GateStatus.Fail, true, "there is no way back: no flag, no configuration key, no deploy hook")
        : Gate(QualityGates.RollbackPlan, GateStatus.Pass, true, $"{string.Join("; ", plan.Levels.Select(level => $"level {level.Level} within {level.Budget.TotalMinutes:0} min: {string.Join(", ", level.Targets)}"))}{(rehearsal is null ? "" : $"; {rehearsal.Sentence}")}");

    private static GateChecked Database(DatabaseDependency database) => new(
        QualityGates.Database(database.Name),
        database.Migration is null or { Down.Length: > 0, DownSafeAfterWrites: true } ? GateStatus.Pass : GateStatus.Warning,
        false,
        database.Migration switch
        {
            null => "no migration",
            { Down.Length: 0 } => $"migration {database.Migration.Up} has no way back",
            { DownSafeAfterWrites: false } => $"migration {database.Migration.Up} cannot be undone safely once data was written",
            _ => $"migration {database.Migration.Up} can be undone by {database.Migration.Down}",
        },
        GateKind.Database,
        null);

    /// <summary>What is free at full traffic, as a share of the capacity.</summary>
    private static GateChecked Capacity(decimal traffic, decimal capacity, Percentage headroom)
    {
        var free = capacity > 0 ? 100 * (capacity - traffic) / capacity : 0;
        return Gate(
            QualityGates.Capacity,
            capacity > traffic && free >= headroom.Value ? GateStatus.Pass : GateStatus.Fail,
            true,
            string.Create(CultureInfo.InvariantCulture, $"{traffic:0.##} of {capacity:0.##} requests a second are used, {free:0.#} % are free, at least {headroom} have to be"));
    }

    private static IEnumerable<DatabaseDependency> Migrations(ReleaseRequest request) => request.Preflight.Dependencies.Databases.Where(database => database.Migration is not null);

    /// <summary>What only adds can be taken away again; what changes data needs a backup that was tried.</summary>
    private static GateChecked NoBackup(IReadOnlyList<DatabaseDependency> migrations)
    {
        var changing = migrations.Where(database => MigrationRisk.Of(database.Migration!).Kind != MigrationKind.Additive).ToList();
        return changing.Count > 0
            ? Gate(QualityGates.Backups, GateStatus.Fail, true, $"{string.Join(", ", changing.Select(database => database.Name))}: a migration changes data, and no verified backup is stated under preflight.backups")
            : Gate(QualityGates.Backups, GateStatus.Warning, false, $"{string.Join(", ", migrations.Select(database => database.Name))}: the migration only adds; no verified backup is stated under preflight.backups");
    }

    /// <summary>X31: zero downtime is the criterion; a window that the request grants keeps the release from being blocked, and the criterion unmet.</summary>
    private static GateChecked ZeroDowntime(TimeSpan expected, TimeSpan allowed) => expected > allowed
        ? Gate(QualityGates.ZeroDowntime, GateStatus.Fail, true, $"{DurationText.Format(expected)} of downtime are expected, and {DurationText.Format(allowed)} are allowed")
        : Gate(QualityGates.ZeroDowntime, GateStatus.Warning, false, $"not met: {DurationText.Format(expected)} of downtime are expected, within the {DurationText.Format(allowed)} that are allowed");

    private static GateChecked Gate(string name, GateStatus status, bool critical, string details) => new(name, status, critical, details, GateKind.Quality, null);
}
