using System.CommandLine;
using Slipway.Cli.Client;
using Slipway.Cli.Terminal;
using Slipway.Core.Requests;

namespace Slipway.Cli.Commands;

/// <summary>A request file as read from disk.</summary>
/// <param name="Name">As the person wrote it.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="MediaType">From its extension: JSON for <c>.json</c>, Markdown for <c>.md</c>, otherwise YAML.</param>
internal sealed record RequestInput(string Name, byte[] Bytes, string MediaType)
{
    /// <summary>The argument that names the file.</summary>
    public static Argument<string> FileArgument() => new("FILE") { Description = "The request: YAML, JSON, or a brief in Markdown (.md)" };

    /// <summary>Reads a file; everything that can be wrong with a path is an error with the reason.</summary>
    public static async Task<Answer<RequestInput>> ReadAsync(CliHost host, string name, CancellationToken cancellation)
    {
        string path;
        try
        {
            path = Path.GetFullPath(name, host.CurrentDirectory);
            if (Directory.Exists(path))
                return Bad(name, "it is a directory", "Name the request file in it.");
            if (new FileInfo(path) is { Exists: true, Length: > RequestLimits.MaxBytes } large)
                return Bad(name, $"it has {large.Length} bytes, and a request has at most {RequestLimits.MaxBytes}", "Is it the right file?");
            var bytes = await File.ReadAllBytesAsync(path, cancellation);
            if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
                return Bad(name, "it is empty", "`slipway schema request` prints what a request may say; `slipway init` writes a small one.");
            return new Answer<RequestInput>.Got(new RequestInput(name, bytes, MediaTypeOf(path)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Bad(name, "there is no such file", "Check the path; `slipway init` writes a request to start with.");
        }
        catch (UnauthorizedAccessException)
        {
            return Bad(name, "permission denied", "Make it readable for you.");
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            return Bad(name, exception.Message, "Check the path.");
        }
    }

    private static string MediaTypeOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => "application/json",
        ".MD" => "text/markdown",
        _ => "application/yaml",
    };

    private static Answer<RequestInput>.Failed Bad(string name, string why, string fix) => new(new CliError
    {
        ExitCode = ExitCodes.Error,
        Kind = "unreadable_file",
        What = $"Cannot read '{name}'",
        Why = why,
        Fix = fix,
    });
}
