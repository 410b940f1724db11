using System.Net;
using System.Net.Sockets;

namespace Slipway.Embedded.Http;

/// <summary>The HTTP client for URLs that a request names: probes, hooks and webhooks.</summary>
public static class OutboundHttp
{
    /// <summary>
    /// A client that never follows a redirect, keeps no cookies, reaches loopback past any proxy and leaves timeouts to the adapters. One
    /// is enough for a process; dispose it with the process.
    /// </summary>
    public static HttpClient CreateClient()
    {
        var handler = Handler();
        handler.Proxy = new LoopbackPastProxy(HttpClient.DefaultProxy);
        return Client(handler);
    }

    /// <summary>
    /// The same for a host in a network of its own: it connects to public addresses only (<see cref="PrivateAddresses"/>), whatever a name leads to
    /// at that moment, and by no proxy. Whoever controls a name, or answers a look-up anew, thus reaches nothing behind the host.
    /// </summary>
    /// <param name="isNamed">Whether a host may have a private address, since the operator has named it by itself; asked at each connection.</param>
    public static HttpClient CreatePublicClient(Func<string, bool> isNamed)
    {
        var handler = Handler();
        handler.UseProxy = false;
        handler.ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, isNamed, cancellation);
        return Client(handler);
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, Func<string, bool> isNamed, CancellationToken cancellation)
    {
        var host = to.Host.Trim('[', ']');
        IPAddress[] found = IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, cancellation);
        var allowed = isNamed(host) || isNamed(to.Host) ? found : [.. found.Where(one => !PrivateAddresses.Contains(one))];
        if (allowed.Length == 0)
            throw new HttpRequestException($"{host} leads to {string.Join(", ", found.Select(one => one.ToString()))}, which is not public; for that the server policy has to name the host itself under allowed_urls");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The addresses that were looked at, and not the name once more.
            await socket.ConnectAsync(allowed, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 64,
    };

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
}
