using System.Security.Cryptography;

namespace Slipway.Fuzz.Running;

/// <summary>Failing inputs as files, named after their content: <c>fuzz-findings/TARGET/KIND-HASH</c>.</summary>
internal static class FindingFile
{
    /// <summary>Writes it; returns its path.</summary>
    public static string Write(string target, string kind, byte[] input)
    {
        var folder = Path.Combine("fuzz-findings", target);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(path, input);
        return path;
    }
}
