using System.Globalization;
using System.Text.Json.Serialization;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Replaying;

/// <summary>Settings under which recorded evidence is judged anew. Null: as recorded.</summary>
/// <param name="ErrorLimit">Failed requests in percent that are allowed.</param>
/// <param name="LatencyLimit">The 95th percentile in milliseconds that is allowed.</param>
/// <param name="ToleratedRatio">How many times the control arm's errors and latencies are tolerated, 1 or more.</param>
/// <param name="Budget">Healthy releases in percent that may be rolled back.</param>
public sealed record OtherSettings(decimal? ErrorLimit = null, decimal? LatencyLimit = null, decimal? ToleratedRatio = null, decimal? Budget = null)
{
    /// <summary>Whether nothing is changed.</summary>
    [JsonIgnore]
    public bool AsRecorded => this == new OtherSettings();

    /// <summary>The plan with them. The availability objective follows an error limit that is looser, or it would roll back in its stead.</summary>
    public ReleasePlan Apply(ReleasePlan plan)
    {
        var evidence = plan.Evidence;
        if (ErrorLimit is { } errors) evidence = evidence with { ErrorLimit = Math.Clamp((double)errors / 100, 1e-6, 0.999) };
        if (LatencyLimit is { } latency) evidence = evidence with { LatencyLimit = (double)latency };
        if (ToleratedRatio is { } ratio) evidence = evidence with { ErrorTolerance = (double)ratio, LatencyTolerance = (double)ratio };
        if (Budget is { } budget) evidence = evidence with { FalseRollbackBudget = Math.Clamp((double)budget / 100, 1e-9, 0.5) };
        return plan with { Evidence = evidence, Triggers = [.. plan.Triggers.Select(Apply)] };
    }

    private PlannedTrigger Apply(PlannedTrigger trigger) => trigger.Name switch
    {
        GuardrailProfile.ErrorRateTrigger when ErrorLimit is { } errors => trigger with { Above = errors },
        GuardrailProfile.AvailabilityTrigger when ErrorLimit is { } errors && trigger.Below > 100 - errors => trigger with { Below = 100 - errors },
        GuardrailProfile.LatencyTrigger when LatencyLimit is { } latency => trigger with { Above = latency },
        _ => trigger,
    };

    /// <summary>In words.</summary>
    public override string ToString() => string.Join(", ", Words());

    private IEnumerable<string> Words()
    {
        if (ErrorLimit is { } errors) yield return string.Create(CultureInfo.InvariantCulture, $"{MetricNames.ErrorRate} limit {errors:0.######} %");
        if (LatencyLimit is { } latency) yield return string.Create(CultureInfo.InvariantCulture, $"{MetricNames.LatencyP95} limit {latency:0.######} ms");
        if (ToleratedRatio is { } ratio) yield return string.Create(CultureInfo.InvariantCulture, $"tolerated ratio {ratio:0.######}");
        if (Budget is { } budget) yield return string.Create(CultureInfo.InvariantCulture, $"false-rollback budget {budget:0.######} %");
    }
}
