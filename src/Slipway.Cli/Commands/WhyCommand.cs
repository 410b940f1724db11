using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;
using Slipway.Core.Outlook;

namespace Slipway.Cli.Commands;

/// <summary>
/// <c>slipway why</c>: what the evidence of a release says and said, what is missing for its promotion, and with other settings what would
/// have been decided on the same evidence. Works on an exported ledger without a server.
/// </summary>
public sealed class WhyCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var target = new Argument<string>("ID|FILE") { Description = "A release's id, or an exported ledger (.jsonl)" };
        var limit = NumberOption.Of("--limit", "PERCENT", "Judge again with this error-rate limit", "a percentage", "2%", 100);
        var latency = NumberOption.Of("--latency-limit", "MS", "Judge again with this p95 limit", "milliseconds", "300ms", 86_400_000);
        var ratio = NumberOption.Of("--tolerated-ratio", "RATIO", "Judge again with this tolerated ratio to the control arm", "a ratio", "1.5x", 20, 1);
        var budget = NumberOption.Of("--budget", "PERCENT", "Judge again with this false-rollback budget", "a percentage", "0.1%", 50);
        var command = new Command("why", "Explain a release's verdicts, also under other settings") { target, limit, latency, ratio, budget };
        command.SetAction((parsed, cancellation) => LedgerSource.ReadAsync(
            host, parsed, parsed.GetRequiredValue(target),
            (io, entries) => Explain(io, entries, new OtherSettings(parsed.GetValue(limit), parsed.GetValue(latency), parsed.GetValue(ratio), parsed.GetValue(budget))),
            cancellation));
        return command;
    }

    private static int Explain(CommandIo io, IReadOnlyList<LedgerEntry> entries, OtherSettings settings)
    {
        try
        {
            if (entries[0].Read() is not ReleaseCreated created)
                return io.Fail(new CliError { ExitCode = ExitCodes.Error, Kind = "not_a_ledger", What = "The ledger does not begin with its request", Why = "", Fix = "Name the whole exported ledger." });
            var state = ReleaseState.Fold(entries);
            var chain = LedgerChain.Verify(entries);
            var view = new VerdictHistory(state, VerdictReplay.Run(entries, new EvidenceJudge(), settings.AsRecorded ? null : settings.Apply), settings);
            var outlook = PromotionOutlook.Of(state, io.Host.Time.GetUtcNow());
            if (io.Json)
            {
                io.Data(view.ForPrograms(created.Plan.ReleaseId, chain.Ok, outlook));
            }
            else
            {
                foreach (var line in view.ForPeople()) io.Data(Printable.Line(line));
                if (settings.AsRecorded)
                {
                    foreach (var line in SummaryText.Outlook(outlook)) io.Data(line);
                }
            }

            if (!chain.Ok) io.Say($"This ledger was changed after it was written, and what it says may be made up: {Printable.Line(chain.Sentence)}. See `slipway audit verify`.");
            io.Say(settings.AsRecorded
                ? "What other settings would have decided: --limit, --latency-limit, --tolerated-ratio, --budget."
                : "The evidence is what was recorded: a release that had gone on would have seen more.");
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return io.Fail(new CliError { ExitCode = ExitCodes.Error, Kind = "unreadable_ledger", What = "An entry of the ledger does not read", Why = LedgerSource.Words(exception), Fix = LedgerChain.Verify(entries).Ok ? "Use the version that wrote it." : "Export it again; `slipway audit verify` says what was changed in it." });
        }
    }
}
