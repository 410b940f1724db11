using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Web.Access;

namespace Slipway.Functions.Access;

/// <summary>
/// Who is calling behind App Service's sign-in. The platform checks tokens before the application sees a request, and takes its own headers out of
/// what clients send; but not on the paths that it leaves open, where such a header says nothing: there only Slipway's own session counts. Whom
/// the tenant lets in may look; who may operate, the server policy says by name.
/// </summary>
/// <param name="policy">Lists the operators; nobody else is one. While it is unknown everybody whom the tenant lets in is, because then all that an
/// operator can do is to hold a release or to take it back.</param>
/// <param name="sessions">Slipway's own sessions.</param>
/// <param name="enabled">Whether the platform's sign-in is on; off: everybody is nobody.</param>
internal sealed class EasyAuthAccess(ServerPolicy policy, BrowserSessions sessions, bool enabled) : IAccessControl
{
    /// <summary>What the platform sets where its sign-in is on.</summary>
    public const string EnabledSetting = "WEBSITE_AUTH_ENABLED";

    /// <summary>The paths on which the platform lets everybody pass, as <c>infra/modules/app.bicep</c> has them.</summary>
    private static readonly PathString[] Open = ["/approvals", "/assets", "/health"];

    private static readonly string[] OriginalAddress = ["X-Original-URL", "X-WAWS-Unencoded-URL"];

    /// <inheritdoc/>
    public Caller? Authenticate(HttpContext context) =>
        Open.Any(path => context.Request.Path.StartsWithSegments(path)) ? sessions.Read(context) : SignedIn(context);

    /// <summary>Whom the platform has signed in; null: nobody.</summary>
    public Caller? SignedIn(HttpContext context)
    {
        if (!enabled || Open.Any(path => context.Request.Path.StartsWithSegments(path)) || CameByAnOpenPath(context.Request)) return null;
        if (EasyAuthPrincipal.NameOf(context.Request.Headers[EasyAuthPrincipal.Header].FirstOrDefault()) is not { } name) return null;
        var roles = ApiRoles.Viewer | ApiRoles.Approver;
        if (policy.Unknown is not null || policy.Operators.Contains(name, StringComparer.OrdinalIgnoreCase)) roles |= ApiRoles.Operator;

        // Without a token of its own the request came with the browser's cookie, which any site's form carries along.
        return context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? new Caller(name, roles) : new Caller(name, roles) { Session = SessionOf(name) };
    }

    /// <summary>Whether the address as the client sent it, which the platform's front end keeps in these headers, begins with an open path: such as
    /// <c>/approvals/%2e%2e/api/releases</c>, which the sign-in lets pass and which leads elsewhere.</summary>
    private static bool CameByAnOpenPath(HttpRequest request) => OriginalAddress
        .SelectMany(header => request.Headers[header])
        .Any(address => address is not null && Open.Any(path => Path(address).StartsWith(path.Value!, StringComparison.OrdinalIgnoreCase)));

    private static string Path(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme.StartsWith("http", StringComparison.Ordinal)
        ? address[(address.IndexOf(url.Authority, StringComparison.OrdinalIgnoreCase) + url.Authority.Length)..]
        : address;

    private static string SessionOf(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"slipway/platform-session/1\n{name.ToLowerInvariant()}")))[..32];
}
