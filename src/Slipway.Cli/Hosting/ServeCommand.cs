using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Slipway.Cli.Terminal;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Hosting;

/// <summary><c>slipway serve</c>: a server for this machine. Ctrl-C and SIGTERM stop it in order; running releases go on at the next start.</summary>
public sealed class ServeCommand : ICliCommand
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "The port on 127.0.0.1; 0 takes a free one",
        DefaultValueFactory = static _ => 5180,
        HelpName = "N",
    };

    private static readonly Option<string?> Policy = new("--policy")
    {
        Description = $"The server policy (default: {PolicyFile.Name} in the data folder, when it is there)",
        HelpName = "FILE",
    };

    /// <summary>The same setting has the same name on Azure.</summary>
    private const string RetentionVariable = "SLIPWAY_RETENTION_DAYS";

    private const int MostRetentionDays = 3650;

    private static readonly Option<int?> RetentionDays = new("--retention-days")
    {
        Description = $"Days until the engine forgets a release that is over, once report, ledger and documents are kept, 1 to {MostRetentionDays} (default: {RetentionVariable}, else 30)",
        HelpName = "N",
    };

    static ServeCommand()
    {
        // What is no number at all is the parser's to say.
        Port.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var port) && port is < 0 or > 65535) result.AddError($"'{token.Value}' is not a port: expected 0 to 65535.");
        });
        RetentionDays.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var days) && days is < 1 or > MostRetentionDays)
                result.AddError($"'{token.Value}' is not a number of days: expected 1 to {MostRetentionDays}.");
        });
    }

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var command = new Command("serve", "Run a Slipway server on this machine") { Port, Policy, RetentionDays };
        command.SetAction((parsed, cancellation) => RunAsync(host, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, ParseResult parsed, CancellationToken cancellation)
    {
        var json = GlobalOptions.IsJson(parsed);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            var options = new SlipwayServerOptions
            {
                DataDirectory = GlobalOptions.DataDirectory(parsed, host),
                Port = parsed.GetValue(Port),
                PolicyFile = parsed.GetValue(Policy) is { } policy ? Path.GetFullPath(policy, host.CurrentDirectory) : null,
                KeepInstances = Retention(parsed.GetValue(RetentionDays), host.Variable(RetentionVariable)),
                Time = host.Time,
                Variable = host.Variable,
                Logging = builder => LogToStderr(builder, json),
            };
            await using var server = await SlipwayServer.StartAsync(options, stop.Token);
            // The other terminal may stand elsewhere, so a folder that was named is named in full.
            var folder = parsed.GetValue(GlobalOptions.Data) is null ? "" : CommandHints.Option("--data", options.DataDirectory);
            await AnnounceAsync(host, server, options.DataDirectory, folder, json);
            await server.Failure.WaitAsync(stop.Token);
        }
        catch (ServerStartException error)
        {
            var message = CommandHints.Aim(error.Message, parsed);
            await host.Error.WriteLineAsync(json
                ? CommandIo.ToJson(new CliError { ExitCode = ExitCodes.Error, Kind = "not_started", What = message })
                : $"slipway serve: {message}");
            return ExitCodes.Error;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await host.Error.WriteLineAsync("Stopped. Running releases go on at the next `slipway serve`.");
        }

        return cancellation.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Done;
    }

    private static TimeSpan Retention(int? option, string? variable)
    {
        if (option is { } days) return TimeSpan.FromDays(days);
        if (string.IsNullOrWhiteSpace(variable)) return new SlipwayServerOptions { DataDirectory = "" }.KeepInstances;
        return int.TryParse(variable, NumberStyles.None, CultureInfo.InvariantCulture, out var set) && set is >= 1 and <= MostRetentionDays
            ? TimeSpan.FromDays(set)
            : throw new ServerStartException($"{RetentionVariable} is '{variable}': expected a number of days from 1 to {MostRetentionDays}.");
    }

    private static Task AnnounceAsync(CliHost host, SlipwayServer server, string data, string folder, bool json)
    {
        var url = server.Url.AbsoluteUri.TrimEnd('/');
        return json
            ? host.Output.WriteLineAsync(JsonSerializer.Serialize(new { schema = "slipway.serve.v1", url, data, process = Environment.ProcessId }, SlipwayJson.Options))
            : host.Error.WriteLineAsync($"Slipway listens on {url}, data in {data}. Next, in another terminal: `slipway start release.yaml{folder}`, and `slipway dashboard{folder}` for a browser; Ctrl-C stops.");
    }

    private static void LogToStderr(ILoggingBuilder builder, bool json)
    {
        builder.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        if (json)
        {
            builder.AddJsonConsole(static format =>
            {
                format.UseUtcTimestamp = true;
                format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            builder.AddSimpleConsole(static format =>
            {
                format.SingleLine = true;
                format.UseUtcTimestamp = true;
                format.TimestampFormat = "HH:mm:ss.fff'Z' ";
                format.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        builder.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
