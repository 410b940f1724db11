using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway watch ID</c>: a live view on a terminal, elsewhere one line a change, until the release is over.</summary>
public sealed class WatchCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var timeout = ServerCommand.DurationOption("--timeout", "Stop following after this time, with exit code 6 (default: never)");
        var lines = new Option<bool>("--lines") { Description = "One line a change, also on a terminal" };
        var command = new Command("watch", "Follow a release until it is over (exit code 0 completed, 3 rolled back or failed)") { id, timeout, lines };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, (io, client) =>
            host.OutputIsTerminal && !io.Json && !parsed.GetValue(lines) && host.Variable("TERM") != "dumb"
                ? new LiveWatcher(io, client).RunAsync(parsed.GetRequiredValue(id), parsed.GetValue(timeout), cancellation)
                : new ReleaseWatcher(io, client, host.Output, io.Json).RunAsync(parsed.GetRequiredValue(id), parsed.GetValue(timeout), cancellation)));
        return command;
    }
}
