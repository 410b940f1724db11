using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>What Log Analytics is asked for, beside the requests of the watched service.</summary>
public sealed record LogsPlan
{
    /// <summary>The flag whose evaluations say which version a request got; empty: there is none.</summary>
    public string Flag { get; init; } = "";

    /// <summary>The cloud role whose requests count, <see cref="TelemetrySpec.EveryRole"/> for any; null: the watched service.</summary>
    public string? Role { get; init; }

    /// <summary>The property of a request that says which version it got; null: the flag's evaluations say it.</summary>
    public string? ArmProperty { get; init; }

    /// <summary>The property of a request that names its region. Default: <c>region</c>.</summary>
    public string RegionProperty { get; init; } = "region";

    /// <summary>The business metrics to be read, each once.</summary>
    public IReadOnlyList<string> Kpis { get; init; } = [];

    /// <summary>The measurements to be read, each once.</summary>
    public IReadOnlyList<string> Measurements { get; init; } = [];

    /// <summary>Of a request; null when its telemetry comes from elsewhere.</summary>
    internal static LogsPlan? Of(ReleaseRequest request)
    {
        if (request.Telemetry is not { Source: TelemetrySource.LogAnalytics } telemetry) return null;
        return new LogsPlan
        {
            Flag = request.Flags.Count > 0 ? request.Flags[0].Name : "",
            Role = telemetry.Role,
            ArmProperty = telemetry.ArmProperty,
            RegionProperty = telemetry.RegionProperty ?? "region",
            Kpis = [.. request.Guardrails.Kpis.Select(kpi => kpi.Name).Distinct(StringComparer.Ordinal)],
            Measurements =
            [
                .. request.Guardrails.Measurements
                    .Where(measurement => !(measurement.Kind == MeasurementKind.Capacity && request.Operations.CapacityRps is > 0))
                    .Select(measurement => measurement.Name).Distinct(StringComparer.Ordinal),
            ],
        };
    }
}
