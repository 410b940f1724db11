using System.Globalization;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning.Intake;

/// <summary>What a request itself says that stands in the way of its release, beside what it does not say.</summary>
internal static class DeploymentBlockers
{
    /// <summary>One sentence a blocker; may be empty.</summary>
    public static IReadOnlyList<string> Of(ReleaseRequest request) => [.. Find(request)];

    /// <summary>X31: how much longer the service is expected to be down than it may be; null: it is not.</summary>
    public static TimeSpan? UnallowedDowntime(ReleaseRequest request) =>
        request.System is { ExpectedDowntime: { } expected } system && expected > (system.AllowedDowntime ?? TimeSpan.Zero) ? expected : null;

    /// <summary>X13: no flag framework, and a strategy that takes traffic back only by deploying again.</summary>
    public static bool LacksInstantWayBack(ReleaseRequest request) =>
        request.System is { HasNoFlagFramework: true } && request.Strategy == RolloutStrategy.Rolling;

    private static IEnumerable<string> Find(ReleaseRequest request)
    {
        if (request.Release.StartAt is { } start && request.Operations.Freezes.FirstOrDefault(span => span.From <= start && start < span.To) is { } freeze)
        {
            var reason = freeze.Reason.Length == 0 ? "" : $" ({freeze.Reason})";
            yield return string.Create(CultureInfo.InvariantCulture, $"The start lies in a freeze that ends {freeze.To.UtcDateTime:yyyy-MM-dd HH:mm}Z{reason}");
        }

        if (request.Artifacts?.Signed == false)
            yield return "The artifact is not signed";
        if (request.Preflight.SecurityScan is { Critical: > 0 } scan)
            yield return string.Create(CultureInfo.InvariantCulture, $"The security scan has {scan.Critical} critical findings");
        if (request.Preflight.SecurityScan is { High: { } high, MaxHigh: var most } && high > most)
            yield return string.Create(CultureInfo.InvariantCulture, $"The security scan has {high} high findings, {most} are tolerated");
        if (UnallowedDowntime(request) is { } downtime)
            yield return $"The service is expected to be down for {DurationText.Format(downtime)}, and {Allowed(request.System?.AllowedDowntime)}";
        if (LacksInstantWayBack(request))
            yield return "No feature flag framework, and strategy rolling has no lever that takes traffic back within 5 minutes";
    }

    private static string Allowed(TimeSpan? allowed) =>
        allowed > TimeSpan.Zero ? $"only {DurationText.Format(allowed.Value)} is allowed" : "no downtime is allowed";
}
