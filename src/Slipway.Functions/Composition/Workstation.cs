using System.Net;
using Microsoft.Extensions.Configuration;

namespace Slipway.Functions.Composition;

/// <summary>
/// Whether the application runs on somebody's machine, under the Core Tools. The platform says by several settings that it is one, and not by the
/// same on each plan: Flex Consumption has no <c>WEBSITE_INSTANCE_ID</c>. One of them is enough for no workstation.
/// </summary>
internal static class Workstation
{
    /// <summary>What only a platform sets: App Service, both Consumption plans, Container Apps, Kubernetes, and whatever gives an identity.</summary>
    public static IReadOnlyList<string> PlatformSettings { get; } =
    [
        "WEBSITE_INSTANCE_ID", "WEBSITE_SKU", "WEBSITE_OWNER_NAME", "WEBSITE_POD_NAME", "CONTAINER_NAME", "LEGION_SERVICE_HOST", "CONTAINER_APP_NAME",
        "KUBERNETES_SERVICE_HOST", "IDENTITY_ENDPOINT", "MSI_ENDPOINT",
    ];

    /// <summary>Whether nothing says that this is a platform, and people reach the application at a loopback address.</summary>
    public static bool Is(IConfiguration settings) =>
        PlatformSettings.All(name => string.IsNullOrEmpty(settings[name]))
        && Uri.TryCreate(settings[AdapterSettings.BaseUrl], UriKind.Absolute, out var url)
        && (string.Equals(url.IdnHost, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
