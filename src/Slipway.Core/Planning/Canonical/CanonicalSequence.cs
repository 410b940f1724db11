using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using static Slipway.Core.Planning.Canonical.CanonicalStageName;

namespace Slipway.Core.Planning.Canonical;

/// <summary>
/// Shows a plan as the five canonical stages; pure. Of the last environment, which is the one that users meet.
/// <list type="table">
/// <listheader><term>Stage</term><description>Which planned stages it has</description></listheader>
/// <item><term>1 Infrastructure, zero, 0 %</term><description>none: the hook's <c>deploy</c> call, else what preflight verifies</description></item>
/// <item><term>2 Integration, low, 0 %, 1 h</term><description>the stage at 0 % where the plan has one, else what is captured before exposure</description></item>
/// <item><term>3 Canary, medium, 2 to 4 h</term><description>the first with users, below 100 %</description></item>
/// <item><term>4 Partial, medium, 4 to 8 h</term><description>every other below 100 %, as sub-steps</description></item>
/// <item><term>5 Full, final, 24 h</term><description>the one at 100 %</description></item>
/// </list>
/// </summary>
public static class CanonicalSequence
{
    /// <summary>The five stages, 1 first.</summary>
    public static IReadOnlyList<CanonicalStage> Of(ReleasePlan plan)
    {
        var own = plan.Stages.Where(stage => stage.Environment == plan.Environments.Count - 1).ToList();
        var dark = own.Where(stage => stage.Percentage == Percentage.Zero).ToList();
        var partial = own.Where(stage => stage.Percentage > Percentage.Zero && stage.Percentage < Percentage.Full).ToList();
        return
        [
            InfrastructureOf(own),
            IntegrationOf(plan, dark),
            Exposing(Canary, StageLabel.Medium, [.. partial.Take(1)], StageDefaults.ShortestCanary, StageDefaults.LongestCanary),
            Exposing(Partial, StageLabel.Medium, [.. partial.Skip(1)], 2 * StageDefaults.ShortestCanary, 2 * StageDefaults.LongestCanary),
            Exposing(Full, StageLabel.Final, [.. own.Where(stage => stage.Percentage == Percentage.Full)], StageDefaults.FullBake, StageDefaults.FullBake),
        ];
    }

    private static CanonicalStage InfrastructureOf(List<PlannedStage> own)
    {
        var hook = own.Count > 0 && own[0].Steps.Any(step => step is { Action: DeployAction.Deploy, IsRegional: false });
        return new CanonicalStage
        {
            Number = 1,
            Name = Infrastructure,
            Label = StageLabel.Zero,
            Share = Percentage.Zero,
            Flag = FlagPosition.Off,
            Wait = TimeSpan.Zero,
            Shortest = TimeSpan.Zero,
            Longest = TimeSpan.Zero,
            RunsAs = hook ? StageRunsAs.DeployStep : StageRunsAs.Preflight,
            RunsAsText = hook
                ? "The deploy hook puts the version everywhere, without users, before anything else of the first stage"
                : "The version is deployed before the release starts; preflight verifies that its flags exist and are off and that its checks answer",
            Steps = [],
        };
    }

    private static CanonicalStage IntegrationOf(ReleasePlan plan, List<PlannedStage> dark) => new()
    {
        Number = 2,
        Name = Integration,
        Label = StageLabel.Low,
        Share = Percentage.Zero,
        Flag = FlagPosition.Off,
        Wait = Total(dark),
        Shortest = StageDefaults.DarkBake,
        Longest = StageDefaults.DarkBake,
        RunsAs = dark.Count > 0 ? StageRunsAs.DarkStage : StageRunsAs.Capture,
        RunsAsText = dark.Count > 0
            ? $"A stage at 0 % is watched for {DurationText.Format(Total(dark))}{(plan.Strategy == RolloutStrategy.Shadow ? ", with the shadow's answers compared" : "")}"
            : "The plan has no stage at 0 %: locks are taken, the state to come back to is captured and the baseline is measured before anybody is exposed, and nothing waits",
        Steps = dark,
    };

    private static CanonicalStage Exposing(CanonicalStageName name, StageLabel label, IReadOnlyList<PlannedStage> steps, TimeSpan shortest, TimeSpan longest) => new()
    {
        Number = (int)name + 1,
        Name = name,
        Label = label,
        Share = steps.Count > 0 ? steps[^1].Percentage : null,
        Flag = steps.Count == 0 ? FlagPosition.Off : steps[^1].Percentage == Percentage.Full ? FlagPosition.Full : FlagPosition.Partial,
        Wait = Total(steps),
        Shortest = shortest,
        Longest = longest,
        RunsAs = steps.Count > 0 ? StageRunsAs.Exposure : StageRunsAs.NotRun,
        RunsAsText = steps.Count > 0
            ? string.Join(", then ", steps.Select(step => $"{step.Percentage} for {DurationText.Format(step.Bake)}"))
            : "Not run: the plan has no such share",
        Steps = steps,
    };

    private static TimeSpan Total(IReadOnlyList<PlannedStage> steps) => new(steps.Sum(step => step.Bake.Ticks));
}
