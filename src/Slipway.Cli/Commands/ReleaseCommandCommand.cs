using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;

namespace Slipway.Cli.Commands;

/// <summary>The commands to a running release: <c>pause</c>, <c>resume</c>, <c>promote</c>, <c>extend</c>, <c>rollback</c>, <c>abort</c>,
/// <c>acknowledge</c>.</summary>
/// <param name="kind">What is asked.</param>
/// <param name="name">The command's name.</param>
/// <param name="description">The line of the help.</param>
/// <param name="consequence">What it means for users, for <c>--dry-run</c>.</param>
public sealed class ReleaseCommandCommand(ReleaseCommandKind kind, string name, string description, string consequence) : ICliCommand
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ICliCommand> All() =>
    [
        new ReleaseCommandCommand(ReleaseCommandKind.Pause, "pause", "Hold a release where it is; it stays watched", "exposure stays where it is until `resume`"),
        new ReleaseCommandCommand(ReleaseCommandKind.Resume, "resume", "Go on with a held release", "the release goes on from where it was held"),
        new ReleaseCommandCommand(ReleaseCommandKind.Promote, "promote", "End the bake now and go to the next stage", "more users get the new version before the bake is over"),
        new ReleaseCommandCommand(ReleaseCommandKind.Extend, "extend", "Bake longer", "the next stage comes later"),
        new ReleaseCommandCommand(ReleaseCommandKind.RollBack, "rollback", "Go back: every user returns to the old version", "every user returns to the old version, and the release is over"),
        new ReleaseCommandCommand(ReleaseCommandKind.Abort, "abort", "Stop: before any change the release fails, after one it is rolled back", "the release is over; where users have the new version, they return to the old one"),
        new ReleaseCommandCommand(
            ReleaseCommandKind.AcknowledgeNotices, "acknowledge", "Say that you look after an alert, so that its page goes no further; at 100 %: let the release end although notices were not accepted",
            "open pages go no further; the notices that are still due are given up, and a release that waits for them at 100 % ends as completed"),
    ];

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var reason = new Option<string>("--reason") { Description = $"Why, for the ledger (up to 1000 characters){(kind == ReleaseCommandKind.Promote ? "; needed: why the evidence of the stage is not waited for" : "")}", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it is carried out" };
        var timeout = ServerCommand.DurationOption("--timeout", "Wait at most this long, then exit code 6 (default: 1m)");
        var dryRun = DryRun.Option();
        var command = new Command(name, description) { id, reason, noWait, timeout, dryRun };
        var by = ServerCommand.DurationOption("--by", "How much longer, for example 30m");
        if (kind == ReleaseCommandKind.Extend)
        {
            by.Required = true;
            command.Options.Add(by);
        }

        var direct = new Option<bool>("--direct") { Description = "Without a server, from the data folder of this machine alone: for when no server can be started" };
        if (kind == ReleaseCommandKind.RollBack)
        {
            command.Options.Add(direct);
            command.Validators.Add(result =>
            {
                if (result.GetValue(direct) && (result.GetValue(dryRun) || result.GetValue(noWait) || result.GetResult(timeout) is not null))
                    result.AddError("--direct acts at once and by itself: it takes no --dry-run, --no-wait or --timeout.");
            });
        }

        command.SetAction((parsed, cancellation) => kind == ReleaseCommandKind.RollBack && parsed.GetValue(direct)
            ? DirectRollbackAction.RunAsync(new CommandIo(host, parsed), parsed.GetRequiredValue(id), parsed.GetValue(reason) ?? "", cancellation)
            : ServerCommand.RunAsync(host, parsed, (io, client) =>
        {
            var asked = new ReleaseCommand($"cli-{Guid.NewGuid():N}", kind, "", parsed.GetValue(reason) ?? "")
            {
                Duration = kind == ReleaseCommandKind.Extend ? parsed.GetValue(by) : null,
            };
            var release = parsed.GetRequiredValue(id);
            return parsed.GetValue(dryRun)
                ? DryRun.OfReleaseAsync(io, client, release, name, consequence, cancellation, asked.Duration)
                : SendAsync(io, client, release, asked, parsed.GetValue(noWait) ? null : parsed.GetValue(timeout) ?? CommandResult.StandardTimeout, cancellation);
        }));
        return command;
    }

    private async Task<int> SendAsync(
        CommandIo io, SlipwayClient client, ReleaseId release, ReleaseCommand asked, TimeSpan? wait, CancellationToken cancellation)
    {
        var answer = await client.CommandAsync(release, asked, cancellation);
        return await answer.ThenAsync(io, receipt => CommandResult.TellAsync(io, client, release, name, receipt, wait, NextStep(release), cancellation));
    }

    private string NextStep(ReleaseId release) => kind switch
    {
        ReleaseCommandKind.Pause => $"Go on with `slipway resume {release}`, or back with `slipway rollback {release}`.",
        ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort => $"See how it ends with `slipway watch {release}`.",
        _ => $"Follow it with `slipway watch {release}`.",
    };
}
