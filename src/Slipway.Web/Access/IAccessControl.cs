using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>Says who is calling. Each host brings its own: API tokens on one machine, the platform's sign-in in the cloud.</summary>
public interface IAccessControl
{
    /// <summary>The caller, or null when the request does not prove who it is from. Never throws for what a request contains.</summary>
    Caller? Authenticate(HttpContext context);
}

/// <summary>An authenticated person or key.</summary>
/// <param name="Name">The name that goes into the ledger as actor.</param>
/// <param name="Roles">What it may do.</param>
public sealed record Caller(string Name, ApiRoles Roles)
{
    /// <summary>
    /// The nonce of the browser session that proved it; null: the request carried a credential of its own. A browser sends its session by
    /// itself, so what a session asks for counts only with an anti-forgery token (<see cref="FormTokens"/>).
    /// </summary>
    public string? Session { get; init; }

    /// <summary>Whether the caller has at least one of the roles.</summary>
    public bool HasAny(ApiRoles roles) => (Roles & roles) != 0;
}
