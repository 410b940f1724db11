using System.Globalization;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning;

/// <summary>
/// Finds what a valid request does not say: what blocks its start, and what stays an open question in plan and report. Placeholders
/// (<c>TBD</c>, <c>n/a</c>, <c>?</c> and the like) say nothing.
/// </summary>
public static class IntakeGaps
{
    /// <summary>Analyses a request.</summary>
    public static GapReport Analyse(ReleaseRequest request, IntakeProfile profile = IntakeProfile.Standard)
    {
        var blocking = Blocking(request).ToList();
        return new GapReport(
            profile,
            [.. blocking, .. Open(request)],
            blocking.Count == 0
                ? null
                : new InsufficientContext([.. blocking.Select(gap => $"{gap.Path}: {gap.Missing}")], [.. Blockers(request)], blocking[0].NextStep));
    }

    private static IEnumerable<Gap> Blocking(ReleaseRequest request)
    {
        var release = request.Release;
        if (!IsStated(release.Title))
            yield return Blocks("release.title", "what is released", "What is released, in a few words?", "Add release.title with a few words on what is released.");
        if (!IsStated(release.Version))
            yield return Blocks("release.version", "the version that is released", "Which version is released?", "Add release.version with the version that is released.");
        if (request.Environments.Count == 0)
            yield return Blocks("environments", "where it is released", "Into which environment does it go: dev, staging or prod?", "Add one entry to environments, for example with the name prod.");
        if (request.Flags.Count == 0 && request.Deploy is null)
            yield return Blocks("flags", "a lever that moves exposure (a flag or a deploy hook)", "Which feature flag, or which deploy hook, carries the exposure?", "Add the feature flag that carries the exposure to flags.");
        if (!HasWayBack(request))
            yield return Blocks("rollback", "a way back (a flag with a kill switch, a deploy hook that moves traffic, or a rollback section)", "How does the release go back: does turning the flag off restore the old behaviour?", "State kill_switch for every flag, or add configuration keys or a code hook to rollback.");
        if (request.Telemetry is null)
            yield return Blocks("telemetry", "where observations come from", "Which telemetry tells how both versions do?", "Add telemetry with its source, for example embedded.");
        else if (request.Telemetry is { Source: TelemetrySource.LogAnalytics, Workspace: var workspace } && !IsStated(workspace))
            yield return Blocks("telemetry.workspace", "the Log Analytics workspace", "Which Log Analytics workspace holds the telemetry?", "Add telemetry.workspace with the id of the workspace.");
        foreach (var (environment, index) in request.Environments.Select((environment, index) => (environment, index)))
        {
            var word = EnvironmentSpec.Word(environment.Name);
            if (request.Telemetry is { } telemetry && environment.ServiceAmong(request.Environments.Count > 1, telemetry.Service).Length == 0 && request.Environments.Count > 1)
            {
                yield return Blocks(
                    $"environments[{index}].service", $"whose telemetry counts in {word}", $"Under which service does telemetry of {word} come? Environments never share their evidence.",
                    $"Add service to the environment {word}, or {EnvironmentSpec.Placeholder} to telemetry.service.");
            }
        }

        if (request.Communications is { Stakeholders.Count: 0, Webhooks.Count: 0 })
            yield return Blocks("communications", "someone to tell (a stakeholder or a webhook)", "Who is told when the release starts, rolls back or is done?", "Add a stakeholder with a mail address to communications.");
        var assessment = RiskAssessor.Assess(request);
        var risk = assessment.Counting;
        if (risk >= RiskLevel.Medium && request.Approvals.Count == 0 && request.ListedStages().All(listed => listed.Stage.Approval is null))
        {
            var word = risk.ToString().ToLowerInvariant();
            var why = request.Release.DeclaredRisk is null && assessment.Computed < risk ? $"release.declared_risk is not stated, which counts as {word}" : $"the risk is {word}";
            yield return Blocks(
                "approvals", $"an approver group, as {why}", $"Who approves this release of {word} risk?",
                request.Release.DeclaredRisk is null
                    ? "Add an approver group to approvals, or state release.declared_risk as low where that is true."
                    : "Add an approver group to approvals.");
        }

        if (risk < RiskLevel.Medium)
            yield break;
        if (Tolerance.IsTooShort(request, assessment))
        {
            var needed = DurationText.Format(Tolerance.Needed(request, assessment));
            yield return Blocks(
                "tolerance.for", "a first wait as long as the risk asks for",
                $"Is {needed} on the canary possible? {DurationText.Format(request.Tolerance!.For!.Value)} is shorter than the shortest wait, and only low risk is accelerated.",
                $"Set tolerance.for to {needed} or more, or leave it out to have it derived from the risk.");
        }

        foreach (var gap in ShortWaits(request))
            yield return gap;
    }

    /// <summary>Whether a text is an answer: a placeholder that was never filled in is none. An explicit "none" is one.</summary>
    private static bool IsStated(string text) =>
        text.Trim().ToUpperInvariant() is not ("" or "TBD" or "TODO" or "N/A" or "?" or "XXX" or "…" or "...");

    private static bool HasWayBack(ReleaseRequest request) =>
        (request.Deploy is not null && request.Strategy != RolloutStrategy.Rolling && (request.Flags.Count == 0 || request.Strategy == RolloutStrategy.BlueGreen))
        || (request.Flags.Count > 0 && request.Flags.All(flag => flag.KillSwitch == true))
        || request.Rollback is { Configuration.Count: > 0 } or { Code: not null };

    private static IEnumerable<Gap> Open(ReleaseRequest request)
    {
        if (request.Operations.TrafficRps is null)
            yield return Asks("operations.traffic_rps", "requests a second at full traffic", "How many requests a second does the service answer?");
        if (request.Operations is { PeakHours.Count: 0, PeakHoursStated: false })
            yield return Asks("operations.peak_hours", "the peak hours", "In which hours is traffic at its peak, so that exposure must not grow (an empty list: in none)?");
        if (request.Operations is { Windows.Count: 0, WindowsStated: false })
            yield return Asks("operations.windows", "the maintenance windows", "In which hours may exposure grow (an empty list: whenever the calendar rules allow)?");
        if (request.Guardrails is { ErrorRate: null } or { LatencyP95: null } or { Availability: null })
            yield return Asks("guardrails", "limits (defaults are used)", "Are the default limits right: error rate 0.5 %, p95 500 ms, availability 99.5 %?");
        if (request.Preflight.Smoke.Count == 0)
            yield return Asks("preflight.smoke", "smoke checks", "Which URLs show that the service works?");
        if (request.Artifacts is null)
            yield return Asks("artifacts", "the build that is released", "Which build is released, and is it signed?");
        if (request.Preflight.SecurityScan is null)
            yield return Asks("preflight.security_scan", "the security scan's result", "What did the security scan find?");
        if (request.Preflight.StagingTests is null)
            yield return Asks("preflight.staging_tests", "the staging tests' result", "Where is the result of the staging tests read?");
        if (!IsStated(request.Release.RequestedBy))
            yield return Asks("release.requested_by", "who asks for the release", "Who asks for this release?");
        if (!IsStated(request.Release.Ticket))
            yield return Asks("release.ticket", "the change ticket", "Which change ticket covers this release?");
        if (!IsStated(request.Contacts.Primary))
            yield return Asks("contacts.primary", "the first on-call contact", "Who is called first when it goes wrong?");
        foreach (var gap in RiskGaps.Of(request))
            yield return gap;
    }

    /// <summary>X10: above low risk a wait is never shortened, and whoever asks for a shorter one is asked, so that nothing runs longer or
    /// shorter than they know.</summary>
    private static IEnumerable<Gap> ShortWaits(ReleaseRequest request)
    {
        foreach (var (at, stage) in request.LastStages())
        {
            var floor = StageDefaults.Floor(stage.Percentage);
            if (stage.Bake < floor)
            {
                var path = $"{at}.bake";
                yield return Blocks(
                    path, "a bake as long as the risk asks for",
                    $"Is {DurationText.Format(floor)} at {stage.Percentage} possible? {DurationText.Format(stage.Bake)} is shorter than the shortest wait, and only low risk is accelerated.",
                    $"Set {path} to {DurationText.Format(floor)} or more, or leave stages out to have them derived from the risk.");
            }
        }
    }

    private static IEnumerable<string> Blockers(ReleaseRequest request)
    {
        if (request.Release.StartAt is { } start && request.Operations.Freezes.FirstOrDefault(span => span.From <= start && start < span.To) is { } freeze)
        {
            var reason = freeze.Reason.Length == 0 ? "" : $" ({freeze.Reason})";
            yield return string.Create(CultureInfo.InvariantCulture, $"The start lies in a freeze that ends {freeze.To.UtcDateTime:yyyy-MM-dd HH:mm}Z{reason}");
        }

        if (request.Artifacts?.Signed == false)
            yield return "The artifact is not signed";
        if (request.Preflight.SecurityScan is { Critical: > 0 } scan)
            yield return string.Create(CultureInfo.InvariantCulture, $"The security scan has {scan.Critical} critical findings");
        if (request.Preflight.SecurityScan is { High: { } high, MaxHigh: var most } && high > most)
            yield return string.Create(CultureInfo.InvariantCulture, $"The security scan has {high} high findings, {most} are tolerated");
    }

    private static Gap Blocks(string path, string missing, string question, string nextStep) => new(path, missing, question, nextStep, Blocking: true);

    private static Gap Asks(string path, string missing, string question) => new(path, missing, question, $"Answer at {path}: {missing}.", Blocking: false);
}
