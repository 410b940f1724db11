using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Slipway.Cli.Terminal;

namespace Slipway.Cli;

/// <summary>The whole command line: parses, runs one command, and turns every way it can end into an exit code and clear words.</summary>
/// <param name="host">The machine it runs on.</param>
/// <param name="commands">The commands, in the order of the help.</param>
public sealed class CliApp(CliHost host, IReadOnlyList<ICliCommand> commands)
{
    /// <summary>
    /// Runs one command line and returns its exit code; never throws. Cancelling <paramref name="cancellation"/> is Ctrl-C.
    /// </summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation)
    {
        var root = BuildRoot();
        ParseResult? parsed = null;
        try
        {
            parsed = root.Parse([.. args], new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction)
                return await UsageErrors.WriteAsync(host, parsed);
            var configuration = new InvocationConfiguration
            {
                Output = host.Output,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                // Ctrl-C is ours: it cancels the token, and the command ends with 130.
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync("Interrupted. A release that was started goes on by itself; see `slipway list`.");
            return ExitCodes.Interrupted;
        }
        catch (IOException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (IOException exception) when (parsed is not null && exception is not (FileNotFoundException or FileLoadException))
        {
            // A full disk or a closed output is the machine's condition and no defect; a missing part of the program is one.
            return new CommandIo(host, parsed).Fail(new CliError
            {
                ExitCode = ExitCodes.Error,
                Kind = "io_failed",
                What = "Reading or writing failed",
                Why = exception.Message,
                Fix = "Check where the output goes and that the disk has room, then run it again.",
            });
        }
        catch (Exception exception)
        {
            return await CrashReport.WriteAsync(host, parsed, exception);
        }
    }

    private RootCommand BuildRoot()
    {
        var root = new RootCommand("Slipway takes a release from approved to all users, or safely back.");
        foreach (var option in GlobalOptions.All)
            root.Options.Add(option);
        foreach (var command in commands)
            root.Subcommands.Add(command.Build(host));
        root.SetAction(parsed =>
        {
            var help = new HelpAction();
            parsed.InvocationConfiguration.Output = host.Error;
            help.Invoke(parsed);
            return ExitCodes.Usage;
        });
        return root;
    }
}
