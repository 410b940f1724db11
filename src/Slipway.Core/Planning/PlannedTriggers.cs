using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>Turns guardrails into the triggers that are watched: those that follow from the limits first, then the explicit ones.</summary>
internal static class PlannedTriggers
{
    /// <param name="guardrails">The request's guardrails; a limit left out takes the default profile.</param>
    /// <param name="window">The window of the triggers that follow from limits.</param>
    /// <param name="notes">Gets a line for each default filled in and each limit looser than the default profile.</param>
    public static IReadOnlyList<PlannedTrigger> Of(GuardrailSpec guardrails, TimeSpan window, List<string> notes)
    {
        var profile = GuardrailProfile.Default;
        var errorRate = Effective("Error rate", guardrails.ErrorRate?.Limit, profile.ErrorRatePercent, "%", higherIsLooser: true, notes);
        var latency = Effective("Latency p95", guardrails.LatencyP95?.Limit, profile.LatencyP95Milliseconds, "ms", higherIsLooser: true, notes);
        var availability = Effective("Availability", guardrails.Availability?.Value, profile.AvailabilityPercent, "%", higherIsLooser: false, notes);
        return
        [
            Limit(GuardrailProfile.ErrorRateTrigger, MetricNames.ErrorRate, errorRate, null, MatrixRow.ErrorRate),
            Limit(GuardrailProfile.LatencyTrigger, MetricNames.LatencyP95, latency, null, MatrixRow.LatencyP95),
            Limit(GuardrailProfile.AvailabilityTrigger, MetricNames.Availability, null, availability, MatrixRow.SuccessRate),
            .. Warning(MetricNames.ErrorRate, guardrails.ErrorRate?.Band, true),
            .. Warning(MetricNames.LatencyP95, guardrails.LatencyP95?.Band, true),
            .. Warning(MetricNames.Availability, guardrails.AvailabilityBand, false),
            .. Explicit(guardrails.Triggers),
        ];

        IEnumerable<PlannedTrigger> Warning(string metric, MetricBand? band, bool above)
        {
            if (band?.Warning is not { } value) yield break;
            yield return new(GuardrailProfile.WarningTrigger(metric), metric, above ? value : null, above ? null : value, window, TimeSpan.Zero, TriggerAction.Alert) { OnlyExposed = true };
        }

        PlannedTrigger Limit(string name, string metric, decimal? above, decimal? below, MatrixRow row) =>
            new(name, metric, above, below, window, TimeSpan.Zero, TriggerAction.AutoRollback, row);
    }

    private static decimal Effective(string what, decimal? requested, decimal profile, string unit, bool higherIsLooser, List<string> notes)
    {
        if (requested is not { } limit)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: no limit given, the default of {profile:0.######} {unit} counts."));
            return profile;
        }

        if (higherIsLooser ? limit > profile : limit < profile)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"{what}: the limit of {limit:0.######} {unit} is looser than the default profile's {profile:0.######} {unit}."));
        }

        return limit;
    }

    private static IEnumerable<PlannedTrigger> Explicit(IReadOnlyList<TriggerSpec> triggers)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var trigger in triggers)
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"{trigger.Metric} {(trigger.Above is null ? "below" : "above")} {trigger.Above ?? trigger.Below:0.######}");
            var unique = name;
            for (var copy = 2; !used.Add(unique); copy++)
                unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({copy})");
            yield return new PlannedTrigger(unique, trigger.Metric, trigger.Above, trigger.Below, trigger.Window, trigger.For, trigger.Action);
        }
    }
}
