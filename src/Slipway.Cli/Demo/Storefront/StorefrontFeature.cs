namespace Slipway.Cli.Demo.Storefront;

/// <summary>One released change of the storefront: the flag that carries it and the paths on both sides of it.</summary>
/// <param name="Flag">The flag's name in Slipway's store; telemetry goes out under the same name.</param>
/// <param name="New">The path of users who have the flag.</param>
internal sealed record StorefrontFeature(string Flag, CodePath New)
{
    /// <summary>The path of users who have none of the flags.</summary>
    public static CodePath Old { get; } = new("search v1", 0.03, "CatalogueBusyException", TimeSpan.FromMilliseconds(4), static (catalogue, word) => catalogue.Scan(word));

    /// <summary>A new search that is as good as the old one.</summary>
    public static StorefrontFeature Good { get; } = new(
        "search-v2",
        new CodePath("search v2", 0.03, "CatalogueBusyException", TimeSpan.FromMilliseconds(4), static (catalogue, word) => catalogue.LookUp(word)));

    /// <summary>A new search that fails for 15 % of the requests and is 60 ms slower.</summary>
    public static StorefrontFeature Bad { get; } = new(
        "search-v3",
        new CodePath("search v3", 0.15, "IndexShardMissingException", TimeSpan.FromMilliseconds(64), static (catalogue, word) => catalogue.LookUp(word)));

    /// <summary>Every feature, the newest first: the first flag that a user has decides the path.</summary>
    public static IReadOnlyList<StorefrontFeature> All { get; } = [Bad, Good];
}
