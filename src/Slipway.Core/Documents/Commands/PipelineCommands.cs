using Slipway.Core.Releases;

namespace Slipway.Core.Documents.Commands;

/// <summary>An infrastructure without commands of its own here: the project's commands and its smoke checks are what there is.</summary>
internal static class PipelineCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var smoke = names.Request.Preflight.Smoke.Count > 0 ? ShownUrl.Of(names.Request.Preflight.Smoke[0].Url) : "";
        ProcedureStep Probe(string action) => names.Step(
            action, "200", "Go back", () => $"curl -fsS -o /dev/null -w '%{{http_code}}\\n' {ShellText.Quote(smoke)}", (smoke, "preflight.smoke"));
        return new PlatformCommands
        {
            Platform = names.Environment.Cloud.Length > 0 ? names.Environment.Cloud : "the project's own platform",
            Units = "instances",
            Deploy = names.OwnStep("Deploy the new version", names.Own.Deploy, "delivery.commands.deploy", "the command ends without an error", "Stop; nobody is on the new version yet"),
            Started = Probe("Ask the service whether it answers"),
            Restart = names.OwnStep("Deploy the same version again, which restarts it", names.Own.Deploy, "delivery.commands.deploy", "the command ends without an error", "Go on to the next level"),
            Logs = Probe("Ask the service again while its log is open"),
            Revert = names.OwnStep(
                "Deploy the previous version", names is { Own.Deploy.Length: > 0, PreviousVersion.Length: > 0 } ? $"VERSION={ShellText.Quote(names.PreviousVersion)} {names.Own.Deploy}" : "",
                "delivery.commands.deploy and release.from_version", "the command ends without an error", "Start the code rollback through the pipeline"),
            Version = Probe("Ask the service for its health"),
            ScaleDownOld = Probe("Keep the old version until the last stage has ended, then ask the service once more"),
        };
    }
}
