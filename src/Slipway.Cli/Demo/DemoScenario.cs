using System.Text;
using Slipway.Cli.Demo.Storefront;
using Slipway.Core.Releases;

namespace Slipway.Cli.Demo;

/// <summary>One release of the demo and how it has to end.</summary>
/// <param name="Name">Also the name of its folder.</param>
/// <param name="Id">The release's id, as its request says.</param>
/// <param name="Feature">What is released.</param>
/// <param name="Story">What it is, for somebody who sees it the first time.</param>
/// <param name="Expected">How it has to end.</param>
internal sealed record DemoScenario(string Name, ReleaseId Id, StorefrontFeature Feature, string Story, ReleasePhase Expected)
{
    /// <summary>Stands in the requests where the storefront's URL goes.</summary>
    private const string StorefrontMark = "{storefront}";

    /// <summary>Both releases, in the order in which they run.</summary>
    public static IReadOnlyList<DemoScenario> All { get; } =
    [
        new("good", ReleaseId.Parse("demo-good"), StorefrontFeature.Good, "a new search that is as good as the old one", ReleasePhase.Completed),
        new("bad", ReleaseId.Parse("demo-bad"), StorefrontFeature.Bad, "a new search that fails for 15 % of the requests and is 60 ms slower", ReleasePhase.RolledBack),
    ];

    /// <summary>The request as a user would write it, for a storefront at <paramref name="storefront"/>.</summary>
    public string Request(Uri storefront)
    {
        var resource = $"Slipway.Cli.Demo.Requests.{Name}.yaml";
        using var stream = typeof(DemoScenario).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is missing in the build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace(StorefrontMark, storefront.AbsoluteUri, StringComparison.Ordinal);
    }
}
