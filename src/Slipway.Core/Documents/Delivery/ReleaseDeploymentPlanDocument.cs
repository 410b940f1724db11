using System.Globalization;
using Slipway.Core.Aftercare;
using Slipway.Core.Documents.Markdown;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Delivery;

/// <summary>
/// The release and deployment plan: one fixed scaffold of a version and eleven numbered sections. What the request does not say is a question
/// where it belongs and once more in section 11. Hyphens in the headings of sections 2 and 9 are U+2011, the dash of the version U+2013.
/// </summary>
internal sealed class ReleaseDeploymentPlanDocument
{
    private readonly ReleaseDossier _dossier;
    private readonly MarkdownBuilder _document = new();
    private readonly List<string> _open = [];

    private ReleaseDeploymentPlanDocument(ReleaseDossier dossier) => _dossier = dossier;

    private ReleaseRequest Request => _dossier.Request;

    private DeliverySpec Delivery => Request.Delivery ?? new DeliverySpec();

    public static string Render(ReleaseDossier dossier) => new ReleaseDeploymentPlanDocument(dossier).Render();

    private string Render()
    {
        _document.Heading(1, "Release & Deployment Plan");
        _document.Heading(2, "Version");
        _document.Paragraph($"v{DocumentNumbers.Date(_dossier.At)} – initial draft");
        Environments();
        InfrastructureAsCode();
        Pipeline();
        Strategy();
        Recovery();
        Observability();
        SecretsAndConfiguration();
        Versioning();
        Verification();
        Compliance();
        OpenQuestions();
        return _document.ToString();
    }

    private void Environments()
    {
        _document.Heading(2, "1. Environments");
        var production = Of(EnvironmentName.Prod);
        var runtime = Request.Environments.Select(environment => environment.Runtime).FirstOrDefault(text => text.Length > 0);
        _document.Table(
            ["Stage", "Cloud / Region", "Runtime", "Data Stores", "Purpose"],
            [
                ["Local", "developer machine", Or(runtime, "Which runtime with its version? State environments.runtime"), "a local copy without real data", "Dev"],
                Row("Staging", Of(EnvironmentName.Staging), "QA / UAT"),
                Row("Production", production, "Live"),
            ]);

        IReadOnlyList<string> Row(string stage, EnvironmentSpec? environment, string purpose) => environment is null
            ? [stage, Ask($"Is there a {stage.ToLowerInvariant()} environment? State it under environments"), "–", "–", purpose]
            :
            [
                stage,
                $"{Or(environment.Cloud.Length > 0 ? environment.Cloud : CloudOf(environment.Infrastructure), $"Which cloud runs {stage.ToLowerInvariant()}? State environments.cloud")} / {MarkdownText.Inline(environment.Regions.Count > 0 ? string.Join(", ", environment.Regions) : "one region")}",
                Or(environment.Runtime, $"Which runtime with its version in {stage.ToLowerInvariant()}? State environments.runtime"),
                environment.DataStores.Count > 0 ? MarkdownText.Inline(string.Join(" / ", environment.DataStores)) : Ask($"Which data stores has {stage.ToLowerInvariant()}? State environments.data_stores"),
                purpose,
            ];
    }

    private EnvironmentSpec? Of(EnvironmentName name) => Request.Environments.FirstOrDefault(environment => environment.Name == name);

    private static string CloudOf(string infrastructure) => infrastructure switch
    {
        "azure_functions" or "serverless" => "Azure Functions",
        "app_service" => "Azure App Service",
        "container_apps" or "containers" => "Azure Container Apps",
        _ => "",
    };

    private void InfrastructureAsCode()
    {
        var code = Delivery.InfrastructureCode;
        _document.Heading(2, "2. Infrastructure‑as‑Code");
        _document.Field("Tooling", Or(code?.Tool, "Which tool with its version? State delivery.infrastructure_code"));
        var path = (code?.Path ?? "infra/").TrimEnd('/');
        _document.Field("Repo layout", "");
        foreach (var stage in Request.Environments.Select(environment => EnvironmentSpec.Word(environment.Name)).DefaultIfEmpty("prod"))
            _document.Bullet($"{MarkdownText.Code($"{path}/envs/{stage}/")} for {stage}", 1);
        _document.Bullet(
            code is { Modules.Count: > 0 }
                ? $"{MarkdownText.Code($"{path}/modules/")} reusable modules ({MarkdownText.Inline(string.Join(", ", code.Modules))})"
                : $"{MarkdownText.Code($"{path}/modules/")} reusable modules: {Ask("Which modules? State delivery.infrastructure_code.modules")}",
            1);
        _document.Field("State", code is { State.Length: > 0, Lock.Length: > 0 } ? $"{MarkdownText.Inline(code.State)}, locked by {MarkdownText.Inline(code.Lock)}" : Ask("Where is the state kept, and what locks it? State delivery.infrastructure_code.state and lock"));
        _document.Field("Secrets", Delivery.Secrets.Length > 0 ? $"pulled from {MarkdownText.Inline(Delivery.Secrets)}" : Ask("Which secret store? State delivery.secrets"));
    }

    private void Pipeline()
    {
        _document.Heading(2, $"3. CI/CD Pipeline ({(Delivery.Pipeline.Length > 0 ? MarkdownText.Inline(Delivery.Pipeline, 80) : "tool not stated")})");
        if (Delivery.Pipeline.Length == 0) Ask("Which tool runs the pipeline? State delivery.pipeline");
        _document.Fence("yaml", PipelineYaml.Of(Request));
        _document.Field("Stages", "build → lint+test → container push → staging deploy → smoke → manual prod approval → prod deploy");
        _document.Field("Caching", Or(Delivery.Caching, "What does the pipeline cache? State delivery.caching"));
        _document.Field("Security", Delivery.Scanner.Length > 0 ? $"{MarkdownText.Inline(Delivery.Scanner)} report; fail on High and Critical CVEs" : $"fail on High and Critical CVEs; {Ask("Which scanner? State delivery.scanner")}");
    }

    private void Strategy()
    {
        var last = _dossier.Plan.Stages.Count > 0 ? _dossier.Plan.Stages[^1].Bake : TimeSpan.Zero;
        var kept = last > ThirtyMinutes ? last : ThirtyMinutes;
        _document.Heading(2, "4. Deployment Strategy");
        _document.Field("Staging", $"rolling update, 50 % at a time, by the pipeline where it does not say otherwise{StagingShares()}");
        _document.Field(
            "Production",
            $"{_dossier.Plan.Strategy.ToString() switch { "BlueGreen" => "blue/green by the deploy hook's traffic weights", "Rolling" => "rolling, region by region", "Shadow" => "shadow, then canary", "FeatureFlag" => "feature flag", _ => "canary" }} at {string.Join(", ", _dossier.Plan.Stages.Skip(_dossier.Plan.Environments[^1].FirstStage).Select(stage => stage.Percentage))}; the old version is kept for {DurationText.Format(kept)} after the last shift");
        _document.Field("Feature Flags", $"{Or(Request.System?.FlagFramework, "Which flag framework? State system.flag_framework, or none")} for the incremental rollout of risky features{(_dossier.Plan.Flags.Count > 0 ? $": {string.Join(", ", _dossier.Plan.Flags.Select(flag => MarkdownText.Code(flag.Key.ToString())))}" : "")}");
    }

    /// <summary>What Slipway itself does in staging; empty where the plan does not go there.</summary>
    private string StagingShares() => _dossier.Plan.Environments.FirstOrDefault(environment => environment.Name == EnvironmentName.Staging) is { } staging
        ? $"; its users by Slipway at {string.Join(", ", _dossier.Plan.Stages.Where(stage => stage.Environment == staging.Index).Select(stage => stage.Percentage))}"
        : "";

    private static readonly TimeSpan ThirtyMinutes = TimeSpan.FromMinutes(30);

    private void Recovery()
    {
        var backups = Delivery.Backups;
        _document.Heading(2, "5. Rollback & DR");
        _document.Field("Rollback", $"{(_dossier.Plan.Flags.Count > 0 ? "flag off" : "traffic swap")} back to the old version ({MarkdownText.Code(_dossier.RollbackCommand)}); database point‑in‑time recovery {(backups?.PointInTime is { } loss ? $"≤ {DurationText.Format(loss)}" : Ask("How much can a point-in-time recovery lose (5 minutes at most)? State delivery.backups.point_in_time"))}");
        if (backups?.PointInTime > TimeSpan.FromMinutes(5)) Ask($"A point-in-time recovery may lose {DurationText.Format(backups.PointInTime.Value)}, more than 5 minutes: is that acceptable?");
        _document.Field("Backups", $"automated snapshots ({Kept(backups?.Automatic, TimeSpan.FromDays(7), "automatic")}) + weekly manual snapshot ({Kept(backups?.Weekly, TimeSpan.FromDays(28), "weekly")})");
        _document.Field("DR Region", Delivery.DisasterRecovery is { } standby
            ? $"standby in {MarkdownText.Inline(standby.Region)}, {(standby.Runbook is { } runbook ? $"restore documented in {MarkdownText.Link("the runbook", runbook.AbsoluteUri)}" : Ask("Where is the restore documented? State delivery.disaster_recovery.runbook"))}"
            : Ask("In which second region is the standby? State delivery.disaster_recovery"));
        if (Delivery.DisasterRecovery is { } same && Request.Environments.Any(environment => environment.Regions.Contains(same.Region, StringComparer.OrdinalIgnoreCase)))
            Ask($"The standby region {same.Region} is one of the primary regions: which other region is there?");
    }

    private string Kept(TimeSpan? kept, TimeSpan least, string member)
    {
        if (kept is not { } time) return Ask($"How long are {member} snapshots kept? State delivery.backups.{member}");
        if (time < least) Ask($"The {member} snapshots are kept for {DurationText.Format(time)}, less than {DurationText.Format(least)}: is that acceptable?");
        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days");
    }

    private void Observability()
    {
        var error = _dossier.Plan.Triggers.FirstOrDefault(trigger => trigger is { Metric: MetricNames.ErrorRate, Above: not null, Action: not TriggerAction.Alert });
        var latency = _dossier.Plan.Triggers.FirstOrDefault(trigger => trigger is { Metric: MetricNames.LatencyP95, Above: not null });
        _document.Heading(2, "6. Observability");
        _document.Table(
            ["Signal", "Tool", "Retention", "Alert"],
            [
                Signal("Logs", Delivery.Logs, error is null ? "n/a" : $"error rate {DocumentNumbers.Crossing(error)}"),
                Signal("Metrics", Delivery.Metrics, latency is null ? "n/a" : $"p95 latency {DocumentNumbers.Crossing(latency)}"),
                Signal("Traces", Delivery.Traces, "n/a"),
            ]);

        IReadOnlyList<string> Signal(string name, SignalSpec? signal, string alert) =>
        [
            name,
            Or(signal?.Tool, $"Which tool keeps {name.ToLowerInvariant()}? State delivery.{name.ToLowerInvariant()}"),
            signal?.Retention is { } kept ? DurationText.Format(kept) : Ask($"How long are {name.ToLowerInvariant()} kept? State delivery.{name.ToLowerInvariant()}.retention"),
            alert,
        ];
    }

    private void SecretsAndConfiguration()
    {
        _document.Heading(2, "7. Secrets & Config");
        _document.Bullet($"Example configuration is committed; actual values are stored in {Or(Delivery.Secrets, "Which secret store? State delivery.secrets")}");
        _document.Bullet($"{(Delivery.Pipeline.Length > 0 ? MarkdownText.Inline(Delivery.Pipeline, 80) : "The pipeline")} reads secrets through OIDC; no long‑lived tokens");
    }

    private void Versioning()
    {
        var changes = _dossier.Changes;
        _document.Heading(2, "8. Release Versioning & Changelog");
        _document.Bullet($"Conventional Commits → automatic {MarkdownText.Code("vMAJOR.MINOR.PATCH")} tags; this release is {(Request.Release.Version.Length > 0 ? MarkdownText.Code($"v{Request.Release.Version}") : Ask("Which version? State release.version"))}, its changes ask for a {changes.Bump.ToString().ToLowerInvariant()} step");
        _document.Bullet($"CHANGELOG.md is updated on {MarkdownText.Code(Delivery.Branch)} after each merge; the section of this version is {MarkdownText.Link("the changelog", _dossier.Link(DocumentNames.Changelog))}");
    }

    private void Verification()
    {
        var smoke = Request.Preflight.Smoke.FirstOrDefault(check => check.CriticalPath) ?? Request.Preflight.Smoke.FirstOrDefault();
        var flows = Request.System?.CriticalFlows;
        _document.Heading(2, "9. Post‑Release Verification");
        _document.Numbered(
        [
            smoke is null
                ? $"Run a synthetic check (200 OK ≤ 300 ms): {Ask("Which URL? State preflight.smoke")}"
                : $"Run the synthetic check {MarkdownText.Inline(smoke.Name, 80)} ({smoke.ExpectStatus} ≤ {DurationText.Format(smoke.Within)}): {MarkdownText.Code(ShownUrl.Of(smoke.Url))}",
            flows is { Count: > 0 }
                ? $"Manually verify in production: {MarkdownText.Inline(string.Join(", ", flows))}."
                : $"Manually verify the critical flow in production: {(flows is null ? Ask("Which flows are critical? State system.critical_flows") : "none is stated as critical")}.",
            $"Confirm error rate < {DocumentNumbers.Number(CompletionCheck.Limit(_dossier.Plan))} % after 30 min.",
        ]);
    }

    private void Compliance()
    {
        var months = Math.Round(Delivery.EvidenceRetention.TotalDays / 30.4);
        _document.Heading(2, "10. Compliance & Evidence");
        _document.Bullet(string.Create(CultureInfo.InvariantCulture, $"Store pipeline logs, infrastructure plans and Slipway's ledger for {months:0} months{(Request.Release.Regulations.Count > 0 ? $" ({MarkdownText.Inline(string.Join(", ", Request.Release.Regulations))})" : "")}"));
        if (Delivery.EvidenceRetention < TimeSpan.FromDays(365)) Ask("Evidence is kept for less than 12 months: is that enough for the regulations?");
        _document.Bullet($"Generate the {MarkdownText.Link("deployment manifest JSON", _dossier.Link(DocumentNames.DeploymentManifest))} & attach it to {(Request.Release.Ticket.Length > 0 ? $"release ticket {MarkdownText.Inline(Request.Release.Ticket, 80)}" : Ask("Which release ticket? State release.ticket"))}");
    }

    private void OpenQuestions()
    {
        _document.Heading(2, "11. Open Questions / Risks");
        var open = _open.Concat(_dossier.Gaps.Gaps.Select(gap => gap.Question)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var question in open) _document.Bullet(DocumentParts.Question(question));
        if (open.Count == 0) _document.Bullet("🚧 none");
    }

    private string Or(string? value, string question) => string.IsNullOrWhiteSpace(value) ? Ask(question) : MarkdownText.Inline(value);

    private string Ask(string question)
    {
        _open.Add(question);
        return DocumentParts.Question(question);
    }
}
