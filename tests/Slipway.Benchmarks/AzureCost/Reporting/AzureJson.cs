using System.Text.Json;
using Slipway.Benchmarks.AzureCost.Model;

namespace Slipway.Benchmarks.AzureCost.Reporting;

/// <summary>Counts, bills, limits and assumptions as JSON.</summary>
internal static class AzureJson
{
    /// <summary>The schema's name.</summary>
    public const string Schema = "slipway.azure-cost.v1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Writes it.</summary>
    public static string Write(AzureModel model) => JsonSerializer.Serialize(
        new
        {
            Schema,
            Releases = new[] { Release(model.Day), Release(model.Sample) },
            Limits = model.Scale.Limits.Select(Limit),
            Fleets = Scale.Fleets.Select(fleet => new { Releases = fleet, Instances = model.Scale.Instances(fleet), Dollars = model.Scale.DollarsAmong(fleet), Apps = model.Scale.Stamps(fleet) }),
            Assumptions = Prices.All.Concat(Behaviour.All).Concat(Scale.Capacity.All),
        },
        Options);

    /// <summary>JSON has no infinity: a limit that is not met any more has no number.</summary>
    private static object Limit(Limit limit) =>
        new { limit.What, limit.Arithmetic, limit.MetAt, limit.Lift, LiftedTo = double.IsInfinity(limit.LiftedTo) ? (double?)null : limit.LiftedTo, limit.Source };

    private static object Release(CountedCost cost) => new { cost.Plan.Key, cost.Run.Hours, cost.Dollars, cost.Bill, cost.Work, cost.Run.Tally.Counts };
}
