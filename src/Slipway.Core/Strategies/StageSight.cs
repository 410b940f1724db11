using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>Whose requests a stage is judged on.</summary>
/// <param name="Kind">What kind of stage it is.</param>
/// <param name="Regions">The regions whose users are new in this stage; empty: every region alike.</param>
public sealed record StageSight(StageKind Kind, IReadOnlyList<string> Regions)
{
    /// <summary>Of the stage under judgement; before the first stage an exposing one, which sees nobody.</summary>
    public static StageSight Of(ReleasePlan plan, StageUnderJudgement stage)
    {
        if (stage.Index < 0 || stage.Index >= plan.Stages.Count) return new StageSight(StageKind.Exposing, []);
        return new StageSight(
            KindOf(plan, plan.Stages[stage.Index]),
            [.. plan.Stages[stage.Index].Steps.Where(step => step is { Action: DeployAction.Deploy, IsRegional: true }).Select(step => step.Region)]);
    }

    /// <summary>The kind of a planned stage.</summary>
    public static StageKind KindOf(ReleasePlan plan, PlannedStage stage) => stage.Percentage > Percentage.Zero ? StageKind.Exposing
        : plan.Strategy == RolloutStrategy.Shadow ? StageKind.Shadow : StageKind.Dark;
}

/// <summary>What a stage's evidence is made of.</summary>
public enum StageKind
{
    /// <summary>Users are on the new version: they are the canary.</summary>
    Exposing,

    /// <summary>The new version is there and no default user is on it: what counts is that everybody is as well off as before.</summary>
    Dark,

    /// <summary>The new version answers a copy of the traffic: its answers are the canary, and reach nobody.</summary>
    Shadow,
}
