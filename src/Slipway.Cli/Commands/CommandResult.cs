using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;

namespace Slipway.Cli.Commands;

/// <summary>Says what became of something that was recorded for a release: a command, a report, an answer.</summary>
internal static class CommandResult
{
    /// <summary>How long is waited when nothing else is asked for.</summary>
    public static TimeSpan StandardTimeout { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Waits for <c>applied</c> or <c>refused</c> and says it; without a wait says only that it is recorded.</summary>
    /// <param name="io">Where to.</param>
    /// <param name="client">The server.</param>
    /// <param name="release">The release.</param>
    /// <param name="name">What was asked, as on the command line.</param>
    /// <param name="receipt">What the server recorded.</param>
    /// <param name="wait">How long to wait; null: not at all.</param>
    /// <param name="next">The next step after it was applied.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static async Task<int> TellAsync(
        CommandIo io, SlipwayClient client, ReleaseId release, string name, CommandReceipt receipt, TimeSpan? wait, string next, CancellationToken cancellation)
    {
        if (wait is not { } limit)
        {
            Report(io, release, name, receipt.CommandId, "recorded", "");
            io.Say($"{name} is recorded for {release} (ledger entry {receipt.Sequence}). Whether it is applied: `slipway watch {release}`.");
            return ExitCodes.Done;
        }

        switch (await CommandOutcomeReader.WaitAsync(io.Host, client, release, receipt, limit, cancellation))
        {
            case SentCommand.Applied applied:
                Report(io, release, name, receipt.CommandId, "applied", applied.Effect);
                io.Say(next);
                return ExitCodes.Done;
            case SentCommand.Refused refused:
                return io.Fail(Error(ExitCodes.Conflict, "command_refused", $"{name} was refused", refused.Why, $"Where it stands: `slipway show {release}`."));
            case SentCommand.Ended ended:
                return io.Fail(Error(
                    ExitCodes.Conflict, "release_over", $"{release} ended as {PhaseWords.Of(ended.Phase)} before {name} was carried out", "", $"The report: `slipway show {release} --json`."));
            case SentCommand.Lost lost:
                return io.Fail(lost.Error);
            default:
                return io.Fail(Error(
                    ExitCodes.StillWaiting, "still_waiting", $"{name} is recorded for {release}, but not carried out after {DurationText.Format(limit)}", "",
                    $"It is not lost; follow it with `slipway watch {release}`."));
        }
    }

    private static void Report(CommandIo io, ReleaseId release, string name, string commandId, string outcome, string effect)
    {
        if (io.Json)
            io.Data(new { release, command = name, command_id = commandId, outcome, effect });
        else if (effect.Length > 0)
            io.Data(Printable.Line($"{release}: {effect}"));
        else
            io.Data($"{release}: {name} {outcome}");
    }

    private static CliError Error(int exitCode, string kind, string what, string why, string fix) =>
        new() { ExitCode = exitCode, Kind = kind, What = what, Why = why, Fix = fix };
}
