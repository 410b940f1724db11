namespace Slipway.Core.Documents.Commands;

/// <summary>The Azure CLI on a container app with several revisions.</summary>
internal static class ContainerAppsCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var app = $"-g {ShellText.Quote(names.Target.ResourceGroup)} -n {ShellText.Quote(names.Target.Name)}";
        (string, string)[] needs = [names.ResourceGroup, names.Name];
        return new PlatformCommands
        {
            Platform = "Container Apps",
            Units = "replicas",
            Deploy = names.Step(
                "Create a revision of the new image", "a new revision is listed", "Stop; the old revision still has all the traffic",
                () => $"az containerapp update {app} --image {ShellText.Quote(names.Image)}", [.. needs, names.NewImage]),
            Started = names.Step(
                "List the revisions with their state", "the newest revision is Running and Healthy", "Read its log and go back",
                () => $"az containerapp revision list {app} --query \"[].{{name:name,state:properties.runningState,health:properties.healthState,weight:properties.trafficWeight}}\" -o table", needs),
            Restart = names.Step(
                "Restart the newest revision", "Restart succeeded", "List the revisions",
                () => $"az containerapp revision restart {app} --revision \"$(az containerapp show {app} --query properties.latestRevisionName -o tsv)\"", needs),
            Logs = names.Step(
                "Read the newest lines of the log", "no error that was not there before the release", "Go back", () => $"az containerapp logs show {app} --tail 200", needs),
            Revert = names.Step(
                "Create a revision of the previous image", "the newest revision runs the previous image", "Start the code rollback through the pipeline",
                () => $"az containerapp update {app} --image {ShellText.Quote(names.PreviousImage)}", [.. needs, names.OldImage]),
            Version = names.Step(
                "Read which image runs", "the image of the version that is meant", "Repeat the step before",
                () => $"az containerapp show {app} --query \"properties.template.containers[0].image\" -o tsv", needs),
            ScaleDownOld = names.Step(
                "List the revisions; deactivate old ones only when the last stage has ended", "old revisions with weight 0", "Leave them active",
                () => $"az containerapp revision list {app} --all -o table", needs),
        };
    }
}
