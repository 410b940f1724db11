using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;

namespace Slipway.Core.Reporting;

/// <summary>
/// The checks: the seven quality gates always and in their order, then artifact, change window and baseline, dependencies, every other
/// gate of the ledger, what the intake noticed, promotions without a clear verdict, and what telemetry does not carry.
/// </summary>
internal static class CheckSection
{
    public static IReadOnlyList<PreDeploymentCheck> Of(ReportView view)
    {
        var request = view.Request.Preflight.Dependencies;
        List<string> names =
        [
            .. QualityGates.Seven,
            QualityGates.ArtifactSignature,
            QualityGates.ArtifactSbom,
            .. request.Services.Select(service => QualityGates.Service(service.Name)),
            .. request.Databases.Select(database => QualityGates.Database(database.Name)),
            .. request.ExternalApis.Select(api => QualityGates.ExternalApi(api.Name)),
            .. view.Request.Preflight.Smoke.Select(smoke => QualityGates.Smoke(smoke.Name)),
            .. view.Plan.Gates.Select(gate => gate.CheckName),
        ];
        names.AddRange(view.State.Gates.Keys.Where(name => !names.Contains(name) && name is not QualityGates.ChangeWindow and not QualityGates.Baseline).ToList());
        return
        [
            .. names.Distinct(StringComparer.Ordinal).Select(name => Gate(view, name)),
            Window(view),
            Baseline(view),
            .. StrategyChecks.Of(view),
            .. FlagStore(view),
            .. Downtime(view.State),
            .. view.State.Created!.Warnings.Select(warning => Warning("intake", warning)),
            .. view.State.Stages.Where(Doubtful).Select(stage =>
                Warning($"promotion of stage {stage.Index + 1}", $"promoted although the evidence was {AuditTrail.Word(stage.Verdict!.Value)}: {stage.Sentence}")),
            .. view.State.Evaluations.Select(fact => Evaluation(view, fact)),
            .. view.State.OpenPages.Select(fact => Warning($"page {fact.Opened.Id}", $"{fact.Opened.Headline}: not acknowledged by {string.Join(", ", fact.Told)}{Escalation(fact)}")),
            .. Notices(view),
            Coverage(view),
        ];
    }

    /// <summary>Where the store disagrees with what Slipway wrote, the store's value is the one that users have.</summary>
    private static IEnumerable<PreDeploymentCheck> FlagStore(ReportView view)
    {
        if (view.State.FoundFlags.Count == 0) yield break;
        var details = string.Join("; ", view.State.FoundFlags.Values.Select(found =>
            $"{found.Key} is at {found.Exposure} in its store, Slipway left it at {view.State.Flags.GetValueOrDefault(found.Key)?.Exposure ?? default}"));
        yield return view.MayFail
            ? new PreDeploymentCheck(QualityGates.FlagStore, GateStatus.Fail, details)
            : Warning(QualityGates.FlagStore, $"failed with users exposed, no rollback decided: {details}");
    }

    private static PreDeploymentCheck Gate(ReportView view, string name)
    {
        if (view.Gate(name) is not { } fact)
        {
            if (view.Request.Gates.FirstOrDefault(gate => gate.CheckName == name) is { } http) return Warning(name, NotAsked(view, http));
            return Warning(name, view.State.GatesPassedAt is not null
                ? "not applicable: no such check was asked for or found necessary before the start"
                : view.State.IsTerminal ? "not checked: the release was stopped before" : "not checked yet");
        }

        var details = ReportText.OrElse(fact.Last.Details, $"{AuditTrail.Word(fact.Last.Status)} without details");
        return fact.Last switch
        {
            { Status: GateStatus.Pass } => new PreDeploymentCheck(name, GateStatus.Pass, details),
            { Status: GateStatus.Fail, Critical: false } => Warning(name, $"failed, not critical: {details}"),
            { Status: GateStatus.Fail } when !view.MayFail => Warning(name, $"failed with users exposed, no rollback decided: {details}"),
            { Status: GateStatus.Fail } => new PreDeploymentCheck(name, GateStatus.Fail, details),
            _ => Warning(name, details),
        };
    }

    private static string NotAsked(ReportView view, HttpGateSpec gate)
    {
        var stage = gate.Stage is { } percentage ? percentage.ToString() : "each stage";
        return $"not asked{(view.State.IsTerminal ? ": the release ended before" : " yet")}; due {(gate.When == GateTiming.BeforeStage ? $"before {stage}" : $"during the bake of {stage}")}";
    }

    private static PreDeploymentCheck Window(ReportView view) =>
        view.State.Captured is not null
            ? new PreDeploymentCheck(QualityGates.ChangeWindow, GateStatus.Pass, "open when the release went past its wait")
        : view.Gate(QualityGates.ChangeWindow) is not null ? Gate(view, QualityGates.ChangeWindow)
        : view.State.Phase == ReleasePhase.Waiting
            ? Warning(QualityGates.ChangeWindow, ReportText.OrElse($"{view.State.PhaseReason} {view.State.NextEvent}", "closed: waiting"))
        : Warning(QualityGates.ChangeWindow, view.State.IsTerminal ? "not checked: the release was stopped before" : "not checked yet");

    private static PreDeploymentCheck Baseline(ReportView view) =>
        view.Gate(QualityGates.Baseline) is not null ? Gate(view, QualityGates.Baseline)
        : view.State.Stages.Any(stage => stage.Evidence.Control.Requests > 0)
            ? new PreDeploymentCheck(QualityGates.Baseline, GateStatus.Pass, "the control arm reports at the same time as the canary")
        : Warning(QualityGates.Baseline, view.State.IsTerminal ? "not checked: no control arm was seen" : "not checked yet: no control arm was seen");

    /// <summary>What was measured; where the request expects a downtime, its gate has said that the criterion is not met.</summary>
    private static IEnumerable<PreDeploymentCheck> Downtime(ReleaseState state)
    {
        if (state.Lowest is not { } lowest || state.Gates.ContainsKey(QualityGates.ZeroDowntime)) yield break;
        var where = string.Create(CultureInfo.InvariantCulture, $"{lowest.Region} at {lowest.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        yield return lowest.Percent > 0
            ? new PreDeploymentCheck(QualityGates.ZeroDowntime, GateStatus.Pass, string.Create(CultureInfo.InvariantCulture, $"requests succeeded in every judged interval; the fewest in {where}, {lowest.Percent:0.###} %"))
            : Warning(QualityGates.ZeroDowntime, $"no request succeeded in {where}");
    }

    private static bool Doubtful(StageState stage) => stage is { Status: StageStatus.Completed, Verdict: Verdict.Undecided or Verdict.Blind };

    private static string Escalation(PageFact fact) =>
        fact.EscalateAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"; escalated at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : "";

    private static PreDeploymentCheck Evaluation(ReportView view, EvaluationFact fact) => Warning(
        $"evaluation {fact.Opened.Id}",
        fact.Ended is { } ended
            ? $"{AuditTrail.Word(ended.Outcome)}, {ended.Reason}: {fact.Opened.Sentence}"
            : string.Create(CultureInfo.InvariantCulture, $"open until {fact.Opened.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, {fact.WithoutAnswer}; answer with {fact.Command(view.Plan.ReleaseId)}: {fact.Opened.Sentence}"));

    private static IEnumerable<PreDeploymentCheck> Notices(ReportView view)
    {
        var due = view.State.DueMessages.Select(message => $"{AuditTrail.Word(message.Last.Checkpoint)} to {message.Last.Recipient}").ToList();
        if (due.Count == 0) yield break;
        yield return Warning("notices", $"not accepted{(view.State.NoticesAcknowledged ? ", acknowledged by an operator" : " yet")}: {string.Join(", ", due)}");
    }

    /// <summary>Whether somebody reported that data was lost or corrupted.</summary>
    internal static bool DataLoss(ReleaseState state) => state.Signals.Exists(fact => fact.Received.Signal.Kind == ReleaseSignalKind.DataLoss);

    private static PreDeploymentCheck Coverage(ReportView view)
    {
        List<string> missing = MeasurementSection.LogVolumeOf(view) is null ? ["log volume (shown as normal)", "status page"] : ["status page"];
        var state = view.State;
        missing.AddRange(view.Plan.Evidence.Measurements
            .Where(measurement => measurement.Kind != MeasurementKind.Capacity && view.Analysed is { } analysed && MeasurementSection.Means(analysed.Evidence, measurement.Name) is null)
            .Select(measurement => $"measurement {measurement.Name}"));
        if (view.LatencyBudget is null || !MonitoringSection.TimedProbes(state).Any()) missing.Add("bottlenecks (no probe was compared with a latency budget)");
        if (!DataLoss(state)) missing.Add("data loss check (shown as none)");
        if (state.LastInterval?.Both is not { Requests: > 0 }) missing.Add("availability, error rate, latency and throughput (no interval was judged)");
        if (view.Analysed is null) missing.Add("canary analysis");
        if (view.Request.Operations.CapacityRps is not > 0) missing.Add("capacity used (no capacity is stated)");
        if (view.Request.Operations.ActiveUsers is null && state.LastInterval?.Canary?.Users is null) missing.Add("users affected");
        missing.AddRange(view.Plan.Flags.Where(flag => !state.Flags.ContainsKey(flag.Key)).Select(flag => $"flag {flag.Key} (not read yet, shown as off)"));
        missing.AddRange(view.Request.Guardrails.Kpis
            .Where(kpi => view.Analysed?.Evidence.Canary.Kpis.ContainsKey(kpi.Name) != true)
            .Select(kpi => $"business metric {kpi.Name}"));
        return Warning("report coverage", $"not measured: {string.Join("; ", missing)}");
    }

    private static PreDeploymentCheck Warning(string name, string details) =>
        new(ReportText.OrElse(name, "unnamed check"), GateStatus.Warning, ReportText.OrElse(details, "no details"));
}
