namespace Slipway.Web.Tests.Requests;

/// <summary>The repository's sample requests, as copied beside the tests.</summary>
internal static class Samples
{
    public static string Small { get; } = Read("release.yaml");

    public static string Full { get; } = Read("release-full.yaml");

    public static string Policy { get; } = Read("slipway.policy.yaml");

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name));
}
