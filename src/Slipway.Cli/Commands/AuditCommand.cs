using System.CommandLine;
using System.Text;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway audit verify</c>: whether a ledger is what it was when it was written; works on an exported file without a server.</summary>
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
        var verify = new Command("verify", "Verify the hash chain of a ledger") { target, head };
        verify.SetAction((parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(target);
            return IsFile(host, name)
                ? Task.FromResult(VerifyFile(new CommandIo(host, parsed), name, parsed.GetValue(head)))
                : ServerCommand.RunAsync(host, parsed, (io, client) => VerifyReleaseAsync(io, client, name, parsed.GetValue(head), cancellation));
        });
        return new Command("audit", "Audit ledgers") { verify };
    }

    private static bool IsFile(CliHost host, string name) =>
        name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
        || name.Contains('/', StringComparison.Ordinal)
        || name.Contains('\\', StringComparison.Ordinal)
        || File.Exists(Path.GetFullPath(name, host.CurrentDirectory));

    private static int VerifyFile(CommandIo io, string name, string? head)
    {
        if (Directory.Exists(Path.GetFullPath(name, io.Host.CurrentDirectory)))
            return io.Fail(Error("unreadable_file", $"Cannot read '{name}'", "it is a directory", "Name the exported ledger in it, for example ledger.jsonl."));
        try
        {
            return Report(io, name, LedgerLines.ReadAll(File.ReadLines(Path.GetFullPath(name, io.Host.CurrentDirectory), Encoding.UTF8)), head);
        }
        catch (FormatException exception)
        {
            return io.Fail(Error("not_a_ledger", $"{name} is not an intact ledger", exception.Message, "Export it again, or look at that line."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return io.Fail(Error("unreadable_file", $"Cannot read '{name}'", exception.Message, "Name an exported ledger, for example ledger.jsonl."));
        }
    }

    private static async Task<int> VerifyReleaseAsync(CommandIo io, SlipwayClient client, string name, string? head, CancellationToken cancellation)
    {
        if (!ReleaseId.TryParse(name, out var release))
            return io.Fail(Error("no_such_ledger", $"'{name}' is neither a file nor a release id", "", "Name an exported ledger, or a release of `slipway list`."));
        var answer = await client.LedgerAsync(release, 0, cancellation);
        return await answer.ThenAsync(io, entries => Task.FromResult(Report(io, name, entries, head)));
    }

    private static int Report(CommandIo io, string source, IReadOnlyList<LedgerEntry> entries, string? head)
    {
        if (entries.Count == 0)
            return io.Fail(Error("empty_ledger", $"{source} holds no ledger entry", "", "Name the whole exported ledger."));
        var verdict = LedgerChain.Verify(entries);
        var headFits = head is null || !verdict.Ok || string.Equals(head, verdict.HeadHash, StringComparison.OrdinalIgnoreCase);
        var ok = verdict.Ok && headFits;
        var sentence = headFits
            ? verdict.Sentence
            : $"the {verdict.Count} entries fit together, but the last has the hash {verdict.HeadHash} and not {head}: entries behind it are missing or others";
        if (io.Json)
            io.Data(new { schema = "slipway.audit.v1", source, ok, verdict.Count, verdict.HeadHash, verdict.Fault, verdict.BadSequence, sentence });
        else
            io.Data($"{Printable.Line(source)}: {(ok ? io.Tinted("ok", ConsoleTint.Green) : io.Tinted("BAD", ConsoleTint.Red))}: {Printable.Line(sentence)}");
        io.Say(ok
            ? "The chain shows changes inside it; compare the head hash with one kept elsewhere (--head) to show that nothing is cut off at the end."
            : "This ledger was changed after it was written. Keep it as it is, and look for an older copy.");
        return ok ? ExitCodes.Done : ExitCodes.Error;
    }

    private static CliError Error(string kind, string what, string why, string fix) =>
        new() { ExitCode = ExitCodes.Error, Kind = kind, What = what, Why = why, Fix = fix };
}
