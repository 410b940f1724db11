using System.CommandLine;
using Slipway.Cli.Hosting;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Demo;

/// <summary>
/// <c>slipway demo</c>: two real releases of a small storefront under real traffic, in under a minute. Everything runs in this process, but
/// talks over loopback HTTP as it would on its own.
/// </summary>
public sealed class DemoCommand : ICliCommand
{
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Where the reports go (default: a new folder among the temporary files)",
        HelpName = "DIR",
    };

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var command = new Command("demo", "Run a good and a bad release end to end, in under a minute") { Out };
        command.SetAction((parsed, cancellation) => RunAsync(host, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, ParseResult parsed, CancellationToken cancellation)
    {
        var json = GlobalOptions.IsJson(parsed);
        var stamp = host.Time.GetLocalNow().ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture);
        var folder = parsed.GetValue(Out) is { } named
            ? Path.GetFullPath(named, host.CurrentDirectory)
            : Path.Combine(Path.GetTempPath(), $"slipway-demo-{stamp}-{Environment.ProcessId}");
        try
        {
            var summary = await new DemoRun(DemoConsole.For(host, json), DemoFolder.Open(folder)).RunAsync(cancellation);
            await host.Output.WriteLineAsync(json ? summary.ForPrograms() : summary.ForPeople());
            return summary.Differences.Count == 0 ? ExitCodes.Done : ExitCodes.Error;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync("Interrupted. Everything that the demo had started is closed.");
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is DemoFailedException or ServerStartException or HttpRequestException && !cancellation.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync(json
                ? CommandIo.ToJson(new CliError { ExitCode = ExitCodes.Error, Kind = "demo_failed", What = error.Message })
                : $"slipway demo: {error.Message}");
            return ExitCodes.Error;
        }
    }
}
