using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Calibrating;

/// <summary>Which cohorts of one environment are compared before anybody is exposed.</summary>
public sealed record CalibrationPlan
{
    /// <summary>The flag whose default rollout exposes the users; empty where there is no cohort.</summary>
    public string Flag { get; init; } = "";

    /// <summary>The stages' percentages between 0 and 100, ascending, each once; empty where there is no cohort.</summary>
    public IReadOnlyList<Percentage> Percentages { get; init; } = [];

    /// <summary>The smallest ratio to the control arm that a guardrail tolerates, 1 or more.</summary>
    public required double Tolerated { get; init; }

    /// <summary>Whether groups or named users see the flag beside the default rollout.</summary>
    public bool HasAudience { get; init; }

    /// <summary>Whether the environment has several regions, each of which is judged.</summary>
    public bool HasRegions { get; init; }

    /// <summary>Why there is no cohort to compare, as part of a sentence; empty where there is one.</summary>
    public string Why { get; init; } = "";

    /// <summary>What can be compared in an environment.</summary>
    /// <param name="plan">The release's plan.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="guardrails">The request's limits, with the ratios that they tolerate.</param>
    public static CalibrationPlan Of(ReleasePlan plan, PlannedEnvironment environment, GuardrailSpec guardrails)
    {
        var tolerated = (double)new[] { guardrails.ErrorRate, guardrails.LatencyP95 }.Min(limit => limit?.ToleratedRatio ?? NoLimit.ToleratedRatio);
        List<Percentage> percentages =
        [
            .. plan.Stages.Skip(environment.FirstStage).Take(environment.LastStage - environment.FirstStage + 1)
                .Select(stage => stage.Percentage)
                .Where(percentage => percentage > Percentage.Zero && percentage < Percentage.Full)
                .Distinct().Order(),
        ];
        var why = plan.Strategy == RolloutStrategy.Rolling ? "a rolling release moves servers, and no cohort of users"
            : plan.Strategy == RolloutStrategy.Shadow ? "a shadow is compared on everybody's requests, and not on a cohort"
            : environment.Flags.Count == 0 ? "no flag says which users will be the canary"
            : environment.Flags.Any(flag => flag.Lever != FlagLever.Targeting) ? "the percentage filter rolls anew at every evaluation, so that there is no cohort"
            : environment.Flags.Select(flag => flag.Name).Distinct(StringComparer.Ordinal).Skip(1).Any() ? "several flags expose a cohort of their own each"
            : percentages.Count == 0 ? "no stage exposes a part of the users"
            : "";
        return why.Length > 0 ? new CalibrationPlan { Tolerated = tolerated, Why = why } : new CalibrationPlan
        {
            Flag = environment.Flags[0].Name,
            Percentages = percentages,
            Tolerated = tolerated,
            HasRegions = environment.Regions.Count > 1,
            HasAudience = environment.Flags.Any(flag => flag.Segments.Count + flag.Overrides.Count > 0),
        };
    }

    private static readonly LimitSpec NoLimit = new(1);
}
