using System.CommandLine;
using System.Text.RegularExpressions;

namespace Slipway.Cli.Terminal;

/// <summary>
/// Makes the commands that a message proposes work as they are: where this command line named a data folder or a server, they name it too.
/// </summary>
internal static partial class CommandHints
{
    /// <summary>The message with <c>--data</c> and <c>--server</c> of this command line in each proposed command that reads them.</summary>
    public static string Aim(string message, ParseResult parsed)
    {
        var data = Option("--data", parsed.GetValue(GlobalOptions.Data));
        var server = Option("--server", parsed.GetValue(GlobalOptions.Server));
        return data.Length + server.Length == 0
            ? message
            : Proposed().Replace(message, match => $"`{match.Groups["command"].Value}{data}{(match.Groups["verb"].Value == "serve" ? "" : server)}`");
    }

    /// <summary>An option and its value as they are typed; empty without a value.</summary>
    public static string Option(string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        return value.Any(char.IsWhiteSpace) ? $" {name} \"{value}\"" : $" {name} {value}";
    }

    [GeneratedRegex("`(?<command>slipway (?<verb>serve|start|list|show|watch|pause|resume|promote|extend|rollback|abort|report|answer|audit|flags|unlock|freeze|retry)\\b[^`]*)`")]
    private static partial Regex Proposed();
}
