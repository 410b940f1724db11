using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Power;

/// <summary>
/// Runs the sequential test on a typical course of a release, and says when it rolls back. Typical counts are not constant: a test that
/// learns the noise from them would believe in less than there is, and be 30 % faster than in truth. So each arm's counts lie by turns
/// above and below their mean, by as much as Poisson counts do: (√mean ± ½)², scaled to the mean.
/// </summary>
internal sealed class DetectionCourse
{
    /// <summary>More intervals of a healthy stage teach nothing more: the evidence has settled on its stake, and the noise is known.</summary>
    private const int MostHealthyIntervals = 120;

    private readonly RatioTest _test;
    private readonly RatioTestState _healthy = new();
    private readonly StageTraffic _stage;
    private readonly double _logOffset;

    /// <summary>Takes the healthy stages in.</summary>
    public DetectionCourse(PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic stage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(test.Tolerated, 1);
        _test = new RatioTest(test.Alpha, test.PlannedIntervals);
        _stage = stage;
        _logOffset = Math.Log(test.Tolerated);
        foreach (var earlier in before.Where(Tells))
            for (var i = 0; i < Math.Min(earlier.Intervals, MostHealthyIntervals); i++)
                Update(_healthy, i, earlier.CanaryBad, earlier.ControlBad, earlier.LogOdds);
    }

    /// <summary>The largest ratio that can be: no more than all requests are bad.</summary>
    public double LargestRatio => _stage.BadRate <= 0 ? 1 : Math.Min(DetectionPower.LargestRatio, 1 / _stage.BadRate);

    /// <summary>
    /// After how long half of such releases are rolled back, in intervals of the stage and parts of one; null: not within
    /// <paramref name="most"/> intervals of the typical course.
    /// </summary>
    /// <param name="ratio">How many times as many bad events the canary has.</param>
    /// <param name="most">How far the course is followed.</param>
    public FoundTime? Found(double ratio, int most)
    {
        if (!Tells(_stage)) return null;
        var canary = Math.Min(_stage.CanaryBad * ratio, _stage.Requests * _stage.Share);
        var state = _healthy.Copy();
        var before = _test.LogEvidence(state);
        for (var i = 0; i < most; i++)
        {
            Update(state, i, canary, _stage.ControlBad, _stage.LogOdds);
            var after = _test.LogEvidence(state);
            if (after >= _test.LogThreshold)
                return FoundTime.Of(i + Math.Clamp((_test.LogThreshold - before) / (after - before), 0, 1), ratio, canary, _stage.ControlBad);
            before = after;
        }

        return null;
    }

    private static bool Tells(StageTraffic stage) => stage.CanaryBad > 0 && stage.ControlBad > 0;

    /// <summary>Both arms high, the canary low, the control low, both low, and again: over four intervals the arms are independent.</summary>
    private void Update(RatioTestState state, int interval, double canary, double control, double logOdds) => _test.Update(
        state, Typical(canary, interval % 2 == 0), Typical(control, interval % 4 < 2), logOdds + _logOffset);

    private static double Typical(double mean, bool high)
    {
        var root = Math.Sqrt(mean);
        var (above, below) = (Square(root + 0.5), Square(Math.Max(0, root - 0.5)));
        return 2 * mean * (high ? above : below) / (above + below);
    }

    private static double Square(double value) => value * value;
}
