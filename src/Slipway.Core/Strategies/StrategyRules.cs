using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>What each strategy needs, and what none may do. Rules of the product, not limits of this version.</summary>
public static class StrategyRules
{
    /// <summary>Every conflict; empty when the strategy can be carried out as asked.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">Its draft.</param>
    public static IReadOnlyList<RequestProblem> Check(ReleaseRequest request, ReleasePlan plan) =>
        [.. Levers(request), .. request.Strategy == RolloutStrategy.Rolling ? Rolling(request, plan) : [], .. Exposure(request, plan), .. Acceleration(request, plan), .. Tolerance.Problems(request, plan)];

    private static IEnumerable<RequestProblem> Levers(ReleaseRequest request)
    {
        if (request.Deploy is null)
        {
            var why = request.Strategy switch
            {
                RolloutStrategy.BlueGreen => "a deploy hook for strategy blue_green, which ends with its swap",
                RolloutStrategy.Rolling => "a deploy hook for strategy rolling, which deploys region by region through it",
                RolloutStrategy.Shadow => "a deploy hook for strategy shadow, which starts and stops the shadow",
                _ => null,
            };
            if (why is not null)
                yield return RequestProblem.At("deploy.hook", "nothing", why);
        }

        if (request.Flags.Count == 0 && request.Strategy == RolloutStrategy.FeatureFlag)
            yield return RequestProblem.At("flags", "no flag", "at least one flag for strategy feature_flag");
        else if (request.Flags.Count == 0 && request.Deploy is null)
            yield return RequestProblem.At("flags", "no flag", "a flag or a deploy hook (deploy.hook) to carry the exposure");
    }

    private static IEnumerable<RequestProblem> Rolling(ReleaseRequest request, ReleasePlan plan)
    {
        if (request.Flags.Count > 0)
            yield return RequestProblem.At("flags", string.Join(", ", request.Flags.Select(flag => flag.Name)), "no flag with strategy rolling, where regions carry the exposure; canary moves a flag");
        if (plan.Regions.Count < 2)
            yield return RequestProblem.At("environments", $"{plan.Regions.Count} region", "at least two regions for strategy rolling; with one, everybody would get the new version at once");
        if (request.Rollback?.Code is null)
            yield return RequestProblem.At("rollback.code", "nothing", "previous_version: rolling goes back by deploying it to the regions that were done");

        var shares = RegionShares.All(Math.Max(1, plan.Regions.Count));
        var stages = request.LastStages();
        for (var index = 0; index < stages.Count; index++)
        {
            var listed = stages[index].Stage.Percentage;
            var fits = shares.Any(share => Math.Abs(share.Value - listed.Value) < 1);
            if (!fits || (index > 0 && plan.Stages.Count == stages.Count && plan.Stages[index].Percentage <= plan.Stages[index - 1].Percentage))
                yield return RequestProblem.At($"{stages[index].Path}.percentage", $"{listed}", $"a share of the {plan.Regions.Count} regions that adds at least one: {string.Join(", ", shares)}");
        }
    }

    /// <summary>X26, S002-155 and S002-159: users do not go from none to all at once, neither with blue_green nor where the risk is above
    /// low, as then nothing would have been compared.</summary>
    private static IEnumerable<RequestProblem> Exposure(ReleaseRequest request, ReleasePlan plan)
    {
        var own = plan.Stages.Where(stage => stage.Environment == plan.Environments.Count - 1).ToList();
        var partial = own.Exists(stage => stage.Percentage > Percentage.Zero && stage.Percentage < Percentage.Full);
        if (partial || plan.Stages.Count == 0)
            yield break;
        var found = string.Join(", ", own.Select(stage => stage.Percentage));
        if (request.Strategy == RolloutStrategy.BlueGreen)
            yield return RequestProblem.At("stages", found, "a partial share between 0 % and 100 %: blue_green exposes a canary share before the swap");
        else if (plan.Risk >= RiskLevel.Medium)
            yield return RequestProblem.At("stages", found, $"a partial share before 100 %: nothing of {plan.Risk.ToString().ToLowerInvariant()} risk goes to everybody at once");
    }

    private static IEnumerable<RequestProblem> Acceleration(ReleaseRequest request, ReleasePlan plan)
    {
        if (request.Release.Accelerate && plan.Risk > RiskLevel.Low)
            yield return RequestProblem.At("release.accelerate", string.Create(CultureInfo.InvariantCulture, $"true, with {plan.Risk.ToString().ToLowerInvariant()} risk"), "false, or low risk: nothing above it is accelerated");
    }
}
