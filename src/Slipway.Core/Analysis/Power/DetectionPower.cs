using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Power;

/// <summary>
/// What the sequential test will find in one stage, before anything starts. The test itself is run on a typical course of the release
/// (<see cref="DetectionCourse"/>): the earlier stages bring what a healthy release brings, and then the stage brings the regression; how the
/// times of releases lie around that of the course is <see cref="FoundTime"/>'s. Pure.
/// </summary>
public static class DetectionPower
{
    /// <summary>Found with this chance: likely.</summary>
    public const double Likely = 0.80;

    /// <summary>Found with this chance: nearly sure.</summary>
    public const double NearlySure = 0.95;

    /// <summary>The largest ratio that is looked for.</summary>
    public const double LargestRatio = 20;

    /// <summary>A course is followed for so many bakes: what takes longer in the median is found within one with less than 1 %.</summary>
    private const int MostBakes = 4;

    /// <summary>The smallest regressions that the stage finds within its bake, if they begin with the stage.</summary>
    /// <param name="test">The test.</param>
    /// <param name="before">The stages before, in order, all healthy.</param>
    /// <param name="stage">The stage.</param>
    public static SmallestFound Smallest(PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic stage)
    {
        var course = new DetectionCourse(test, before, stage);
        var likely = Smallest(course, stage, Likely, 1);
        var nearlySure = likely is null ? null : Smallest(course, stage, NearlySure, IndexOf(likely.Value));
        return new SmallestFound(likely, nearlySure);
    }

    /// <summary>What is to be expected of one regression that begins with the stage.</summary>
    /// <param name="test">The test.</param>
    /// <param name="before">The stages before, in order, all healthy.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="ratio">How many times as many bad events the canary has, above 0.</param>
    public static ExpectedDetection Expect(PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic stage, double ratio)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ratio, 0);
        var found = new DetectionCourse(test, before, stage).Found(ratio, MostBakes * stage.Intervals);
        int? within = found?.Median <= stage.Intervals ? Math.Max(1, (int)Math.Ceiling(found.Value.Median)) : null;
        var harmed = Math.Max(0, Math.Min(ratio * stage.BadRate, 1) - stage.BadRate) * stage.Requests * stage.Share;
        return new ExpectedDetection(found?.Within(stage.Intervals) ?? 0, within, harmed * (within ?? stage.Intervals));
    }

    private static double? Smallest(DetectionCourse course, StageTraffic stage, double chance, int from)
    {
        var (low, high) = (from - 1, IndexOf(course.LargestRatio));
        if (high <= low || !IsFound(high)) return null;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (IsFound(middle)) high = middle;
            else low = middle;
        }

        return NoiseLattice.RatioOf(high);

        bool IsFound(int index) => course.Found(NoiseLattice.RatioOf(index), MostBakes * stage.Intervals)?.Within(stage.Intervals) >= chance;
    }

    private static int IndexOf(double ratio) => (int)Math.Floor((Math.Log(ratio) / NoiseLattice.Step) + 1e-9);
}

/// <summary>The sequential test that a release plans for one metric.</summary>
/// <param name="Tolerated">The tolerated ratio, 1 or more.</param>
/// <param name="Alpha">The share of healthy releases that it may roll back, above 0 and below 1.</param>
/// <param name="PlannedIntervals">How many intervals the whole release has at its longest bakes, 1 or more.</param>
public sealed record PlannedTest(double Tolerated, double Alpha, int PlannedIntervals);

/// <summary>The smallest regressions, as ratios to the control arm, that a stage finds within its bake; null: none up to
/// <see cref="DetectionPower.LargestRatio"/>, or up to what the base rate leaves room for.</summary>
/// <param name="Likely">Found with 80 %.</param>
/// <param name="NearlySure">Found with 95 %.</param>
public sealed record SmallestFound(double? Likely, double? NearlySure);

/// <summary>What is to be expected of one regression.</summary>
/// <param name="Chance">How likely it is found within the bake, 0 to 1.</param>
/// <param name="Intervals">After how many intervals of the stage half of such releases are rolled back; null: not within the bake.</param>
/// <param name="Harmed">Bad requests of the canary beyond those of a healthy one, until then or until the end of the bake.</param>
public sealed record ExpectedDetection(double Chance, int? Intervals, double Harmed);
