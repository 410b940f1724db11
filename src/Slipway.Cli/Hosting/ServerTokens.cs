using System.Security.Cryptography;
using Slipway.Cli.Client;

namespace Slipway.Cli.Hosting;

/// <summary>The tokens of one data folder: 32 random bytes each, as hex.</summary>
/// <param name="Operator">For people and pipelines: read, start, command.</param>
/// <param name="Telemetry">For applications: send telemetry, read flags.</param>
internal sealed record ServerTokens(string Operator, string Telemetry)
{
    private const int Characters = 64;

    /// <summary>
    /// The tokens of the folder: those that an earlier server wrote, so that applications keep theirs over a restart, or new ones. A file
    /// that is not what a server writes is replaced.
    /// </summary>
    public static ServerTokens Of(string dataDirectory)
    {
        ServerFile? file;
        try
        {
            file = ServerFile.Read(dataDirectory);
        }
        catch (InvalidDataException)
        {
            file = null;
        }

        return new ServerTokens(
            file?.OperatorToken is { Length: Characters } known ? known : Make(),
            file?.TelemetryToken is { Length: Characters } kept ? kept : Make());
    }

    private static string Make() => RandomNumberGenerator.GetHexString(Characters, lowercase: true);
}
