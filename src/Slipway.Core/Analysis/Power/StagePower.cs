using System.Globalization;
using System.Text.Json.Serialization;
using Slipway.Core.Requests;

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

    /// <summary>What is found.</summary>
    [JsonIgnore]
    public string Finds => (Likely, NearlySure) switch
    {
        (null, _) => $"{Metric}: finds no regression up to {DetectionPower.LargestRatio:0} times the control's {Events} with a chance of 80 %",
        ({ } likely, { } sure) when sure > likely => string.Create(CultureInfo.InvariantCulture, $"{Metric}: finds {likely:0.##} times the control's {Events} with a chance of 80 %, {sure:0.##} times with 95 %{Harm}"),
        ({ } likely, { }) => string.Create(CultureInfo.InvariantCulture, $"{Metric}: finds {likely:0.##} times the control's {Events} with a chance of 95 %{Harm}"),
        ({ } likely, null) => string.Create(CultureInfo.InvariantCulture, $"{Metric}: finds {likely:0.##} times the control's {Events} with a chance of 80 %, none with 95 %{Harm}"),
    };

    /// <summary>How it is with twice the rate, and what a promotion proves.</summary>
    [JsonIgnore]
    public string Proves
    {
        get
        {
            var proves = Margin is { } margin
                ? string.Create(CultureInfo.InvariantCulture, $"a promotion proves less than {margin:0.##} times{(MarginNeedsLongest ? ", at the longest bake" : "")}")
                : "a promotion proves nothing";
            return $"{Twice}; {proves}";
        }
    }

    /// <summary>Both in one sentence.</summary>
    [JsonIgnore]
    public string Sentence => $"{Finds}; {Proves}";

    private string Events => Metric == MetricNames.ErrorRate ? "errors" : "slow requests";

    private string Harm => string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(Harmed):N0} {(Math.Ceiling(Harmed) <= 1 ? "request" : "requests")} harmed until then");

    private string Twice => (TwiceMinutes, TwiceNeedsMinutes, TwiceNeedsPercentage) switch
    {
        ({ } minutes, _, _) when TwiceChance >= DetectionPower.Likely => string.Create(CultureInfo.InvariantCulture, $"a doubling takes about {minutes:0.#} min"),
        (_, null, null) => $"{TwiceFound}, and not with 80 % by any bake up to a day or at up to 50 % of the users",
        (_, { } bake, null) => string.Create(CultureInfo.InvariantCulture, $"{TwiceFound}, but with 80 % by a bake of {Bake(bake)}"),
        (_, null, { } share) => string.Create(CultureInfo.InvariantCulture, $"{TwiceFound}, but with 80 % at {share:0} % of the users"),
        (_, { } bake, { } share) => string.Create(CultureInfo.InvariantCulture, $"{TwiceFound}, but with 80 % by a bake of {Bake(bake)} or at {share:0} % of the users"),
    };

    private static string Bake(double minutes) => DurationText.Format(TimeSpan.FromMinutes(minutes));

    private string TwiceFound => TwiceChance < 0.01 ? "a doubling is not found" : string.Create(CultureInfo.InvariantCulture, $"a doubling is found with a chance of {Math.Floor(100 * TwiceChance):0} %");
}
