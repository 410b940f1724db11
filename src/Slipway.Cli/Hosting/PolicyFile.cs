using Slipway.Core.Policy;
using Slipway.Web.Requests;

namespace Slipway.Cli.Hosting;

/// <summary>The server policy on disk.</summary>
internal static class PolicyFile
{
    /// <summary>The file that counts when none is named.</summary>
    public const string Name = "slipway.policy.yaml";

    /// <summary>
    /// Reads the policy: of <paramref name="path"/>, else of <see cref="Name"/> in the data folder, else the default one. Throws
    /// <see cref="ServerStartException"/> with every problem of the file.
    /// </summary>
    public static ServerPolicy Read(string? path, string dataDirectory)
    {
        var file = path ?? Path.Combine(dataDirectory, Name);
        if (path is null && !File.Exists(file)) return ServerPolicy.Default;
        if (Directory.Exists(file)) throw new ServerStartException($"The server policy {file} cannot be read: it is a directory. Name a file with --policy FILE.");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"The server policy {file} cannot be read: {error.Message} Name another one with --policy FILE.", error);
        }

        var reading = ServerPolicyReader.Read(RequestFile.Parse(bytes, file));
        return reading.Policy ?? throw new ServerStartException(
            $"The server policy {file} has {(reading.Problems.Count == 1 ? "1 problem" : $"{reading.Problems.Count} problems")}:{Environment.NewLine}"
            + string.Join(Environment.NewLine, reading.Problems.Select(problem => $"  {problem}"))
            + $"{Environment.NewLine}Correct the file and start again.");
    }
}
