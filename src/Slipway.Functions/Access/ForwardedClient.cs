using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Functions.Composition;
using Slipway.Web.Api;

namespace Slipway.Functions.Access;

/// <summary>
/// Whose address a request came from. The Functions host hands requests over by loopback, and the worker's middleware reads <c>X-Forwarded-For</c>
/// by defaults that its versions change: here it is said once. The platform's front end appends whom it was connected to as the last entry; what
/// stands before it the client may have sent itself, and says nothing. Behind a proxy of one's own, such as Front Door, the last entry is that proxy.
/// </summary>
internal static class ForwardedClient
{
    private const int NetworkBytes = 8;

    /// <summary>Has the address of the client read where the platform says it, and nowhere else: on a workstation nobody stands before the host, and
    /// the whole header is the client's.</summary>
    public static void AddForwardedClient(this FunctionsApplicationBuilder builder)
    {
        var platform = !Workstation.Is(builder.Configuration);
        builder.Services.PostConfigure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = platform ? options.ForwardedHeaders | ForwardedHeaders.XForwardedFor : options.ForwardedHeaders & ~ForwardedHeaders.XForwardedFor;
            options.ForwardLimit = 1;
            options.KnownProxies.Clear();
            options.KnownProxies.Add(IPAddress.IPv6Loopback);
            options.KnownIPNetworks.Clear();
            options.KnownIPNetworks.Add(new System.Net.IPNetwork(IPAddress.Parse("127.0.0.0"), 8));
        });
    }

    /// <summary>The client for the request budget: an IPv4 address, or the /64 of an IPv6 address, since who has one address of it has all of them.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { AddressFamily: AddressFamily.InterNetworkV6 } address) return ApiServices.ConnectedFrom(context);
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
