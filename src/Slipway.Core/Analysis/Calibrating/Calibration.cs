namespace Slipway.Core.Analysis.Calibrating;

/// <summary>
/// What was learnt about one environment before anybody was exposed: how the users that will be the canary differ from the others anyway,
/// and whether noise has memory. Fixed for the release, and in its ledger.
/// </summary>
public sealed record Calibration
{
    /// <summary>Nothing is known.</summary>
    /// <param name="why">Why, for people.</param>
    public static Calibration Unknown(string why) => new() { Notes = [why] };

    /// <summary>Nothing is known, as telemetry did not tell.</summary>
    /// <param name="why">Why, as part of a sentence.</param>
    public static Calibration Unmeasured(string why) => new() { Notes = CalibrationNotes.Unmeasured(why) };

    /// <summary>Nothing is known, as there is no cohort to compare.</summary>
    /// <param name="why">Why, as part of a sentence.</param>
    public static Calibration WithoutCohort(string why) => Unknown(CalibrationNotes.NoCohort(why));

    /// <summary>Whether everything was measured and intervals are judged as they come; otherwise the notes say what people should know.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsComplete => Offsets.Count > 0 && Autocorrelation is not null && BlockIntervals == 1;

    /// <summary>The differences that were there before, by metric, region and share of users.</summary>
    public IReadOnlyList<MetricOffset> Offsets { get; init; } = [];

    /// <summary>Lag-1 autocorrelation of the detrended log ratio of errors, -1 to 1; null: unknown.</summary>
    public double? Autocorrelation { get; init; }

    /// <summary>How many intervals are judged as one, 1 or more: several where noise has memory.</summary>
    public int BlockIntervals { get; init; } = 1;

    /// <summary>What people should know about it, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The offset in the log ratio of one metric at one share; 0 where it was not measured.</summary>
    /// <param name="metric">error_rate or latency_p95.</param>
    /// <param name="region">The region; <c>all</c> for the pool.</param>
    /// <param name="percentage">The stage's percentage.</param>
    public double OffsetOf(string metric, string region, decimal percentage) =>
        Offsets.FirstOrDefault(offset => offset.Metric == metric && offset.Region == region && offset.Percentage == percentage)?.Offset ?? 0;
}

/// <summary>By how much the users of a canary-to-be differed from the others while nobody was exposed.</summary>
/// <param name="Metric">error_rate or latency_p95.</param>
/// <param name="Region">The region; <c>all</c> for the pool.</param>
/// <param name="Percentage">The stage's percentage that these users are the cohort of.</param>
/// <param name="LogRatio">ln of their rate of bad events over the others'.</param>
/// <param name="Variance">Its variance.</param>
/// <param name="Offset">What is allowed for: the log ratio, shrunk towards 0 by its uncertainty.</param>
/// <param name="Intervals">How many intervals it was measured over.</param>
public sealed record MetricOffset(string Metric, string Region, decimal Percentage, double LogRatio, double Variance, double Offset, int Intervals);
