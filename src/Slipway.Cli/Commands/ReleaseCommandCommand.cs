using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Cli.Commands;

/// <summary>The commands to a running release: <c>pause</c>, <c>resume</c>, <c>promote</c>, <c>extend</c>, <c>rollback</c>, <c>abort</c>,
/// <c>acknowledge</c>.</summary>
/// <param name="kind">What is asked.</param>
/// <param name="name">The command's name.</param>
/// <param name="description">The line of the help.</param>
/// <param name="consequence">What it means for users, for <c>--dry-run</c>.</param>
public sealed class ReleaseCommandCommand(ReleaseCommandKind kind, string name, string description, string consequence) : ICliCommand
{
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromMinutes(1);

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
            ReleaseCommandKind.AcknowledgeNotices, "acknowledge", "Let a release at 100 % end although notices were not accepted",
            "the notices that are still due are given up, and a release that waits for them at 100 % ends as completed"),
    ];

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var reason = new Option<string>("--reason") { Description = "Why, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it is carried out" };
        var timeout = ServerCommand.DurationOption("--timeout", "Wait at most this long, then exit code 6 (default: 1m)");
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what it would mean and send nothing" };
        var command = new Command(name, description) { id, reason, noWait, timeout, dryRun };
        var by = ServerCommand.DurationOption("--by", "How much longer, for example 30m");
        if (kind == ReleaseCommandKind.Extend)
        {
            by.Required = true;
            command.Options.Add(by);
        }

        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, (io, client) =>
        {
            var asked = new ReleaseCommand($"cli-{Guid.NewGuid():N}", kind, "", parsed.GetValue(reason) ?? "")
            {
                Duration = kind == ReleaseCommandKind.Extend ? parsed.GetValue(by) : null,
            };
            var release = parsed.GetRequiredValue(id);
            return parsed.GetValue(dryRun)
                ? DryRunAsync(io, client, release, asked, cancellation)
                : SendAsync(io, client, release, asked, parsed.GetValue(noWait) ? null : parsed.GetValue(timeout) ?? StandardTimeout, cancellation);
        }));
        return command;
    }

    private async Task<int> DryRunAsync(CommandIo io, SlipwayClient client, ReleaseId release, ReleaseCommand asked, CancellationToken cancellation)
    {
        var answer = await client.SummaryAsync(release, cancellation);
        return await answer.ThenAsync(io, summary =>
        {
            if (io.Json)
                io.Data(new { release, command = name, duration = asked.Duration, sent = false, consequence, summary.Phase, summary.Percentage });
            else
                io.Data($"{release} is {Slipway.Web.Api.PhaseWords.Of(summary.Phase)} at {Printable.Share(summary.Percentage)} of users; {name}: {consequence}.");
            io.Say("Nothing was sent.");
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private async Task<int> SendAsync(
        CommandIo io, SlipwayClient client, ReleaseId release, ReleaseCommand asked, TimeSpan? wait, CancellationToken cancellation)
    {
        var answer = await client.CommandAsync(release, asked, cancellation);
        return await answer.ThenAsync(io, async receipt =>
        {
            if (wait is not { } limit)
            {
                Report(io, release, receipt.CommandId, "recorded", "");
                io.Say($"{name} is recorded for {release} (ledger entry {receipt.Sequence}). Whether it is applied: `slipway watch {release}`.");
                return ExitCodes.Done;
            }

            var outcome = await CommandOutcomeReader.WaitAsync(io.Host, client, release, receipt, limit, cancellation);
            return Finish(io, release, receipt.CommandId, outcome, limit);
        });
    }

    private int Finish(CommandIo io, ReleaseId release, string commandId, SentCommand outcome, TimeSpan limit)
    {
        switch (outcome)
        {
            case SentCommand.Applied applied:
                Report(io, release, commandId, "applied", applied.Effect);
                io.Say(NextStep(release));
                return ExitCodes.Done;
            case SentCommand.Refused refused:
                return io.Fail(Error(ExitCodes.Conflict, "command_refused", $"{name} was refused", refused.Why, $"Where it stands: `slipway show {release}`."));
            case SentCommand.Ended ended:
                return io.Fail(Error(
                    ExitCodes.Conflict, "release_over", $"{release} ended as {Slipway.Web.Api.PhaseWords.Of(ended.Phase)} before {name} was carried out", "", $"The report: `slipway show {release} --json`."));
            case SentCommand.Lost lost:
                return io.Fail(lost.Error);
            default:
                return io.Fail(Error(
                    ExitCodes.StillWaiting, "still_waiting", $"{name} is recorded for {release}, but not carried out after {DurationText.Format(limit)}", "",
                    $"It is not lost; follow it with `slipway watch {release}`."));
        }
    }

    private void Report(CommandIo io, ReleaseId release, string commandId, string outcome, string effect)
    {
        if (io.Json)
            io.Data(new { release, command = name, command_id = commandId, outcome, effect });
        else if (effect.Length > 0)
            io.Data(Printable.Line($"{release}: {effect}"));
        else
            io.Data($"{release}: {name} {outcome}");
    }

    private string NextStep(ReleaseId release) => kind switch
    {
        ReleaseCommandKind.Pause => $"Go on with `slipway resume {release}`, or back with `slipway rollback {release}`.",
        ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort => $"See how it ends with `slipway watch {release}`.",
        _ => $"Follow it with `slipway watch {release}`.",
    };

    private static CliError Error(int exitCode, string kind, string what, string why, string fix) =>
        new() { ExitCode = exitCode, Kind = kind, What = what, Why = why, Fix = fix };
}
