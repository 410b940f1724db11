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

    /// <summary>After how many intervals of the stage the test rolls back; null: not within its bake.</summary>
    /// <param name="ratio">How many times as many bad events the canary has.</param>
    /// <param name="deviations">By how many standard deviations of its total the course lies behind the median.</param>
    public int? FoundAfter(double ratio, double deviations)
    {
        if (!Tells(_stage)) return null;
        var canary = Math.Min(_stage.CanaryBad * ratio, _stage.Requests * _stage.Share);
        var control = _stage.ControlBad;
        var fewer = deviations / Math.Sqrt(((1 / canary) + (1 / control)) * _stage.Intervals);
        (canary, control) = (Math.Max(0, canary - fewer), Math.Max(0, control + fewer));
        var told = Efficiency(canary);
        var state = _healthy.Copy();
        for (var i = 0; i < _stage.Intervals; i++)
        {
            Update(state, i, told * canary, told * control, _stage.LogOdds);
            if (_test.Rejects(state)) return i + 1;
        }

        return null;
    }

    private static bool Tells(StageTraffic stage) => stage.CanaryBad > 0 && stage.ControlBad > 0;

    /// <summary>Both arms high, the canary low, the control low, both low, and again: over four intervals the arms are independent.</summary>
    private void Update(RatioTestState state, int interval, double canary, double control, double logOdds) => _test.Update(
        state, Typical(canary, interval % 2 == 0), Typical(control, interval % 4 < 2), logOdds + _logOffset);

    /// <summary>Measured: where the canary has only a few bad events an interval, their scatter, which turns of two do not show, costs up to
    /// 18 % of what they tell. The benchmarks compare with simulated releases.</summary>
    private static double Efficiency(double canary) => 1 - (0.18 / (1 + (canary / 3)));

    private static double Typical(double mean, bool high)
    {
        var root = Math.Sqrt(mean);
        var (above, below) = (Square(root + 0.5), Square(Math.Max(0, root - 0.5)));
        return 2 * mean * (high ? above : below) / (above + below);
    }

    private static double Square(double value) => value * value;
}
