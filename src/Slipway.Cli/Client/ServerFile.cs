using System.Text.Json;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;

namespace Slipway.Cli.Client;

/// <summary>
/// <c>server.json</c> in the data folder: how the CLI finds the server that runs on it. Only its owner may read it (mode 0600), because
/// it holds the tokens.
/// </summary>
/// <param name="Url">Absolute URL of the server, without a trailing slash.</param>
/// <param name="OperatorToken">Bearer token of the operator role.</param>
/// <param name="TelemetryToken">Bearer token of the telemetry role, for the applications on this machine.</param>
public sealed record ServerFile(string Url, string OperatorToken, string TelemetryToken)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "server.json";

    /// <summary>Reads the file of a data folder; null when there is none. Throws <see cref="InvalidDataException"/> naming the file when it
    /// is not what <c>serve</c> writes, and <see cref="UnauthorizedAccessException"/> when it belongs to somebody else.</summary>
    public static ServerFile? Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        if (!File.Exists(path))
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<ServerFile>(File.ReadAllText(path), SlipwayJson.Options);
            return file is { Url: not null, OperatorToken: not null }
                ? file
                : throw new InvalidDataException($"{path} has no url or operator_token; `slipway serve` writes it anew.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path} is not JSON ({exception.Message}); `slipway serve` writes it anew.", exception);
        }
    }

    /// <summary>Writes the file, replacing an older one in one step; it is never readable by others, not even for a moment.</summary>
    public void Write(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = PrivateFiles.CreateFile(temporary))
            JsonSerializer.Serialize(stream, this, SlipwayJson.Indented);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Removes the file of a data folder; does nothing when there is none.</summary>
    public static void Delete(string dataDirectory)
    {
        if (Directory.Exists(dataDirectory))
            File.Delete(Path.Combine(dataDirectory, Name));
    }
}
