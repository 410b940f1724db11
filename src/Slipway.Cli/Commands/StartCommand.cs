using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Rehearsing;
using Slipway.Cli.Terminal;
using Slipway.Web.Api;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway start FILE</c>: hands a request to the server, and follows it with <c>--wait</c>.</summary>
public sealed class StartCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var file = RequestInput.FileArgument();
        var wait = new Option<bool>("--wait") { Description = "Wait until the release is over (exit code 0 completed, 3 rolled back or failed)" };
        var timeout = ServerCommand.DurationOption("--timeout", "With --wait: stop waiting after this time, with exit code 6 (default: never)");
        var rehearsal = new Option<string?>("--rehearsal") { Description = $"The result of `slipway rehearse` to send as evidence (default: {RehearseCommand.FileName} beside the request, where there is one)", HelpName = "FILE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Have the server check the request and start nothing" };
        var command = new Command("start", "Start a release") { file, wait, timeout, rehearsal, dryRun };
        command.Validators.Add(result =>
        {
            if (result.GetResult(timeout) is not null && !result.GetValue(wait))
                result.AddError("--timeout needs --wait.");
            if (result.GetValue(dryRun) && result.GetValue(wait))
                result.AddError("--dry-run starts nothing, so there is nothing to --wait for.");
        });
        command.SetAction((parsed, cancellation) => ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            var input = await RequestInput.ReadAsync(host, parsed.GetRequiredValue(file), cancellation);
            return await input.ThenAsync(io, document => parsed.GetValue(dryRun)
                ? CheckAsync(io, client, document, cancellation)
                : StartAsync(io, client, document, parsed.GetValue(rehearsal), parsed.GetValue(wait), parsed.GetValue(timeout), cancellation));
        }));
        return command;
    }

    private static async Task<int> CheckAsync(CommandIo io, SlipwayClient client, RequestInput input, CancellationToken cancellation)
    {
        var answer = await client.CheckAsync(input.Bytes, input.MediaType, cancellation);
        return await answer.ThenAsync(io, json =>
        {
            if (io.Json)
                io.Data(json);
            io.Say($"The server would start {input.Name}. Nothing was started; do it with `slipway start {input.Name}`.");
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static async Task<int> StartAsync(
        CommandIo io, SlipwayClient client, RequestInput input, string? rehearsal, bool wait, TimeSpan? timeout, CancellationToken cancellation)
    {
        var (proof, error) = await RehearsalFile.ReadAsync(io.Host, input.Name, rehearsal, cancellation);
        if (error is not null) return io.Fail(error);
        var answer = await client.StartAsync(input.Bytes, input.MediaType, proof, cancellation);
        return await answer.ThenAsync(io, async receipt =>
        {
            var what = receipt.Created ? $"Started {receipt.Id}." : $"{receipt.Id} was started before from the same request; nothing was changed.";
            if (wait)
            {
                io.Say(what);
                return await WaitAsync(io, client, receipt, timeout, cancellation);
            }

            if (io.Json)
                io.Data(receipt);
            else
                io.Data(receipt.Id.Value);
            io.Say(receipt.Created ? $"{what} Follow it with `slipway watch {receipt.Id}`." : $"{what} Where it stands: `slipway show {receipt.Id}`.");
            return ExitCodes.Done;
        });
    }

    private static async Task<int> WaitAsync(CommandIo io, SlipwayClient client, StartReceipt receipt, TimeSpan? timeout, CancellationToken cancellation)
    {
        // Progress is a message here; the data is the release's last state. With --json there is nobody to read progress.
        var lines = io.Json ? TextWriter.Null : io.Host.Error;
        var code = await new ReleaseWatcher(io, client, lines, ndjson: false).RunAsync(receipt.Id, timeout, cancellation);
        if (code is not (ExitCodes.Done or ExitCodes.RolledBack or ExitCodes.StillWaiting))
            return code;
        var summary = await client.SummaryAsync(receipt.Id, cancellation);
        return await summary.ThenAsync(io, last =>
        {
            if (io.Json)
                io.Data(last);
            else
                io.Data($"{receipt.Id} {PhaseWords.Of(last.Phase)}");
            return Task.FromResult(code);
        });
    }
}
