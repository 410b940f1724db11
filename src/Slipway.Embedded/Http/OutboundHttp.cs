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
    /// at that moment, and by no proxy. Whoever controls a name, or answers a look-up anew, thus reaches nothing behind the host. A host that the
    /// operator has named may be in a private network, but never be a metadata service, link-local, or the machine itself.
    /// </summary>
    /// <param name="isNamed">Whether the operator has named a host by itself; asked at each connection.</param>
    /// <param name="thisMachine">Whether the machine itself may be called: on a workstation, where everything runs on it. Default: false.</param>
    public static HttpClient CreatePublicClient(Func<string, bool> isNamed, bool thisMachine = false) =>
        CreatePublicClient(isNamed, thisMachine, static (host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation), OpenAsync);

    /// <summary>The same with a look-up of names and a way to connect of one's own.</summary>
    /// <param name="isNamed">Whether the operator has named a host by itself; asked at each connection.</param>
    /// <param name="thisMachine">Whether the machine itself may be called.</param>
    /// <param name="lookUp">The addresses of a name; asked once a connection.</param>
    /// <param name="open">Connects to one of the addresses, which have been checked, at a port.</param>
    internal static HttpClient CreatePublicClient(
        Func<string, bool> isNamed, bool thisMachine, Func<string, CancellationToken, Task<IPAddress[]>> lookUp, Func<IPAddress[], int, CancellationToken, ValueTask<Stream>> open)
    {
        var handler = Handler();
        handler.UseProxy = false;
        handler.ConnectCallback = async (context, cancellation) =>
            await open(await CheckedAsync(context.DnsEndPoint.Host, isNamed, thisMachine, lookUp, cancellation), context.DnsEndPoint.Port, cancellation);
        return Client(handler);
    }

    /// <summary>Whether an address that a host leads to may be connected to. Pure.</summary>
    /// <param name="address">The address.</param>
    /// <param name="named">Whether the operator has named the host by itself.</param>
    /// <param name="thisMachine">Whether the machine itself may be called.</param>
    public static bool MayConnect(IPAddress address, bool named, bool thisMachine)
    {
        if (PrivateAddresses.IsRefused(address)) return false;
        if (PrivateAddresses.IsThisMachine(address)) return thisMachine && IPAddress.IsLoopback(address);
        return named || !PrivateAddresses.Contains(address);
    }

    /// <summary>The addresses of a host that may be connected to; throws when there is none.</summary>
    private static async Task<IPAddress[]> CheckedAsync(
        string name, Func<string, bool> isNamed, bool thisMachine, Func<string, CancellationToken, Task<IPAddress[]>> lookUp, CancellationToken cancellation)
    {
        var host = name.Trim('[', ']');
        IPAddress[] found = IPAddress.TryParse(host, out var address) ? [address] : await lookUp(host, cancellation);
        if (found.Length == 0) throw new HttpRequestException($"The name {host} has no address.");
        var named = isNamed(host) || isNamed(name);
        IPAddress[] allowed = [.. found.Where(one => MayConnect(one, named, thisMachine))];
        return allowed.Length > 0
            ? allowed
            : throw new HttpRequestException($"{host} leads to {string.Join(", ", found.Select(one => one.ToString()))}, {Why(found, named)}");
    }

    private static async ValueTask<Stream> OpenAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The addresses that were looked at, and not the name once more.
            await socket.ConnectAsync(addresses, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Why(IPAddress[] found, bool named) => named || found.Any(one => PrivateAddresses.IsRefused(one) || PrivateAddresses.IsThisMachine(one))
        ? "which is this machine, link-local or a metadata service: such an address is not public and is never called, also where the server policy names the host"
        : "which is not public; for that the server policy has to name the host itself under allowed_urls";

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
