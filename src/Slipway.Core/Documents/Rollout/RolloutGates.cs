using Slipway.Core.Documents.Markdown;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollout;

/// <summary>Sections 2 and 3: what has to be there, and what has to be so, before anything is changed.</summary>
internal static class RolloutGates
{
    public static void Prerequisites(MarkdownBuilder document, ReleaseDossier dossier)
    {
        document.Heading(3, "Required Approvals");
        document.Table(["Approval", "Approver", "State", "Remark"], Approvals(dossier));
        document.Heading(3, "Required Resources");
        document.Table(["Resource", "Status", "Detail"], Resources(dossier));
        document.Heading(3, "Pre-Deployment Backups");
        var backups = dossier.Request.Delivery?.Backups;
        foreach (var proof in dossier.Request.Preflight.Evidence.Backups)
            document.Bullet($"**{MarkdownText.Inline(proof.What, 80)}**: {(proof.At is { } at ? DocumentNumbers.Moment(at) : proof.Url is { } url ? $"as {MarkdownText.Code(ShownUrl.Of(url))} says" : "")}{(proof.Where.Length > 0 ? $", in {MarkdownText.Inline(proof.Where, 120)}" : "")}, at most {DurationText.Format(proof.MaxAge)} old at the start{(proof.Verified.Length > 0 ? $", verified: {MarkdownText.Inline(proof.Verified, 120)}" : "")}: {Gate(dossier, QualityGates.Backups)}");
        if (dossier.Request.Preflight.Evidence.Backups.Count > 0) return;
        if (dossier.Request.Preflight.Dependencies.Databases.Count == 0)
        {
            document.Bullet("None is needed: the release touches no database");
            return;
        }

        foreach (var database in dossier.Request.Preflight.Dependencies.Databases)
            document.Bullet($"**{MarkdownText.Inline(database.Name, 80)}**: {(database.Migration is null ? "no migration; the regular backup is enough" : "a snapshot right before the start")}, in {(backups is { Where.Length: > 0 } ? MarkdownText.Inline(backups.Where, 120) : DocumentParts.Question("Where are backups kept? State delivery.backups.where"))}, verified by restoring it into a copy and reading its newest row");
    }

    public static void Preflight(MarkdownBuilder document, ReleaseDossier dossier)
    {
        document.Heading(3, "Infrastructure Health");
        document.Bullet(DocumentParts.Step(dossier.Platform.Started));
        foreach (var part in dossier.Request.Preflight.Evidence.Infrastructure)
            document.Bullet($"{MarkdownText.Inline(part.Name, 80)}{(part.Critical ? ", critical" : "")}: {Gate(dossier, QualityGates.Infrastructure(part.Name))}");
        document.Heading(3, "Application Health Baseline");
        document.Bullet($"Error rate, p95 latency, success rate and throughput of {MarkdownText.Inline(dossier.Plan.Watch.Service, 80)} are captured and kept beside the new version's: {Gate(dossier, QualityGates.Baseline)}");
        foreach (var smoke in dossier.Request.Preflight.Smoke)
            document.Bullet($"{MarkdownText.Inline(smoke.Name, 80)} answers {smoke.ExpectStatus} within {DurationText.Format(smoke.Within)}: {Gate(dossier, QualityGates.Smoke(smoke.Name))}");
        document.Heading(3, "Dependency Availability");
        var dependencies = dossier.Request.Preflight.Dependencies;
        foreach (var service in dependencies.Services) document.Bullet($"Service {MarkdownText.Inline(service.Name, 80)}{(service.Critical ? ", critical" : "")}: {Gate(dossier, QualityGates.Service(service.Name))}");
        foreach (var database in dependencies.Databases) document.Bullet($"Database {MarkdownText.Inline(database.Name, 80)}: {Gate(dossier, QualityGates.Database(database.Name))}");
        foreach (var api in dependencies.ExternalApis) document.Bullet($"External API {MarkdownText.Inline(api.Name, 80)}, fallback {(api.Fallback ? "enabled" : "disabled")}: {Gate(dossier, QualityGates.ExternalApi(api.Name))}");
        if (dependencies.Services.Count + dependencies.Databases.Count + dependencies.ExternalApis.Count == 0) document.Bullet("None is stated");
        document.Heading(3, "Monitoring Baseline");
        document.Bullet($"{dossier.Plan.Triggers.Count} triggers are armed before anybody is exposed: {Gate(dossier, QualityGates.Monitoring)}");
        document.Heading(3, "Go/No-Go Decision");
        foreach (var gate in QualityGates.Seven.Append(QualityGates.ChangeWindow).Append(QualityGates.Locks))
            document.Task(dossier.State?.Gates.GetValueOrDefault(gate) is { Last.Status: GateStatus.Pass }, $"{MarkdownText.Inline(gate)}: {Gate(dossier, gate)}");
        document.Paragraph($"**Decision: {Decision(dossier)}**");
    }

    /// <summary>What has to agree, fewer at low risk and more at high.</summary>
    private static IEnumerable<IReadOnlyList<string>> Approvals(ReleaseDossier dossier)
    {
        var (request, plan) = (dossier.Request, dossier.Plan);
        var groups = request.Approvals.Keys.Concat(plan.Stages.Select(stage => stage.Approval).OfType<string>()).Distinct(StringComparer.Ordinal).ToList();
        yield return Row("Technical lead", plan.Risk > RiskLevel.Low, ["technical", "lead", "release"], "the risk is low and the policy approves");
        yield return Row("Security", plan.Risk >= RiskLevel.High, ["security"], $"the risk is {DocumentNumbers.Word(plan.Risk)}; the security scan is a gate of its own");
        yield return Row("Compliance", request.Release.Regulations.Count > 0 && plan.Risk > RiskLevel.Low, ["compliance", "board", "audit"], request.Release.Regulations.Count > 0 ? "the risk is low; the ledger is the evidence" : "no regulation is stated");
        yield return Row("Business", request.System?.CustomerFacing == true && plan.Risk >= RiskLevel.High, ["business", "product"], "nothing asks for it");
        foreach (var group in groups)
        {
            var stages = plan.Stages.Where(stage => stage.Approval == group).Select(stage => plan.Describe(stage.Index)).ToList();
            yield return [MarkdownText.Inline(group, 80), Approvers(group), State(group), stages.Count > 0 ? $"before {string.Join(", ", stages)}" : plan.Risk > RiskLevel.Low ? "before the start" : "not asked, as the risk is low"];
        }

        IReadOnlyList<string> Row(string name, bool needed, string[] words, string reason)
        {
            var group = groups.FirstOrDefault(known => words.Any(word => known.Contains(word, StringComparison.OrdinalIgnoreCase)));
            return !needed ? [name, "–", "not needed", reason]
                : group is null ? [name, DocumentParts.Question($"Which group is it? State it under approvals"), "pending", "required"]
                : [name, Approvers(group), State(group), $"by {MarkdownText.Inline(group, 80)}"];
        }

        string Approvers(string group) => request.Approvals.GetValueOrDefault(group) is { Approvers.Count: > 0 } known
            ? MarkdownText.Inline($"{known.Quorum} of {string.Join(", ", known.Approvers)}")
            : "as the server's policy names them";

        string State(string group)
        {
            var facts = dossier.State?.Approvals.Values.Where(fact => fact.Asked.Gate.Group == group).ToList() ?? [];
            return facts.Count == 0 ? "pending" : string.Join(", ", facts.Select(fact => fact.Ended is { } ended ? ended.Outcome.ToString().ToLowerInvariant() : "asked"));
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Resources(ReleaseDossier dossier)
    {
        var operations = dossier.Request.Operations;
        yield return ["Capacity", operations.CapacityRps is { } capacity && operations.TrafficRps is { } traffic ? capacity > traffic ? "enough" : "not enough" : "open",
            operations is { CapacityRps: { } rps, TrafficRps: { } used } ? $"{DocumentNumbers.Number(used)} of {DocumentNumbers.Number(rps)} requests a second are used" : DocumentParts.Question("How many requests a second come, and how many can be answered? State operations.traffic_rps and capacity_rps")];
        yield return ["Backups", dossier.Request.Preflight.Dependencies.Databases.Count == 0 ? "not needed" : dossier.Request.Delivery?.Backups is null ? "open" : "in place",
            dossier.Request.Delivery?.Backups is { } backups ? MarkdownText.Inline(backups.Where.Length > 0 ? backups.Where : "as the delivery states") : dossier.Request.Preflight.Dependencies.Databases.Count == 0 ? "no database is touched" : DocumentParts.Question("Where are backups kept? State delivery.backups")];
        yield return ["Monitoring", dossier.Plan.Triggers.Count > 0 ? "in place" : "missing", $"{dossier.Plan.Triggers.Count} triggers, judged every {DurationText.Format(dossier.Plan.Watch.Interval)}"];
        if (dossier.Request.Preflight.Evidence.RollbackAutomation is not null)
        {
            yield return ["Rollback automation", dossier.State?.Gates.GetValueOrDefault(QualityGates.RollbackAutomation)?.Last.Status == GateStatus.Pass ? "in place" : "asked by preflight", Gate(dossier, QualityGates.RollbackAutomation)];
            yield break;
        }

        yield return ["Rollback automation", dossier.Plan.Levels.Count > 0 ? "in place" : "missing", $"level {string.Join(", ", dossier.Plan.Levels.Select(level => level.Level))} by {MarkdownText.Code(dossier.RollbackCommand)}"];
    }

    private static string Gate(ReleaseDossier dossier, string gate) => dossier.State?.Gates.GetValueOrDefault(gate) is { } fact
        ? $"{fact.Last.Status.ToString().ToLowerInvariant()} at {DocumentNumbers.Moment(fact.At)}, {MarkdownText.Inline(fact.Last.Details)}"
        : "checked by preflight";

    private static string Decision(ReleaseDossier dossier) => dossier.State switch
    {
        { GatesPassedAt: { } at } => $"GO, at {DocumentNumbers.Moment(at)}",
        { IsTerminal: true } => "NO-GO",
        _ => dossier.Gaps.Insufficient is not null ? "NO-GO: questions are open that block the start" : "open: preflight decides, GO only when no critical gate fails",
    };
}
