namespace Slipway.Core.Documents.Commands;

/// <summary>The Azure CLI on a function app or a web app. With a slot the new version is swapped in, and back.</summary>
internal static class AppServiceCommands
{
    public static PlatformCommands Functions(CommandNames names) => Of(names, "Azure Functions", "functionapp", "function app");

    public static PlatformCommands WebApp(CommandNames names) => Of(names, "App Service", "webapp", "web app");

    private static PlatformCommands Of(CommandNames names, string platform, string noun, string word)
    {
        var app = $"-g {ShellText.Quote(names.Target.ResourceGroup)} -n {ShellText.Quote(names.Target.Name)}";
        (string, string)[] needs = [names.ResourceGroup, names.Name];
        var swap = names.Step(
            "Swap the slot with production", "the command ends without an error", "Swap again: the old version is in the slot",
            () => $"az {noun} deployment slot swap {app} --slot {ShellText.Quote(names.Target.Slot)} --target-slot production", [.. needs, names.Slot]);
        return new PlatformCommands
        {
            Platform = platform,
            Units = "instances",
            Deploy = names.Own.Deploy.Length > 0
                ? names.OwnStep($"Deploy the {word}", names.Own.Deploy, "delivery.commands.deploy", "the command ends without an error", "Stop; nobody is on the new version yet")
                : swap,
            Started = names.Step(
                $"Read the state of the {word}", "Running", "Read its log and go back", () => $"az {noun} show {app} --query state -o tsv", needs),
            Restart = names.Step(
                $"Restart the {word}", "the command ends without an error", "Read its state", () => $"az {noun} restart {app}", needs),
            Logs = names.Step(
                "Follow the log for a minute", "no error that was not there before the release", "Go back", () => $"az webapp log tail {app}", needs),
            Revert = swap with { Action = "Swap the old version back into production", OnFailure = "Start the code rollback through the pipeline" },
            Version = names.Step(
                "Read what was deployed last", "the deployment of the version that is meant", "Repeat the step before",
                () => $"az webapp log deployment list {app} --query \"[0].{{id:id,received:received_time}}\" -o table", needs),
            ScaleDownOld = names.Step(
                "Stop the slot with the old version only when the last stage has ended", "the command ends without an error", "Leave it running",
                () => $"az {noun} stop {app} --slot {ShellText.Quote(names.Target.Slot)}", [.. needs, names.Slot]),
        };
    }
}
