using Slipway.Web.Access;

namespace Slipway.Web.Api;

/// <summary>One line of the route table.</summary>
/// <param name="Method">The HTTP method; a GET route answers HEAD too.</param>
/// <param name="Template">The path.</param>
/// <param name="Roles">Any of these roles suffices; none: open.</param>
/// <param name="Handler">Answers the request.</param>
public sealed record ApiRoute(string Method, RouteTemplate Template, ApiRoles Roles, Func<ApiRequest, Task> Handler)
{
    /// <summary>Whether it is a page for people: problems are pages too, and who is not signed in is led to signing in.</summary>
    public bool Page { get; init; }

    /// <summary>Whether a release can be held or taken back by it, so that it answers also while the server's policy is unknown.</summary>
    public bool TakesBack { get; init; }
}
