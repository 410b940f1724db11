namespace Slipway.Cli.Demo.Storefront;

/// <summary>Which side of each flag one request was on; set by the endpoint, read by the telemetry.</summary>
/// <param name="Sides">By flag: true when the user got the new path.</param>
internal sealed record Exposure(IReadOnlyList<KeyValuePair<string, bool>> Sides);
