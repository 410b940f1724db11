using System.Globalization;

namespace Slipway.Core.Gates;

/// <summary>One scenario of a rehearsal, as whoever starts a release states it.</summary>
public sealed record RehearsalRow
{
    /// <summary>The scenario, as on the command line.</summary>
    public required string Scenario { get; init; }

    /// <summary>The stage from which it happens, 1 first; null where it does not fit the plan.</summary>
    public int? Stage { get; init; }

    /// <summary>How it ended (completed, rolled_back, failed, refused, stuck), and with how many seeds; empty where it does not fit the plan.</summary>
    public IReadOnlyDictionary<string, int> Outcomes { get; init; } = new Dictionary<string, int>();

    /// <summary>The median over the seeds, in minutes; null: nothing was wrong, or it was not found.</summary>
    public double? MinutesToDetect { get; init; }

    /// <summary>Requests that the new version spoiled, the median over the seeds; null where it does not fit the plan.</summary>
    public long? RequestsHarmed { get; init; }

    /// <summary>The largest share of users that had the new version at one time, in percent, over all seeds; null where it does not fit the plan.</summary>
    public double? PeakExposure { get; init; }

    /// <summary>Minutes from the decision to go back until nobody had the new version, the worst of the seeds; null: it was not taken back.</summary>
    public double? MinutesToSafe { get; init; }

    /// <summary>Whether every promise of the plan was kept; null: the scenario does not fit the plan.</summary>
    public bool? Kept { get; init; }

    /// <summary>Which promise was broken, or why the scenario does not fit the plan; empty where all were kept.</summary>
    public string Remark { get; init; } = "";

    /// <summary>How it ended, in words, each with its number of seeds: <c>2 rolled back, 1 completed</c>; a dash where it does not fit the plan.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string OutcomeText => Outcomes.Count == 0 ? "-" : string.Join(", ", Outcomes
        .OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key, StringComparer.Ordinal)
        .Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{outcome.Value} {outcome.Key.Replace('_', ' ')}")));
}
