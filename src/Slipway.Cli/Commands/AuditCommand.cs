using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway audit verify</c>: whether a ledger is what it was when it was written, and with <c>--recompute</c> whether its verdicts
/// follow from its evidence; works on an exported file without a server.</summary>
public sealed class AuditCommand : ICliCommand
{
    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var target = new Argument<string>("ID|FILE") { Description = "A release's id, or an exported ledger (.jsonl)" };
        var head = new Option<string?>("--head")
        {
            Description = "The hash that the last entry must have: also shows entries cut off at the end",
            HelpName = "HASH",
        };
        head.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && (token.Value.Length != 64 || !token.Value.All(char.IsAsciiHexDigit)))
                result.AddError($"'{Printable.Line(token.Value)}' is not a hash for --head: expected 64 hexadecimal digits.");
        });
        var recompute = new Option<bool>("--recompute") { Description = "Also compute every verdict again from the recorded evidence" };
        var verify = new Command("verify", "Verify the hash chain of a ledger, and its verdicts") { target, head, recompute };
        verify.SetAction((parsed, cancellation) => LedgerSource.ReadAsync(
            host, parsed, parsed.GetRequiredValue(target),
            (io, entries) => Report(io, parsed.GetRequiredValue(target), entries, parsed.GetValue(head), parsed.GetValue(recompute)), cancellation));
        return new Command("audit", "Audit ledgers") { verify };
    }

    private static int Report(CommandIo io, string source, IReadOnlyList<LedgerEntry> entries, string? head, bool recompute)
    {
        var verdict = LedgerChain.Verify(entries);
        var headFits = head is null || !verdict.Ok || string.Equals(head, verdict.HeadHash, StringComparison.OrdinalIgnoreCase);
        var sentence = headFits
            ? verdict.Sentence
            : $"the {verdict.Count} entries fit together, but the last has the hash {verdict.HeadHash} and not {head}: entries behind it are missing or others";
        var verdicts = recompute ? Recompute(entries) : null;
        var chained = verdict.Ok && headFits;
        var ok = chained && verdicts is not { Ok: false };
        if (io.Json)
        {
            io.Data(new
            {
                schema = "slipway.audit.v1",
                source,
                ok,
                verdict.Count,
                verdict.HeadHash,
                verdict.Fault,
                verdict.BadSequence,
                sentence,
                verdicts = verdicts is null ? null : new { verdicts.Ok, verdicts.Computed, verdicts.Identical, verdicts.Different, verdicts.Sentence },
            });
        }
        else
        {
            io.Data($"{Printable.Line(source)}: {Word(io, chained)}: {Printable.Line(sentence)}");
            if (verdicts is not null) io.Data($"{Printable.Line(source)}: {Word(io, verdicts.Ok)}: {Printable.Line(verdicts.Sentence)}");
        }

        io.Say(!chained ? "This ledger was changed after it was written. Keep it as it is, and look for an older copy."
            : !ok ? "A verdict does not follow from the evidence that is recorded with it: this version judges otherwise, or the entry was made up. See it with `slipway why`."
            : "The chain shows changes inside it; compare the head hash with one kept elsewhere (--head) to show that nothing is cut off at the end.");
        return ok ? ExitCodes.Done : ExitCodes.Error;
    }

    private static string Word(CommandIo io, bool ok) => ok ? io.Tinted("ok", ConsoleTint.Green) : io.Tinted("BAD", ConsoleTint.Red);

    private static Recomputed Recompute(IReadOnlyList<LedgerEntry> entries)
    {
        try
        {
            var comparison = VerdictComparison.Of(VerdictReplay.Run(entries, new EvidenceJudge()));
            return new Recomputed(comparison.Ok, comparison.Verdicts, comparison.Identical, comparison.Different?.Sequence, comparison.Sentence);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return new Recomputed(false, 0, 0, null, $"the verdicts cannot be computed again, an entry does not read: {LedgerSource.Words(exception)}");
        }
    }

    private sealed record Recomputed(bool Ok, int Computed, int Identical, long? Different, string Sentence);
}
