using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway retry ID</c>: tries a release again that was rolled back or failed, as a release of its own.</summary>
public sealed class RetryCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var id = ServerCommand.ReleaseArgument();
        var reason = new Option<string>("--reason") { Description = "What is different now, for the ledger (up to 1000 characters)", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var command = new Command("retry", "Try a release again that was rolled back or failed; it gets an id of its own") { id, reason };
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
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
}
