using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;

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
        var limit = Number("--limit", "PERCENT", "Judge again with this error-rate limit, for example 2%", '%', 0, 100);
        var latency = Number("--latency-limit", "MS", "Judge again with this p95 limit, for example 300ms", 'm', 0, 86_400_000);
        var ratio = Number("--tolerated-ratio", "RATIO", "Judge again with this tolerated ratio to the control arm, for example 1.5", 'x', 1, 20);
        var budget = Number("--budget", "PERCENT", "Judge again with this false-rollback budget, for example 0.1%", '%', 0, 50);
        var command = new Command("why", "Explain a release's verdicts, also under other settings") { target, limit, latency, ratio, budget };
        command.SetAction((parsed, cancellation) => LedgerSource.ReadAsync(
            host, parsed, parsed.GetRequiredValue(target),
            (io, entries) => Explain(io, entries, new OtherSettings(parsed.GetValue(limit), parsed.GetValue(latency), parsed.GetValue(ratio), parsed.GetValue(budget))),
            cancellation));
        return command;
    }

    private static Option<decimal?> Number(string name, string help, string description, char unit, decimal least, decimal most) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value.Trim();
            var number = unit switch
            {
                '%' => text.TrimEnd('%'),
                'm' => text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text,
                _ => text.TrimEnd('x'),
            };
            if (decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && (unit == 'x' ? value >= least : value > least) && value <= most)
                return value;
            result.AddError($"'{Printable.Line(text)}' is not a value for {name}: expected {(unit == 'x' ? "from" : "above")} {least.ToString(CultureInfo.InvariantCulture)} up to {most.ToString(CultureInfo.InvariantCulture)}.");
            return null;
        },
    };

    private static int Explain(CommandIo io, IReadOnlyList<LedgerEntry> entries, OtherSettings settings)
    {
        try
        {
            var state = ReleaseState.Fold(entries);
            if (state.Created is not { } created)
                return io.Fail(new CliError { ExitCode = ExitCodes.Error, Kind = "not_a_ledger", What = "The ledger does not begin with its request", Why = "", Fix = "Name the whole exported ledger." });
            var view = VerdictHistory.Of(state, VerdictReplay.Run(entries, new EvidenceJudge(), settings.AsRecorded ? null : settings.Apply), settings);
            if (io.Json)
            {
                io.Data(view.ForPrograms(created.Plan.ReleaseId));
            }
            else
            {
                foreach (var line in view.ForPeople()) io.Data(Printable.Line(line));
            }

            io.Say(settings.AsRecorded
                ? "What other settings would have decided: --limit, --latency-limit, --tolerated-ratio, --budget."
                : "The evidence is what was recorded: a release that had gone on would have seen more.");
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return io.Fail(new CliError { ExitCode = ExitCodes.Error, Kind = "unreadable_ledger", What = "An entry of the ledger does not read", Why = exception.Message, Fix = "Use the version that wrote it." });
        }
    }
}
