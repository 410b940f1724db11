using System.Text;
using Slipway.Cli.Terminal;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Commands;

/// <summary>A ledger for a command that reads one: an exported file without any server, or a release's from its server.</summary>
internal static class LedgerSource
{
    /// <summary>Reads it whole and goes on with it; ends with an error's exit code.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="name">A release's id, or a file.</param>
    /// <param name="next">What to do with its entries, never none.</param>
    /// <param name="cancellation">Gives up reading.</param>
    public static Task<int> ReadAsync(
        CliHost host, System.CommandLine.ParseResult parsed, string name, Func<CommandIo, IReadOnlyList<LedgerEntry>, int> next, CancellationToken cancellation)
    {
        if (IsFile(host, name))
            return Task.FromResult(ReadFile(new CommandIo(host, parsed), name, next));
        return ServerCommand.RunAsync(host, parsed, async (io, client) =>
        {
            if (!ReleaseId.TryParse(name, out var release))
                return io.Fail(Error("no_such_ledger", $"'{name}' is neither a file nor a release id", "", "Name an exported ledger, or a release of `slipway list`."));
            var answer = await client.LedgerAsync(release, 0, cancellation);
            return await answer.ThenAsync(io, entries => Task.FromResult(Go(io, name, entries, next)));
        });
    }

    /// <summary>What an exception says, without the name of a parameter that no reader knows.</summary>
    public static string Words(Exception exception) =>
        exception is ArgumentException { ParamName: { } name } ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;

    private static bool IsFile(CliHost host, string name) =>
        name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
        || name.Contains('/', StringComparison.Ordinal)
        || name.Contains('\\', StringComparison.Ordinal)
        || File.Exists(Path.GetFullPath(name, host.CurrentDirectory));

    private static int ReadFile(CommandIo io, string name, Func<CommandIo, IReadOnlyList<LedgerEntry>, int> next)
    {
        if (Directory.Exists(Path.GetFullPath(name, io.Host.CurrentDirectory)))
            return io.Fail(Error("unreadable_file", $"Cannot read '{name}'", "it is a directory", "Name the exported ledger in it, for example ledger.jsonl."));
        IReadOnlyList<LedgerEntry> entries;
        try
        {
            entries = LedgerLines.ReadAll(File.ReadLines(Path.GetFullPath(name, io.Host.CurrentDirectory), Encoding.UTF8));
        }
        catch (FormatException exception)
        {
            return io.Fail(Error("not_a_ledger", $"{name} is not an intact ledger", exception.Message, "Export it again, or look at that line."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return io.Fail(Error("unreadable_file", $"Cannot read '{name}'", exception.Message, "Name an exported ledger, for example ledger.jsonl."));
        }

        return Go(io, name, entries, next);
    }

    private static int Go(CommandIo io, string name, IReadOnlyList<LedgerEntry> entries, Func<CommandIo, IReadOnlyList<LedgerEntry>, int> next) => entries.Count == 0
        ? io.Fail(Error("empty_ledger", $"{name} holds no ledger entry", "", "Name the whole exported ledger."))
        : next(io, entries);

    private static CliError Error(string kind, string what, string why, string fix) =>
        new() { ExitCode = ExitCodes.Error, Kind = kind, What = what, Why = why, Fix = fix };
}
