using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Power;

/// <summary>
/// What the sequential test will find in one stage, before anything starts. The test itself is run on a typical course of the release
/// (<see cref="DetectionCourse"/>): the earlier stages bring what a healthy release brings, and then the stage brings counts whose total
/// over the bake is a quantile. Given all bad events of both arms, those of the canary vary by <c>1/sqrt(1/K_c + 1/K_b)</c>; releases differ
/// by half more than that. Pure.
/// </summary>
public static class DetectionPower
{
    /// <summary>Found with this chance: likely.</summary>
    public const double Likely = 0.80;

    /// <summary>Found with this chance: nearly sure.</summary>
    public const double NearlySure = 0.95;

    /// <summary>The largest ratio that is looked for.</summary>
    public const double LargestRatio = 20;

    /// <summary>Measured: when a regression is found varies by half more than the totals do, since the order of good and bad intervals counts
    /// too. The benchmarks compare with simulated releases.</summary>
    private const double Differ = 1.5;

    /// <summary>Standard deviations that 80 % and 95 % of a normal distribution lie above.</summary>
    private const double LikelyDeviations = 0.8416, NearlySureDeviations = 1.6449;

    /// <summary>Beyond this many standard deviations of the totals a chance is as good as 0 or 1.</summary>
    private const double MostDeviations = 6;

    /// <summary>The smallest regressions that the stage finds within its bake, if they begin with the stage.</summary>
    /// <param name="test">The test.</param>
    /// <param name="before">The stages before, in order, all healthy.</param>
    /// <param name="stage">The stage.</param>
    public static SmallestFound Smallest(PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic stage)
    {
        var course = new DetectionCourse(test, before, stage);
        var likely = Smallest(course, Differ * LikelyDeviations, 1);
        var nearlySure = likely is null ? null : Smallest(course, Differ * NearlySureDeviations, IndexOf(likely.Value));
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
        var course = new DetectionCourse(test, before, stage);
        var found = course.FoundAfter(ratio, 0);
        var harmed = Math.Max(0, Math.Min(ratio * stage.BadRate, 1) - stage.BadRate) * stage.Requests * stage.Share;
        return new ExpectedDetection(Chance(course, ratio), found, harmed * (found ?? stage.Intervals));
    }

    /// <summary>Up to how many standard deviations behind the median course the regression is still found, as a probability.</summary>
    private static double Chance(DetectionCourse course, double ratio)
    {
        double low = -MostDeviations, high = MostDeviations;
        if (course.FoundAfter(ratio, low) is null) return 0;
        if (course.FoundAfter(ratio, high) is not null) return 1;
        while (high - low > 0.02)
        {
            var middle = (low + high) / 2;
            if (course.FoundAfter(ratio, middle) is null) high = middle;
            else low = middle;
        }

        return NormalTail.Below((low + high) / 2 / Differ);
    }

    private static double? Smallest(DetectionCourse course, double deviations, int from)
    {
        var (low, high) = (from - 1, IndexOf(course.LargestRatio));
        if (high <= low || course.FoundAfter(NoiseLattice.RatioOf(high), deviations) is null) return null;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (course.FoundAfter(NoiseLattice.RatioOf(middle), deviations) is null) low = middle;
            else high = middle;
        }

        return NoiseLattice.RatioOf(high);
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
