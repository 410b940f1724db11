using Slipway.Core.Analysis;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>What one shopper did in one arm and interval.</summary>
/// <param name="Shopper">The id that targeting gets.</param>
/// <param name="Requests">Requests, 1 or more.</param>
/// <param name="Errors">Failed requests.</param>
/// <param name="Latency">Latencies of the requests.</param>
internal sealed record ShopperCounts(string Shopper, long Requests, long Errors, LatencyHistogram Latency);
