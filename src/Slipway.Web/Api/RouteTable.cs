using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Api;

/// <summary>Finds the route of a request. Pure; the first match in the table's order counts.</summary>
/// <param name="routes">The table.</param>
public sealed class RouteTable(IReadOnlyList<ApiRoute> routes)
{
    /// <summary>The table.</summary>
    public IReadOnlyList<ApiRoute> Routes { get; } = routes;

    /// <summary>Looks a request up.</summary>
    public RouteMatch Find(string method, string path)
    {
        var wanted = HttpMethods.IsHead(method) ? HttpMethods.Get : method;
        var methods = new List<string>();
        foreach (var route in Routes)
        {
            if (route.Template.Match(path) is not { } values)
                continue;
            if (HttpMethods.Equals(route.Method, wanted))
                return new RouteMatch.Found(route, values);
            methods.Add(route.Method);
        }

        return methods.Count == 0 ? new RouteMatch.NoSuchPath() : new RouteMatch.WrongMethod(string.Join(", ", methods.Distinct().Order()));
    }
}

/// <summary>What the route table says about a request.</summary>
public abstract record RouteMatch
{
    private RouteMatch()
    {
    }

    /// <summary>A route answers it.</summary>
    /// <param name="Route">Which one.</param>
    /// <param name="Values">The placeholders' values.</param>
    public sealed record Found(ApiRoute Route, IReadOnlyDictionary<string, string> Values) : RouteMatch;

    /// <summary>The path exists, but not with this method.</summary>
    /// <param name="Allowed">The methods that it has, as for <c>Allow</c>.</param>
    public sealed record WrongMethod(string Allowed) : RouteMatch;

    /// <summary>No route has this path.</summary>
    public sealed record NoSuchPath : RouteMatch;
}
