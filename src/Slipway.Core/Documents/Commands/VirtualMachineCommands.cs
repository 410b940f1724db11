namespace Slipway.Core.Documents.Commands;

/// <summary>systemd over ssh, one host after the other.</summary>
internal static class VirtualMachineCommands
{
    public static PlatformCommands Of(CommandNames names)
    {
        var unit = ShellText.Quote(names.Target.Name);
        var hosts = string.Join(' ', names.Target.Hosts.Select(ShellText.Quote));
        var host = (hosts, names.TargetPath("hosts"));
        string Each(string command) => $"for host in {hosts}; do ssh \"$host\" {command} || break; done";
        return new PlatformCommands
        {
            Platform = "virtual machines",
            Units = "instances",
            Deploy = names.OwnStep("Deploy to the hosts", names.Own.Deploy, "delivery.commands.deploy", "the command ends without an error on every host", "Stop at the first host that fails"),
            Started = names.Step("Read the state of the unit on every host", "active, once a host", "Read its journal and go back", () => Each($"systemctl is-active {unit}"), names.Name, host),
            Restart = names.Step("Reload the unit, one host after the other", "no output", "Stop at that host and read its journal", () => Each($"sudo systemctl reload-or-restart {unit}"), names.Name, host),
            Logs = names.Step("Read the newest errors of every host", "no line that was not there before the release", "Go back", () => Each($"journalctl -u {unit} -p err --since -10min --no-pager"), names.Name, host),
            Revert = names.OwnStep("Deploy the previous version to the hosts", Previous(names), "delivery.commands.deploy and release.from_version", "the command ends without an error on every host", "Start the code rollback through the pipeline"),
            Version = names.Step("Read since when the unit runs on every host", "a time after the step before", "Repeat the step before", () => Each($"systemctl show {unit} -p ActiveEnterTimestamp"), names.Name, host),
            ScaleDownOld = names.Step("Keep the previous version on the hosts until the last stage has ended, then read the free space", "enough space for two versions", "Leave it", () => Each("df -h /"), host),
        };
    }

    // The project's own command, told the version in the way that every shell has.
    private static string Previous(CommandNames names) =>
        names is { Own.Deploy.Length: > 0, PreviousVersion.Length: > 0 } ? $"VERSION={ShellText.Quote(names.PreviousVersion)} {names.Own.Deploy}" : "";
}
