using System.CommandLine;
using System.Globalization;
using Slipway.Cli.Terminal;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Workflow.Ports;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway retry ID</c>: tries a release again that was rolled back or failed, as a release of its own.</summary>
public sealed class RetryCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var reason = new Option<string>("--reason") { Description = "What is different now, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var dryRun = DryRun.Option();
        var command = new Command("retry", "Try a release again that was rolled back or failed; it gets an id of its own") { id, reason, dryRun };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            if (parsed.GetValue(dryRun)) return await DryRun.OfReleaseAsync(io, client, parsed.GetRequiredValue(id), "retry", Consequence, Refusal, cancellation);
            var answer = await client.RetryAsync(parsed.GetRequiredValue(id), parsed.GetValue(reason) ?? "", cancellation);
            return await answer.ThenAsync(io, receipt =>
            {
                if (io.Json) io.Data(receipt);
                else io.Data(receipt.Id.Value);
                io.Say(receipt.Created
                    ? $"Started {receipt.Id}, attempt {receipt.Attempt} after {receipt.RetryOf}. Follow it with `slipway watch {receipt.Id}`."
                    : $"{receipt.RetryOf} was tried again before, as {receipt.Id}; nothing was changed. Where it stands: `slipway show {receipt.Id}`.");
                return Task.FromResult(ExitCodes.Done);
            });
        }));
        return command;
    }

    private static string Consequence(ReleaseSummary summary) => summary.RetriedBy is { } next
        ? $"it was tried again before, as {next}; nothing would be changed"
        : string.Create(CultureInfo.InvariantCulture, $"the same request starts as attempt {summary.Attempt + 1}, a release of its own, from its preflight on, if the server takes it as it is today");

    private static string? Refusal(ReleaseSummary summary) => summary.Phase is ReleasePhase.RolledBack or ReleasePhase.Failed
        ? null
        : $"it is {PhaseWords.Of(summary.Phase)}, and only one that was rolled back or failed can be tried again";
}
