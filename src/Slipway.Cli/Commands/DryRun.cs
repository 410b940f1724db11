using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Ports;

namespace Slipway.Cli.Commands;

/// <summary><c>--dry-run</c> of what changes something: the server is only read, and what would be refused ends as it would.</summary>
internal static class DryRun
{
    /// <summary>The option.</summary>
    /// <param name="description">What happens instead.</param>
    public static Option<bool> Option(string description = "Say what it would mean and send nothing") => new("--dry-run") { Description = description };

    /// <summary>Says what a release's command would mean, beside where the release stands.</summary>
    /// <param name="io">Where to.</param>
    /// <param name="client">The server.</param>
    /// <param name="release">The release.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="consequence">What it would mean.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="duration">The command's duration; null: it has none.</param>
    public static Task<int> OfReleaseAsync(
        CommandIo io, SlipwayClient client, ReleaseId release, string command, string consequence, CancellationToken cancellation, TimeSpan? duration = null) =>
        OfReleaseAsync(io, client, release, command, _ => consequence, _ => null, cancellation, duration);

    /// <summary>The same where both follow from where the release stands.</summary>
    /// <param name="io">Where to.</param>
    /// <param name="client">The server.</param>
    /// <param name="release">The release.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="consequence">What it would mean.</param>
    /// <param name="refusal">Why the server would refuse it; null: it would not.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <param name="duration">The command's duration; null: it has none.</param>
    public static async Task<int> OfReleaseAsync(
        CommandIo io,
        SlipwayClient client,
        ReleaseId release,
        string command,
        Func<ReleaseSummary, string> consequence,
        Func<ReleaseSummary, string?> refusal,
        CancellationToken cancellation,
        TimeSpan? duration = null)
    {
        var answer = await client.SummaryAsync(release, cancellation);
        return await answer.ThenAsync(io, summary =>
        {
            if (refusal(summary) is { } why) return Task.FromResult(Refused(io, $"{command} of {release}", why));
            var means = consequence(summary);
            return Task.FromResult(Told(
                io,
                new { release, command, duration, sent = false, consequence = means, summary.Phase, summary.Percentage },
                $"{release} is {PhaseWords.Of(summary.Phase)} at {Printable.Share(summary.Percentage)} of users; {command}: {means}."));
        });
    }

    /// <summary>Says what it would mean.</summary>
    /// <param name="io">Where to.</param>
    /// <param name="json">The same as JSON.</param>
    /// <param name="line">What it would mean, in one line.</param>
    public static int Told<T>(CommandIo io, T json, string line)
    {
        if (io.Json) io.Data(json);
        else io.Data(Printable.Line(line));
        io.Say("Nothing was sent.");
        return ExitCodes.Done;
    }

    /// <summary>Says that it would be refused.</summary>
    public static int Refused(CommandIo io, string what, string why) => io.Fail(new CliError
    {
        ExitCode = ExitCodes.Conflict,
        Kind = "refused",
        What = $"{what} would be refused",
        Why = why,
        Fix = "Nothing was sent.",
    });
}
