using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway answer</c>: answers an evaluation that holds a release.</summary>
public sealed class AnswerCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var evaluation = new Argument<string>("EVALUATION") { Description = "The evaluation's id, for example e1 (see `slipway show`)" };
        var verdict = new Argument<string>("VERDICT") { Description = "confirm: it is as bad as it looks, every user goes back; dismiss: it is not, the release goes on" };
        verdict.AcceptOnlyFromAmong("confirm", "dismiss");
        var comment = new Option<string>("--comment") { Description = "Why, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait for what it causes" };
        var timeout = ServerCommand.DurationOption("--timeout", "Wait at most this long, then exit code 6 (default: 1m)");
        var dryRun = DryRun.Option();
        var command = new Command("answer", "Answer an evaluation that holds a release") { id, evaluation, verdict, comment, noWait, timeout, dryRun };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var release = parsed.GetRequiredValue(id);
            var choice = Enum.Parse<EvaluationVerdict>(parsed.GetRequiredValue(verdict), ignoreCase: true);
            if (parsed.GetValue(dryRun)) return await DryRunAsync(io, client, release, parsed.GetRequiredValue(evaluation), choice, cancellation);
            var answer = new EvaluationAnswer($"cli-{Guid.NewGuid():N}", parsed.GetRequiredValue(evaluation), choice, "", parsed.GetValue(comment) ?? "");
            var sent = await client.AnswerAsync(release, answer, cancellation);
            return await sent.ThenAsync(io, receipt => CommandResult.TellAsync(
                io, client, release, $"answer {answer.Evaluation}", receipt, parsed.GetValue(noWait) ? null : parsed.GetValue(timeout) ?? CommandResult.StandardTimeout,
                choice == EvaluationVerdict.Confirm ? $"See how it ends with `slipway watch {release}`." : $"Follow it with `slipway watch {release}`.", cancellation));
        }));
        return command;
    }

    private static Task<int> DryRunAsync(CommandIo io, SlipwayClient client, ReleaseId release, string evaluation, EvaluationVerdict verdict, CancellationToken cancellation) =>
        DryRun.OfReleaseAsync(
            io,
            client,
            release,
            $"answer {evaluation}",
            summary => verdict == EvaluationVerdict.Confirm
                ? "every user returns to the old version, and the release is over"
                : summary.Evaluations.Count > 1 ? "this question is settled; the release stays held while others are open" : "the release goes on by itself from where it was held",
            summary => summary.Evaluations.Any(open => open.Id == evaluation)
                ? null
                : $"{evaluation} is not open; open is: {(summary.Evaluations.Count == 0 ? "none" : string.Join(", ", summary.Evaluations.Select(open => open.Id)))}",
            cancellation);
}
