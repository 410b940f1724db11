namespace Slipway.Core.Planning;

/// <summary>When a stage is expected.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="From">When its exposure is set, at the earliest.</param>
/// <param name="Until">When its bake ends, at the earliest.</param>
public sealed record StageTimes(PlannedStage Stage, DateTimeOffset From, DateTimeOffset Until);

/// <summary>The earliest times of the stages: propagation and bake one after another, each begun in an open window. People who approve, and
/// evidence that needs longer, move them back; nothing moves them forward but a person.</summary>
public static class StageTimeline
{
    /// <summary>The stages with their times, as far as a window opens for them within a year.</summary>
    public static IReadOnlyList<StageTimes> Of(ReleasePlan plan, WindowSchedule schedule, DateTimeOffset start)
    {
        var times = new List<StageTimes>();
        var at = start.ToUniversalTime();
        foreach (var stage in plan.Stages)
        {
            if (schedule.NextOpening(at) is not { } from) break;
            at = from + plan.Watch.Propagation + stage.Bake;
            times.Add(new StageTimes(stage, from, at));
        }

        return times;
    }
}
