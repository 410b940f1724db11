using Slipway.Core.Requests;

namespace Slipway.Core.Planning;

/// <summary>Measurements that no stage could ever judge are refused: they would be dead, or block every promotion.</summary>
internal static class MeasurementRules
{
    public static IEnumerable<RequestProblem> Check(ReleaseRequest request, ReleasePlan plan)
    {
        var percentages = plan.Stages.Select(stage => stage.Percentage).Distinct().Order().ToList();
        foreach (var (index, measurement) in request.Guardrails.Measurements.Index())
        {
            var path = $"guardrails.measurements[{index}]";
            foreach (var stage in measurement.Stages.Where(stage => !percentages.Contains(stage)))
                yield return RequestProblem.At($"{path}.stages", $"{stage}", $"percentages of stages: {string.Join(", ", percentages)}");
            var counted = plan.Stages.Where(stage => measurement.Stages.Count == 0 || measurement.Stages.Contains(stage.Percentage));
            if (measurement.MaxSlope is not null && counted.Where(stage => stage.MaxBake < measurement.SlopeOver).OrderBy(stage => stage.MaxBake).FirstOrDefault() is { } shortest)
            {
                yield return RequestProblem.At(
                    $"{path}.slope_over", DurationText.Format(measurement.SlopeOver),
                    $"at most the longest bake of each stage that it counts in: {DurationText.Format(shortest.MaxBake)} at {plan.Describe(shortest.Index)}; name others in stages, or bake longer");
            }
        }
    }
}
