using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slipway.Cli.Terminal;
using Slipway.Core.Serialization;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway version</c>: what runs here.</summary>
public sealed class VersionCommand : ICliCommand
{
    /// <summary>The version of this build, for example <c>0.1.0</c>.</summary>
    public static string Number { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <inheritdoc/>
    public Command Build(CliHost host)
    {
        var command = new Command("version", "Print the version of slipway and its runtime");
        command.SetAction(parsed =>
        {
            host.Output.WriteLine(GlobalOptions.IsJson(parsed)
                ? JsonSerializer.Serialize(new { version = Number, runtime = RuntimeInformation.FrameworkDescription }, SlipwayJson.Options)
                : $"slipway {Number} ({RuntimeInformation.FrameworkDescription})");
            return ExitCodes.Done;
        });
        return command;
    }
}
