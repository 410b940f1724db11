namespace Slipway.Web.Tests.Requests;

/// <summary>The repository's sample requests, as copied beside the tests.</summary>
internal static class Samples
{
    public static string Small { get; } = Read("release.yaml");

    /// <summary>The small one with waits that are long enough for every risk.</summary>
    public static string Patient { get; } = Small
        .Replace("bake: 2h", "bake: 24h", StringComparison.Ordinal)
        .Replace("bake: 30m", "bake: 2h", StringComparison.Ordinal)
        .Replace("bake: 1h", "bake: 2h", StringComparison.Ordinal);

    public static string Full { get; } = Read("release-full.yaml");

    public static string Policy { get; } = Read("slipway.policy.yaml");

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name));
}
