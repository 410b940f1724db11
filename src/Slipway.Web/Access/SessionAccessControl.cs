using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>A bearer token where the request has one, else the browser's session. A request with a token that is not known is nobody's, whatever
/// cookie it carries beside.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="sessions">The sessions.</param>
public sealed class SessionAccessControl(TokenAccessControl tokens, BrowserSessions sessions) : IAccessControl
{
    /// <inheritdoc/>
    public Caller? Authenticate(HttpContext context) =>
        context.Request.Headers.Authorization.Count > 0 ? tokens.Authenticate(context) : sessions.Read(context);
}
