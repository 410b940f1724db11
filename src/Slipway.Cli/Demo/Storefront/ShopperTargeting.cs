using Microsoft.AspNetCore.Http;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>Who is targeted: the shopper of the <c>user</c> header or cookie, so that the same shopper always gets the same path.</summary>
internal sealed class ShopperTargeting(IHttpContextAccessor accessor) : ITargetingContextAccessor
{
    /// <summary>The header and the cookie that name the shopper.</summary>
    public const string Name = "user";

    /// <summary>The shopper of a request; empty when it names none.</summary>
    public static string ShopperOf(HttpRequest request) =>
        request.Headers.TryGetValue(Name, out var header) ? header.ToString() : request.Cookies[Name] ?? "";

    /// <inheritdoc/>
    public ValueTask<TargetingContext> GetContextAsync() => new(new TargetingContext
    {
        UserId = accessor.HttpContext is { } context ? ShopperOf(context.Request) : "",
        Groups = [],
    });
}
