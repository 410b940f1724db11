using Slipway.Core.Planning;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Strategies;

/// <summary>What a stated tolerance means for the first exposing stage of the last environment; pure.</summary>
public static class Tolerance
{
    /// <summary>The agreed wait of a derived first stage; null where none is agreed. Above low risk a wait that is shorter than the risk and
    /// the complexity ask for does not count: it is asked about (X10), and the longer one is shown meanwhile.</summary>
    public static TimeSpan? WaitOf(ReleaseRequest request, RiskAssessment assessment) =>
        request.Tolerance?.For is { } agreed && !IsTooShort(request, assessment) ? agreed : null;

    /// <summary>Whether the agreed wait is shorter than what the risk asks for, and the risk is above low.</summary>
    public static bool IsTooShort(ReleaseRequest request, RiskAssessment assessment) =>
        assessment.Counting > RiskLevel.Low && request.Tolerance?.For is { } agreed && agreed < Needed(request, assessment);

    /// <summary>The shortest first wait above low risk: the default profile's for a listed stage, the derived one for a derived stage.</summary>
    public static TimeSpan Needed(ReleaseRequest request, RiskAssessment assessment) =>
        First(request) is { Stage.Percentage: var listed } ? StageDefaults.Floor(listed) : StageDefaults.CanaryBake(assessment.Waits);

    /// <summary>What contradicts the tolerance, each with its path.</summary>
    /// <param name="request">The request.</param>
    /// <param name="plan">Its draft.</param>
    internal static IEnumerable<RequestProblem> Problems(ReleaseRequest request, ReleasePlan plan)
    {
        if (request.Tolerance is not { } tolerance) yield break;
        if (First(request) is { } first)
        {
            if (first.Stage.Percentage > tolerance.Canary)
                yield return RequestProblem.At($"{first.Path}.percentage", $"{first.Stage.Percentage}", $"at most {tolerance.Canary}, which tolerance.canary allows at first");
            if (tolerance.For is { } agreed && first.Stage.Bake > agreed && !IsTooShort(request, RiskAssessor.Assess(request)))
                yield return RequestProblem.At($"{first.Path}.bake", DurationText.Format(first.Stage.Bake), $"at most {DurationText.Format(agreed)}, which tolerance.for allows at first");
        }
        else if (plan.Stages.FirstOrDefault(stage => stage.Environment == plan.Environments.Count - 1 && stage.Percentage > Percentage.Zero) is { } planned && planned.Percentage > tolerance.Canary)
        {
            yield return RequestProblem.At("tolerance.canary", $"{tolerance.Canary}", $"{planned.Percentage} or more, the share of one of the {plan.Regions.Count} regions; or another strategy than rolling");
        }

        if (tolerance.Basis == ToleranceBasis.Users && request.Flags.FirstOrDefault(flag => flag.Lever == FlagLever.Percentage) is { } rolled)
            yield return RequestProblem.At("tolerance.basis", "users", $"requests; or the targeting lever for {rolled.Name}, as its percentage lever picks anew at every request, so that more users meet the new version than the share says");
    }

    /// <summary>The first listed stage with users, of the last environment.</summary>
    private static (string Path, StageSpec Stage)? First(ReleaseRequest request)
    {
        var exposing = request.LastStages().Where(listed => listed.Stage.Percentage > Percentage.Zero).ToList();
        return exposing.Count > 0 ? exposing[0] : null;
    }
}
