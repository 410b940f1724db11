using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Client;

/// <summary>Which server to talk to, and with which token.</summary>
/// <param name="Url">Absolute http or https URL.</param>
/// <param name="Token">The operator's token; null when none is known.</param>
public sealed record ServerAddress(Uri Url, string? Token)
{
    /// <summary>
    /// Finds the server: <c>--server</c>, else <c>SLIPWAY_SERVER</c>, else <c>server.json</c> of the data folder, else the default. The
    /// token is <c>SLIPWAY_TOKEN</c>, else the one of <c>server.json</c>, but only for the server that the file names: a token never goes
    /// to another one.
    /// </summary>
    public static Answer<ServerAddress> Find(ParseResult parsed, CliHost host)
    {
        var folder = GlobalOptions.DataDirectory(parsed, host);
        ServerFile? file;
        try
        {
            file = ServerFile.Read(folder);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Bad("server_file", "The data folder's server.json cannot be used", exception.Message, "Start the server again with `slipway serve`, or name one with --server.");
        }

        var named = Nonempty(parsed.GetValue(GlobalOptions.Server)) ?? Nonempty(host.Variable("SLIPWAY_SERVER"));
        if (named is null && file is null && parsed.GetValue(GlobalOptions.Data) is not null)
        {
            // Asking the default server instead could change releases of another one.
            return Bad("no_server_file", $"No server has run on the data folder {folder}", Missing(folder), "Start one with `slipway serve`, or name the folder of another with --data.");
        }

        var text = named ?? file?.Url ?? GlobalOptions.DefaultServer;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Bad("server_url", "The server's URL is not valid", $"found '{text}', expected an absolute http or https URL", "For example: --server http://127.0.0.1:5180");
        if (url.UserInfo.Length > 0)
            return Bad("server_url", "The server's URL is not valid", "it holds a user name or password", "Put the token into SLIPWAY_TOKEN instead.");
        return new Answer<ServerAddress>.Got(new ServerAddress(url, Nonempty(host.Variable("SLIPWAY_TOKEN")) ?? TokenFor(url, file)));
    }

    private static string Missing(string folder)
    {
        if (File.Exists(folder)) return "it is a file";
        return Directory.Exists(folder) ? "there is no server.json in it" : "there is no such folder";
    }

    private static string? TokenFor(Uri url, ServerFile? file) =>
        file is not null && Uri.TryCreate(file.Url, UriKind.Absolute, out var known) && known.GetLeftPart(UriPartial.Authority) == url.GetLeftPart(UriPartial.Authority)
            ? file.OperatorToken
            : null;

    private static string? Nonempty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Answer<ServerAddress>.Failed Bad(string kind, string what, string why, string fix) =>
        new(new CliError { ExitCode = ExitCodes.Error, Kind = kind, What = what, Why = why, Fix = fix });
}
