namespace Slipway.Core.Documents.Commands;

/// <summary>Azure Front Door: what is cached at the edge is purged whenever a version comes or goes.</summary>
internal static class EdgeCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var endpoint = $"-g {ShellText.Quote(names.Target.ResourceGroup)} --profile-name {ShellText.Quote(names.Target.Parent)} --endpoint-name {ShellText.Quote(names.Target.Name)}";
        (string, string)[] needs = [names.ResourceGroup, names.Parent, names.Name];
        var purge = names.Step(
            "Purge what the edge has cached", "the command ends without an error", "Purge again; what is cached ends by its own lifetime", () => $"az afd endpoint purge {endpoint} --content-paths '/*'", needs);
        return new PlatformCommands
        {
            Platform = "edge",
            Units = "points of presence",
            Deploy = names.OwnStep("Deploy to the edge", names.Own.Deploy, "delivery.commands.deploy", "the command ends without an error", "Stop; the old version still answers"),
            Started = names.Step("Read the state of the endpoint", "Enabled", "Go back", () => $"az afd endpoint show {endpoint} --query enabledState -o tsv", needs),
            Restart = purge,
            Logs = names.Step("Read the requests and errors of the last minutes", "no error that was not there before the release", "Go back", () => $"az afd log-analytic metric list -g {ShellText.Quote(names.Target.ResourceGroup)} --profile-name {ShellText.Quote(names.Target.Parent)} --metrics clientRequestCount --granularity PT5M --date-time-begin \"$(date -u -d '-15 minutes' +%FT%TZ)\" --date-time-end \"$(date -u +%FT%TZ)\" --custom-domains {ShellText.Quote(names.Target.Name)} --protocols https", needs),
            Revert = names.OwnStep(
                "Deploy the previous version to the edge", names is { Own.Deploy.Length: > 0, PreviousVersion.Length: > 0 } ? $"VERSION={ShellText.Quote(names.PreviousVersion)} {names.Own.Deploy}" : "",
                "delivery.commands.deploy and release.from_version", "the command ends without an error", "Start the code rollback through the pipeline"),
            Version = names.Step("List the routes of the endpoint", "the origin group of the version that is meant", "Repeat the step before", () => $"az afd route list {endpoint} -o table", needs),
            ScaleDownOld = purge with { Action = "Purge once more when the last stage has ended" },
        };
    }
}
