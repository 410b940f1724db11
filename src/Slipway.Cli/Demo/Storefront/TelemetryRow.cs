using Slipway.Core.Analysis;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>What one arm of one flag did in one closed interval.</summary>
/// <param name="Service">The name under which Slipway judges: the flag's.</param>
/// <param name="Canary">Whether this is the arm that got the new path.</param>
/// <param name="Start">Start of the interval, a multiple of its length since the Unix epoch.</param>
/// <param name="Sample">The counts.</param>
/// <param name="Shoppers">The counts of each user who is known, by name.</param>
internal sealed record TelemetryRow(
    string Service, bool Canary, DateTimeOffset Start, ArmSample Sample, IReadOnlyList<ShopperCounts> Shoppers);
