using System.CommandLine;
using System.Globalization;

namespace Slipway.Cli.Terminal;

/// <summary>What happens when a command ends with an exception that nobody expected: one line, an id, and a file with the details.</summary>
internal static class CrashReport
{
    public static async Task<int> WriteAsync(CliHost host, ParseResult? parsed, Exception exception)
    {
        var id = Guid.NewGuid().ToString("N")[..12];
        var details = await SaveAsync(host, parsed, id, exception);
        var json = parsed is not null && GlobalOptions.IsJson(parsed);
        var message = OneLine(exception.Message);
        await host.Error.WriteLineAsync(json
            ? CommandIo.ToJson(new CliError { ExitCode = ExitCodes.Error, Kind = "internal_error", What = message, Fix = details, Id = id })
            : $"slipway: internal error {id}: {message}{Environment.NewLine}{details}");
        return ExitCodes.Error;
    }

    private static async Task<string> SaveAsync(CliHost host, ParseResult? parsed, string id, Exception exception)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{host.Time.GetUtcNow():O} error {id}\n{exception}\n");
        var data = parsed is null ? null : GlobalOptions.DataDirectory(parsed, host);
        // The data folder only when it exists: a failing command must not leave one behind.
        string[] folders = data is not null && Directory.Exists(data) ? [Path.Combine(data, "errors"), Path.GetTempPath()] : [Path.GetTempPath()];
        foreach (var folder in folders)
        {
            try
            {
                Directory.CreateDirectory(folder);
                var file = Path.Combine(folder, $"slipway-error-{id}.txt");
                await File.WriteAllTextAsync(file, text);
                return $"The details are in {file}; please report them with the id.";
            }
            catch (Exception inner) when (inner is IOException or UnauthorizedAccessException)
            {
                // Try the next place; the id and the message are still shown.
            }
        }

        return "The details could not be written to a file.";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
