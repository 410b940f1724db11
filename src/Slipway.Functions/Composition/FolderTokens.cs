using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Core.Policy;
using Slipway.Embedded.Storage;

namespace Slipway.Functions.Composition;

/// <summary>The tokens of a folder on this machine, as <c>slipway serve</c> has them, and the file by which the command line finds the application.</summary>
internal static class FolderTokens
{
    /// <summary>Reads or makes them, and writes the file. Throws <see cref="AdapterSettingsException"/> when the folder cannot be had.</summary>
    /// <param name="folder">The folder, an absolute path; made when it is missing, for its owner alone.</param>
    /// <param name="baseUrl">Where the application is reached.</param>
    /// <param name="policy">Its keys count beside the tokens.</param>
    /// <param name="time">The clock.</param>
    public static EmbeddedAccess Open(string folder, Uri baseUrl, ServerPolicy policy, TimeProvider time)
    {
        if (!Path.IsPathFullyQualified(folder))
            throw new AdapterSettingsException($"{AdapterSettings.DataFolder} is '{folder}'. Expected: an absolute path, because the host chooses the working folder.");
        try
        {
            PrivateFiles.CreateDataFolder(folder);
            var tokens = ServerTokens.Of(folder);
            new ServerFile(baseUrl.GetLeftPart(UriPartial.Authority), tokens.Operator, tokens.Telemetry).Write(folder);
            return EmbeddedAccess.Of(tokens, policy, time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AdapterSettingsException(
                $"{AdapterSettings.DataFolder} is '{folder}', where the tokens of this machine cannot be kept: {error.Message} Expected: a folder that may be written to.", error);
        }
    }
}
