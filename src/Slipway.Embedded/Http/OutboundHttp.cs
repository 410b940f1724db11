namespace Slipway.Embedded.Http;

/// <summary>The HTTP client for URLs that a request names: probes, hooks and webhooks.</summary>
public static class OutboundHttp
{
    /// <summary>
    /// A client that never follows a redirect, keeps no cookies, reaches loopback past any proxy and leaves timeouts to the adapters. One
    /// is enough for a process; dispose it with the process.
    /// </summary>
    public static HttpClient CreateClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new LoopbackPastProxy(HttpClient.DefaultProxy),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        },
        disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
