using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using static Slipway.Core.Planning.Intake.IntakeInput;
using static Slipway.Core.Planning.Intake.IntakeNeed;
using static Slipway.Core.Planning.Intake.IntakeView;

namespace Slipway.Core.Planning.Intake;

/// <summary>What no release can run safely without, the most useful answer first.</summary>
internal static class StartInputs
{
    public static IReadOnlyList<IntakeInput> All { get; } =
    [
        Of(Always, "release.title", "what is released", "What is released, in a few words?",
            view => !IsStated(view.Request.Release.Title), "Add release.title with a few words on what is released.") with { Brief = true },
        Of(Always, "release.version", "the version that is released", "Which version is released?",
            view => !IsStated(view.Request.Release.Version), "Add release.version with the version that is released."),
        Of(Always, "environments", "where it is released", "Into which environment does it go: dev, staging or prod?",
            view => view.Request.Environments.Count == 0, "Add one entry to environments, for example with the name prod.") with { Brief = true },
        Of(Always, "flags", "a lever that moves exposure (a flag or a deploy hook)", "Which feature flag, or which deploy hook, carries the exposure?",
            view => view.Request is { Flags.Count: 0, Deploy: null }, "Add the feature flag that carries the exposure to flags."),
        Of(Always, "rollback", "a way back (a flag with a kill switch, a deploy hook that moves traffic, or a rollback section)",
            "How does the release go back: does turning the flag off restore the old behaviour?",
            view => !HasWayBack(view.Request), "State kill_switch for every flag, or add configuration keys or a code hook to rollback."),
        Of(Always, "system.flag_framework", "a lever that takes traffic back within 5 minutes, where there is no feature flag framework",
            "Which flag framework, or which strategy that moves traffic back, undoes the release within 5 minutes?",
            view => DeploymentBlockers.LacksInstantWayBack(view.Request),
            "Choose strategy canary or blue_green, whose deploy hook takes the traffic back, or name the flag framework."),
        Of(Always, "telemetry", "where observations come from", "Which telemetry tells how both versions do?",
            view => view.Request.Telemetry is null, "Add telemetry with its source, for example embedded."),
        Of(Always, "telemetry.workspace", "the Log Analytics workspace", "Which Log Analytics workspace holds the telemetry?",
            view => view.Request.Telemetry is { Source: TelemetrySource.LogAnalytics } telemetry && !IsStated(telemetry.Workspace),
            "Add telemetry.workspace with the id of the workspace."),
        new("environments[].service", Always, view => Services(view.Request)),
        Of(Always, "communications", "someone to tell (a stakeholder or a webhook)", "Who is told when the release starts, rolls back or is done?",
            view => view.Request.Communications is { Stakeholders.Count: 0, Webhooks.Count: 0 }, "Add a stakeholder with a mail address to communications."),
        new("approvals", Always, Approvers),
        new("tolerance.for", Always, ShortTolerance),
        new("stages[].bake", Always, ShortWaits),
        Of(Always, "system.allowed_downtime", "a window for the downtime that is expected", "May the service be down for as long as is expected?",
            view => DeploymentBlockers.UnallowedDowntime(view.Request) is not null,
            "Plan the release without downtime, or state at system.allowed_downtime how long the service may be down."),
    ];

    private static bool HasWayBack(ReleaseRequest request) =>
        (request.Deploy is not null && request.Strategy != RolloutStrategy.Rolling && (request.Flags.Count == 0 || request.Strategy == RolloutStrategy.BlueGreen))
        || (request.Flags.Count > 0 && request.Flags.All(flag => flag.KillSwitch == true))
        || request.Rollback is { Configuration.Count: > 0 } or { Code: not null };

    private static IEnumerable<IntakeFinding> Services(ReleaseRequest request)
    {
        if (request.Telemetry is not { } telemetry || request.Environments.Count < 2)
            yield break;
        foreach (var (index, environment) in request.Environments.Index().Where(item => item.Item.ServiceAmong(true, telemetry.Service).Length == 0))
        {
            var word = EnvironmentSpec.Word(environment.Name);
            yield return new IntakeFinding(
                $"environments[{index}].service", $"whose telemetry counts in {word}",
                $"Under which service does telemetry of {word} come? Environments never share their evidence.",
                $"Add service to the environment {word}, or {EnvironmentSpec.Placeholder} to telemetry.service.");
        }
    }

    private static IEnumerable<IntakeFinding> Approvers(IntakeView view)
    {
        var request = view.Request;
        if (view.Risk < RiskLevel.Medium || request.Approvals.Count > 0 || request.ListedStages().Any(listed => listed.Stage.Approval is not null))
            yield break;
        var word = view.Risk.ToString().ToLowerInvariant();
        var why = request.Release.DeclaredRisk is null && view.Assessment.Computed < view.Risk ? $"release.declared_risk is not stated, which counts as {word}" : $"the risk is {word}";
        yield return new IntakeFinding(
            "approvals", $"an approver group, as {why}", $"Who approves this release of {word} risk?",
            request.Release.DeclaredRisk is null
                ? "Add an approver group to approvals, or state release.declared_risk as low where that is true."
                : $"Add an approver group to approvals{(view.Risk >= RiskLevel.High ? "; its members sign in with keys of the server policy" : "")}.");
    }

    /// <summary>X10, for the wait that is agreed with the tolerance.</summary>
    private static IEnumerable<IntakeFinding> ShortTolerance(IntakeView view)
    {
        if (!Tolerance.IsTooShort(view.Request, view.Assessment))
            yield break;
        var needed = DurationText.Format(Tolerance.Needed(view.Request, view.Assessment));
        yield return new IntakeFinding(
            "tolerance.for", "a first wait as long as the risk asks for",
            $"Is {needed} on the canary possible? {DurationText.Format(view.Request.Tolerance!.For!.Value)} is shorter than the shortest wait, and only low risk is accelerated.",
            $"Set tolerance.for to {needed} or more, or leave it out to have it derived from the risk.");
    }

    /// <summary>X10: above low risk a wait is never shortened, and whoever asks for a shorter one is asked, so that nothing runs longer or
    /// shorter than they know.</summary>
    private static IEnumerable<IntakeFinding> ShortWaits(IntakeView view)
    {
        if (view.Risk < RiskLevel.Medium)
            yield break;
        foreach (var (at, stage) in view.Request.LastStages())
        {
            var floor = StageDefaults.Floor(stage.Percentage);
            if (stage.Bake >= floor)
                continue;
            var path = $"{at}.bake";
            yield return new IntakeFinding(
                path, "a bake as long as the risk asks for",
                $"Is {DurationText.Format(floor)} at {stage.Percentage} possible? {DurationText.Format(stage.Bake)} is shorter than the shortest wait, and only low risk is accelerated.",
                $"Set {path} to {DurationText.Format(floor)} or more, or leave stages out to have them derived from the risk.");
        }
    }
}
