using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Planning;

/// <summary>Makes the environments of a plan and their stages.</summary>
internal static class EnvironmentPlanner
{
    private static readonly Percentage Half = new(50);

    /// <summary>The environments in order with the stages of all of them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="assessment">The risk that counts, and the complexity.</param>
    /// <param name="watch">How observations are read, where nothing says otherwise.</param>
    /// <param name="notes">Takes what was filled in.</param>
    public static (IReadOnlyList<PlannedEnvironment> Environments, IReadOnlyList<PlannedStage> Stages) Plan(
        ReleaseRequest request, RiskAssessment assessment, WatchPlan watch, List<string> notes)
    {
        var risk = assessment.Counting;
        IReadOnlyList<EnvironmentSpec> specs = request.Environments.Count > 0
            ? request.Environments
            : [new EnvironmentSpec { Name = EnvironmentName.Prod }];
        var several = specs.Count > 1;
        var manual = EveryIncrease(request, risk);
        var environments = new List<PlannedEnvironment>();
        var stages = new List<PlannedStage>();
        foreach (var (index, spec) in specs.Index())
        {
            var first = stages.Count;
            IReadOnlyList<string> regions = spec.Regions.Count > 0 ? spec.Regions : ["global"];
            var own = StagesOf(request, spec, index == specs.Count - 1, assessment, regions, notes);
            var service = spec.ServiceAmong(several, request.Telemetry?.Service ?? "");
            environments.Add(new PlannedEnvironment
            {
                Index = index,
                Name = spec.Name,
                Label = spec.LabelAmong(several),
                Regions = regions,
                Flags = [.. spec.FlagLabels(several).SelectMany(label => request.Flags.Select(flag => flag with { Label = label }))],
                // A service that is still to be said is a gap; what is shown meanwhile shares no evidence either.
                Watch = watch with { Service = service.Length > 0 ? service : several ? $"{watch.Service}-{EnvironmentSpec.Word(spec.Name)}" : watch.Service },
                FirstStage = first,
                LastStage = first + own.Count - 1,
            });
            stages.AddRange(own.Select((stage, position) => new PlannedStage(
                first + position, stage.Percentage, stage.Bake, stage.MaxBake ?? 2 * stage.Bake, stage.Approval ?? (index == specs.Count - 1 && stage.Percentage > Percentage.Zero ? manual : null), index)
            {
                Steps = several ? [] : StrategyStages.Steps(request, own, position, regions),
                AcceleratedFrom = index == specs.Count - 1 && risk == RiskLevel.Low && stage.Bake < StageDefaults.Floor(stage.Percentage) ? StageDefaults.Floor(stage.Percentage) : null,
            }));
        }

        if (manual is not null) notes.Add($"Approvals: {manual} approves every increase that names no group, as the risk is {Word(risk)}.");
        if (several) notes.Add(Order(environments));
        return (environments, stages);
    }

    /// <summary>The group that approves every increase from high risk on: the first in the order of their names. Null: none has to.</summary>
    private static string? EveryIncrease(ReleaseRequest request, RiskLevel risk) =>
        risk >= RiskLevel.High ? request.Approvals.Keys.Order(StringComparer.Ordinal).FirstOrDefault() : null;

    private static IReadOnlyList<StageSpec> StagesOf(ReleaseRequest request, EnvironmentSpec spec, bool last, RiskAssessment assessment, IReadOnlyList<string> regions, List<string> notes)
    {
        var word = request.Environments.Count > 1 ? $" of {EnvironmentSpec.Word(spec.Name)}" : "";
        var stages = spec.Stages.Count > 0 ? spec.Stages : last ? request.Stages : [];
        if (last)
        {
            if (request.Release.Accelerate && stages.Count > 0) notes.Add("Stages: the listed waits count as they are; release.accelerate shortens only derived ones.");
            stages = StrategyStages.Of(request, stages, assessment, regions, word, notes);
        }
        else if (stages.Count == 0)
        {
            stages = BeforeProduction(spec.Name, StageDefaults.CanaryBake(assessment.Waits));
            notes.Add($"Stages{word}: {string.Join(", then ", stages.Select(stage => $"{stage.Percentage} for {DurationText.Format(stage.Bake)}"))}, from {Word(assessment.Counting)} risk{(stages.Count > 1 ? "; staging moves by halves" : "")}.");
        }

        // The default profile is about production traffic; an earlier environment exists to be tried first.
        return last ? Compared(stages, assessment.Counting, notes) : stages;
    }

    /// <summary>An environment before the last is there to be tried: all at once, and staging in two batches of half, the wait shared between them.</summary>
    private static IReadOnlyList<StageSpec> BeforeProduction(EnvironmentName name, TimeSpan wait) => name == EnvironmentName.Staging
        ? [new StageSpec { Percentage = Half, Bake = wait / 2 }, new StageSpec { Percentage = Percentage.Full, Bake = wait / 2 }]
        : [new StageSpec { Percentage = Percentage.Full, Bake = wait }];

    private static IReadOnlyList<StageSpec> Compared(IReadOnlyList<StageSpec> stages, RiskLevel risk, List<string> notes)
    {
        if (stages.FirstOrDefault(stage => stage.Percentage > Percentage.Zero) is { } first && first.Percentage > StageDefaults.LargestCanary)
            notes.Add($"Stages: the first exposes {first.Percentage}; the default profile starts with at most {StageDefaults.LargestCanary}.");
        foreach (var stage in stages.Where(stage => risk == RiskLevel.Low && stage.Bake < StageDefaults.Floor(stage.Percentage)))
        {
            notes.Add(
                $"Stages: {stage.Percentage} bakes {DurationText.Format(stage.Bake)}, shorter than the default profile's {DurationText.Format(StageDefaults.Floor(stage.Percentage))} (accelerated, as the risk is low).");
        }

        return stages;
    }

    private static string Order(IReadOnlyList<PlannedEnvironment> environments) =>
        $"Environments: {string.Join(", then ", environments.Select(environment => environment.Word))}. Each is judged by its own telemetry; an earlier one stays exposed and watched until the end, where a breach rolls everything back and lost sight is an alert.";

    private static string Word(RiskLevel risk) => risk.ToString().ToLowerInvariant();
}
