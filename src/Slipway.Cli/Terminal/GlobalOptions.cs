using System.CommandLine;

namespace Slipway.Cli.Terminal;

/// <summary>The options that every command understands.</summary>
public static class GlobalOptions
{
    /// <summary>Where a server is looked for when nothing says otherwise.</summary>
    public const string DefaultServer = "http://127.0.0.1:5180";

    /// <summary><c>--json</c>: machine-readable data on stdout.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Machine-readable output (NDJSON for watch)", Recursive = true };

    /// <summary><c>--no-color</c>.</summary>
    public static Option<bool> NoColor { get; } = new("--no-color") { Description = "No colour, also with NO_COLOR or TERM=dumb", Recursive = true };

    /// <summary><c>--server URL</c>.</summary>
    public static Option<string?> Server { get; } = new("--server")
    {
        Description = $"The server to talk to (default: SLIPWAY_SERVER, else what `slipway serve` wrote to the data folder, else {DefaultServer})",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary><c>--data DIR</c>.</summary>
    public static Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder (default: .slipway in the current directory)",
        HelpName = "DIR",
        Recursive = true,
        Validators =
        {
            // An unset variable in a script must not make the current directory the data folder.
            static result =>
            {
                if (result.Tokens is [var token] && string.IsNullOrWhiteSpace(token.Value)) result.AddError("--data is empty: expected a folder.");
            },
        },
    };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } = [Server, Data, Json, NoColor];

    /// <summary>Whether <c>--json</c> was given.</summary>
    public static bool IsJson(ParseResult parsed) => parsed.GetValue(Json);

    /// <summary>The absolute path of the data folder; it may not exist.</summary>
    public static string DataDirectory(ParseResult parsed, CliHost host) =>
        Path.GetFullPath(parsed.GetValue(Data) ?? ".slipway", host.CurrentDirectory);

    /// <summary>Whether stdout may carry colour.</summary>
    public static bool UseColor(ParseResult parsed, CliHost host) =>
        host.OutputIsTerminal
        && !parsed.GetValue(NoColor)
        && string.IsNullOrEmpty(host.Variable("NO_COLOR"))
        && host.Variable("TERM") != "dumb";
}
