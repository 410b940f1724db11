using System.Globalization;
using System.Text.Json.Serialization;

namespace Slipway.Core.Analysis.Power;

/// <summary>What one stage will be able to tell about one metric, worked out before anything starts. Ratios are the canary's rate of bad
/// events over the control arm's; for latency, of slow requests.</summary>
public sealed record StagePower
{
    /// <summary>The stage, as position in the plan.</summary>
    public required int Stage { get; init; }

    /// <summary>error_rate or latency_p95.</summary>
    public required string Metric { get; init; }

    /// <summary>The smallest regression found with 80 % within the bake; null: none up to 20 times.</summary>
    public double? Likely { get; init; }

    /// <summary>The same with 95 %.</summary>
    public double? NearlySure { get; init; }

    /// <summary>Requests that such a regression (the one found with 80 %) harms until it is found; 0 where none is.</summary>
    public double Harmed { get; init; }

    /// <summary>How likely twice the rate is found within the bake, 0 to 1.</summary>
    public double TwiceChance { get; init; }

    /// <summary>In how many minutes of this stage half of such releases are rolled back; null: not within the bake.</summary>
    public double? TwiceMinutes { get; init; }

    /// <summary>The bake in minutes at which twice the rate is found with 80 % at this percentage; null: none up to a day.</summary>
    public double? TwiceNeedsMinutes { get; init; }

    /// <summary>The percentage at which it is found with 80 % within this bake; null: none below 100 %.</summary>
    public double? TwiceNeedsPercentage { get; init; }

    /// <summary>The margin that a promotion proves; null: none can be proven.</summary>
    public double? Margin { get; init; }

    /// <summary>The margin is proven only at the longest bake.</summary>
    public bool MarginNeedsLongest { get; init; }

    /// <summary>The same in one sentence.</summary>
    [JsonIgnore]
    public string Sentence
    {
        get
        {
            var found = Likely is { } likely
                ? string.Create(CultureInfo.InvariantCulture, $"finds {likely:0.##} times the control's with 80 %{(NearlySure is { } sure ? string.Create(CultureInfo.InvariantCulture, $", {sure:0.##} times with 95 %") : "")} (about {Math.Ceiling(Harmed):N0} requests harmed until then)")
                : "finds no regression up to 20 times the control's";
            var proves = Margin is { } margin
                ? string.Create(CultureInfo.InvariantCulture, $"a promotion proves less than {margin:0.##} times{(MarginNeedsLongest ? ", at the longest bake" : "")}")
                : "a promotion can prove nothing";
            return $"{Metric} {found}; {proves}{Twice}";
        }
    }

    private string Twice => (TwiceMinutes, TwiceNeedsMinutes, TwiceNeedsPercentage) switch
    {
        ({ } minutes, _, _) when TwiceChance >= DetectionPower.Likely => string.Create(CultureInfo.InvariantCulture, $"; twice the rate takes about {minutes:0.#} min"),
        (_, null, null) => "; twice the rate is not seen by any bake up to a day or percentage below 100 %",
        (_, var bake, var share) => string.Create(
            CultureInfo.InvariantCulture,
            $"; to see twice the rate: {string.Join(" or ", new[] { bake is { } longer ? string.Create(CultureInfo.InvariantCulture, $"a bake of {longer:0} min") : "", share is { } more ? string.Create(CultureInfo.InvariantCulture, $"{more:0} % of the users") : "" }.Where(text => text.Length > 0))}"),
    };
}
