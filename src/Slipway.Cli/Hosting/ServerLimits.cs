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

    /// <summary>A while for a body or an answer to begin; then it must not be slower than <see cref="LeastBytesPerSecond"/>.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>A body that comes more slowly is cut off; likewise an answer that is not taken.</summary>
    public const double LeastBytesPerSecond = 240;

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerLimits limits) => Apply(limits, LongestHead, Grace);

    /// <summary>Sets them with another patience, so that a test need not wait as long as a caller may take.</summary>
    /// <param name="limits">Where they are set.</param>
    /// <param name="longestHead">How long the head of a request may take.</param>
    /// <param name="grace">A while to begin; above one second, which is how often Kestrel looks.</param>
    public static void Apply(KestrelServerLimits limits, TimeSpan longestHead, TimeSpan grace)
    {
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.RequestHeadersTimeout = longestHead;
        limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, grace);
        limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, grace);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
    }
}
