using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Web.Access;
using Slipway.Web.Api;

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
    private static readonly string[] Open = ["approvals", "assets", "health"];

    private static readonly string[] OriginalAddress = ["X-Original-URL", "X-WAWS-Unencoded-URL"];

    /// <summary>Nobody writes an address that is encoded more often than this.</summary>
    private const int MostDecodings = 8;

    /// <inheritdoc/>
    public Caller? Authenticate(HttpContext context) =>
        IsOpen(context.Request.Path.Value ?? "") ? sessions.Read(context) : SignedIn(context);

    /// <summary>Whom the platform has signed in; null: nobody.</summary>
    public Caller? SignedIn(HttpContext context)
    {
        if (!enabled || IsOpen(context.Request.Path.Value ?? "") || MayHaveComeByAnOpenPath(context.Request)) return null;
        if (EasyAuthPrincipal.NameOf(context.Request.Headers[EasyAuthPrincipal.Header].FirstOrDefault()) is not { } name) return null;
        var roles = ApiRoles.Viewer | ApiRoles.Approver;
        if (policy.Unknown is not null || policy.Operators.Contains(name, StringComparer.OrdinalIgnoreCase)) roles |= ApiRoles.Operator;

        // Without a token of its own the request came with the browser's cookie, which any site's form carries along.
        return context.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? new Caller(name, roles) : new Caller(name, roles) { Session = SessionOf(name) };
    }

    /// <summary>Whether the route table takes a path for one that the platform leaves open: it splits the path in the same way.</summary>
    private static bool IsOpen(string path) => Open.Contains(RouteTemplate.SegmentsOf(path)[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the sign-in may have let a request pass by an open path that leads elsewhere, such as <c>/approvals/%2e%2e/api/releases</c>. The platform's front
    /// end keeps the address as the client sent it in these headers. How the sign-in reads one that can be read in two ways nobody says, so that the principal
    /// counts only where there is one reading.
    /// </summary>
    private static bool MayHaveComeByAnOpenPath(HttpRequest request) =>
        OriginalAddress.SelectMany(header => request.Headers[header]).Any(address => address is not null && MayBeOpen(PathOf(address)));

    /// <summary>
    /// Whether some reading of a path, decoded as often as it may be, begins otherwise than another, may lead back to its beginning, or is open. An escaped slash
    /// further behind, as the name of a flag may have one, leads nowhere else.
    /// </summary>
    private static bool MayBeOpen(string path)
    {
        var asSent = RouteTemplate.SegmentsOf(path)[0];
        for (var decodings = 0; decodings < MostDecodings; decodings++)
        {
            var first = RouteTemplate.SegmentsOf(path)[0];
            if (first != asSent || Open.Any(open => first.StartsWith(open, StringComparison.OrdinalIgnoreCase))) return true;
            if (path.Contains('\\') || path.Split('/').Any(segment => segment is "." or "..")) return true;
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path) return HasEscape(path);
            path = decoded;
        }

        return true;
    }

    /// <summary>Whether something is left that others may take for an escape: bytes that are no text, or a character by its number, as some servers read it.</summary>
    private static bool HasEscape(string path) => path.Split('%').Skip(1).Any(after =>
        after is ['u' or 'U', ..] || (after.Length > 1 && char.IsAsciiHexDigit(after[0]) && char.IsAsciiHexDigit(after[1])));

    /// <summary>What stands before the query, without scheme and host.</summary>
    private static string PathOf(string address)
    {
        var query = address.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? address : address[..query];
        if (!path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !path.StartsWith("https://", StringComparison.OrdinalIgnoreCase)) return path;
        var slash = path.IndexOf('/', path.IndexOf("//", StringComparison.Ordinal) + 2);
        return slash < 0 ? "" : path[slash..];
    }

    private static string SessionOf(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"slipway/platform-session/1\n{name.ToLowerInvariant()}")))[..32];
}
