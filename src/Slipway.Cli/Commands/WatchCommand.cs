using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway watch ID</c>: one line a change until the release is over.</summary>
public sealed class WatchCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var timeout = ServerCommand.DurationOption("--timeout", "Stop following after this time, with exit code 6 (default: never)");
        var command = new Command("watch", "Follow a release until it is over (exit code 0 completed, 3 rolled back or failed)") { id, timeout };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, (io, client) =>
            new ReleaseWatcher(io, client, host.Output, io.Json).RunAsync(parsed.GetRequiredValue(id), parsed.GetValue(timeout), cancellation)));
        return command;
    }
}
