using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Slipway.Cli.Hosting;

/// <summary>What one connection may cost the server. The handlers have smaller limits of their own for documents and telemetry; these hold before any
/// handler is asked, and against callers that send slowly or nothing at all.</summary>
internal static class ServerLimits
{
    /// <summary>The largest body in bytes: a little more than the largest that any handler takes, so that each says itself what is too large.</summary>
    public const long LargestBody = 2 * 1024 * 1024;

    /// <summary>Connections at once. A page that is open has two; a server on one machine has few readers.</summary>
    public const long MostConnections = 1_000;

    /// <summary>How long the head of a request may take.</summary>
    public static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(15);

    /// <summary>A body that comes more slowly, after a while to begin, is cut off; likewise an answer that is not taken.</summary>
    public static readonly MinDataRate SlowestBody = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.RequestHeadersTimeout = LongestHead;
        limits.MinRequestBodyDataRate = SlowestBody;
        limits.MinResponseDataRate = SlowestBody;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
    }
}
