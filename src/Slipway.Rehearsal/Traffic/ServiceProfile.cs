using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Rehearsal.Traffic;

/// <summary>What the service under release is like while all is well: from what the request states, and where it is silent from defaults that
/// <see cref="Assumptions"/> names.</summary>
public sealed record ServiceProfile
{
    /// <summary>Requests a second where the request states none.</summary>
    public const double DefaultRps = 50;

    /// <summary>Mean of a business metric whose trigger names no value: the share of requests after which it happens.</summary>
    public const double DefaultKpi = 0.3;

    /// <summary>Requests of one user in one interval, where users are known.</summary>
    public const int RequestsPerUser = 10;

    /// <summary>Requests a second of everybody, above 0.</summary>
    public required double Rps { get; init; }

    /// <summary>Failed among requests, 0 to 1.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>The 95th percentile in milliseconds, above 0.</summary>
    public required double LatencyP95 { get; init; }

    /// <summary>Whether telemetry knows users.</summary>
    public required bool KnowsUsers { get; init; }

    /// <summary>The share of requests after which each business metric happens, in the request's order.</summary>
    public required IReadOnlyList<(string Name, double Share)> Kpis { get; init; }

    /// <summary>What else is measured, in the request's order.</summary>
    public required IReadOnlyList<MeasurementSpec> Measurements { get; init; }

    /// <summary>Where each number comes from, a sentence each.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>Of a request and its plan.</summary>
    public static ServiceProfile Of(ReleaseRequest request, ReleasePlan plan)
    {
        var notes = new List<string>();
        var rps = (double?)request.Operations.TrafficRps is { } stated and > 0 ? stated : DefaultRps;
        notes.Add(request.Operations.TrafficRps is > 0
            ? Sentence($"Traffic: {rps:0.##} requests a second, as operations.traffic_rps states.")
            : Sentence($"Traffic: operations.traffic_rps is not stated; {DefaultRps:0} requests a second are assumed."));
        var errors = Errors(request, plan, notes);
        var latency = Latency(request, plan, notes);
        var users = request.Operations.ActiveUsers is > 0;
        notes.Add(users ? $"Users: known to telemetry, {RequestsPerUser} requests of each in an interval." : "Users: operations.active_users is not stated; telemetry without user ids is assumed.");
        return new ServiceProfile
        {
            Rps = rps,
            ErrorRate = errors,
            LatencyP95 = latency,
            KnowsUsers = users,
            Kpis = [.. request.Guardrails.Kpis.Select(kpi => (kpi.Name, Kpi(plan, kpi.Name)))],
            Measurements = request.Guardrails.Measurements,
            Assumptions = notes,
        };
    }

    /// <summary>The value of a measurement while all is well: clear of its warning and limit; null: it is computed from the requests.</summary>
    /// <param name="spec">The measurement.</param>
    /// <param name="exposure">The share of users on the new version, 0 to 1.</param>
    /// <param name="length">The interval.</param>
    public static double? Healthy(MeasurementSpec spec, double exposure, TimeSpan length)
    {
        if (spec.Kind == MeasurementKind.Capacity) return null;
        if (spec.IsCounter)
        {
            var hourly = (double?)spec.ExpectedPerHour * exposure ?? ((double?)spec.LimitPerHour / 4) ?? 0;
            return hourly * length.TotalHours;
        }

        var bound = (double?)(spec.Direction == KpiDirection.HigherIsBetter ? Max(spec.Warning, spec.Limit) : Min(spec.Warning, spec.Limit));
        return bound is { } value ? value * (spec.Direction == KpiDirection.HigherIsBetter ? 1.2 : 0.7) : 100;
    }

    private static double Errors(ReleaseRequest request, ReleasePlan plan, List<string> notes)
    {
        if (request.Operations.BaseErrorRate is { Value: > 0 } stated)
        {
            notes.Add($"Errors: {stated} of requests, as operations.base_error_rate states.");
            return stated.Fraction;
        }

        if (request.Guardrails.ErrorRate?.Band?.Baseline is { } baseline and > 0)
        {
            notes.Add(Sentence($"Errors: {baseline:0.####} % of requests, the baseline of guardrails.error_rate."));
            return (double)baseline / 100;
        }

        // As `slipway power` takes it, and clear of what would warn.
        var half = plan.Evidence.ErrorLimit / 2;
        var clear = (double?)Min(request.Guardrails.ErrorRate?.Band?.Target, request.Guardrails.ErrorRate?.Band?.Warning) * 0.7 / 100;
        var assumed = clear < half ? clear.Value : half;
        notes.Add(Sentence($"Errors: operations.base_error_rate is not stated; {100 * assumed:0.####} % of requests are assumed, {(clear < half ? "below what would warn" : "half of the limit")}."));
        return assumed;
    }

    private static double Latency(ReleaseRequest request, ReleasePlan plan, List<string> notes)
    {
        if (request.Guardrails.LatencyP95?.Band?.Baseline is { } baseline and > 0)
        {
            notes.Add(Sentence($"Latency: p95 {baseline:0.##} ms, the baseline of guardrails.latency_p95."));
            return (double)baseline;
        }

        var half = plan.Evidence.LatencyLimit / 2;
        var clear = (double?)Min(request.Guardrails.LatencyP95?.Band?.Target, request.Guardrails.LatencyP95?.Band?.Warning) * 0.7;
        var assumed = clear < half ? clear.Value : half;
        notes.Add(Sentence($"Latency: no baseline is stated; p95 {assumed:0.##} ms is assumed, {(clear < half ? "below what would warn" : "half of the limit")}."));
        return assumed;
    }

    /// <summary>On the good side of every trigger.</summary>
    private static double Kpi(ReleasePlan plan, string name)
    {
        var below = plan.Triggers.Where(trigger => trigger.Metric == name).Max(trigger => (double?)trigger.Below);
        var above = plan.Triggers.Where(trigger => trigger.Metric == name).Min(trigger => (double?)trigger.Above);
        return Math.Clamp(below is { } low ? low * 1.5 : above is { } high ? high / 1.5 : DefaultKpi, 0.001, 0.999);
    }

    private static decimal? Min(decimal? one, decimal? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static decimal? Max(decimal? one, decimal? other) => one is null ? other : other is null ? one : Math.Max(one.Value, other.Value);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
