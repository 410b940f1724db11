namespace Slipway.Core.Analysis.Power;

/// <summary>
/// When a regression is found: the time to a rollback is log-normal, as the first passage of a sequential test nearly is (Wald, Sequential
/// Analysis, 1947, A.6: an inverse Gaussian distribution). The typical course (<see cref="DetectionCourse"/>) has its mean, roughly; what its
/// median and its spread are was measured.
/// <para>
/// Measured by least squares on 792 kinds of simulated releases of 240 each: tolerated ratios of 1, 1.25 and 1.5 at alpha 0.004, 0.002 and
/// 0.0005; 3 to 1,000 requests a second, 5, 25 and 50 % of them the canary's; base rates of 0.05 to 5 %; regressions of 1.5 to 10 times. With
/// M = ln(bad events of the canary an interval), at most 4; w = -ln of them where that is above 0 (less than one an interval), at most 2; C =
/// ln(bad events of the control arm), from -3 to 3; and T the course's time:
/// median = T exp(0.011 - 0.032 M + 0.055 ln ratio + 0.20 w^2 + 0.12 w C), and the deviation of its logarithm = 0.33 - 0.026 M + 0.017 ln T -
/// 0.49 / T + 0.088 w^2 + 0.046 w C. What is left are 7 % of the median, half of it the simulation's own. No regression is found in fewer than
/// three intervals, since none may decide alone. Pure.
/// </para>
/// </summary>
/// <param name="Median">Half are found by then, in intervals, above 0.</param>
/// <param name="Deviation">The deviation of the time's logarithm.</param>
internal readonly record struct FoundTime(double Median, double Deviation)
{
    /// <summary>The cap on one interval lets nothing through before the end of the third.</summary>
    private const double Soonest = 2.9;

    private const double LeastDeviation = 0.06, MostDeviation = 0.65;

    /// <summary>From the time of the typical course.</summary>
    /// <param name="course">That time in intervals, above 0.</param>
    /// <param name="ratio">How many times as many bad events the canary has, above 0.</param>
    /// <param name="canary">Its bad events in one interval, above 0.</param>
    /// <param name="control">Those of the control arm, above 0.</param>
    public static FoundTime Of(double course, double ratio, double canary, double control)
    {
        var many = Math.Min(Math.Log(canary), 4);
        var few = Math.Clamp(-Math.Log(canary), 0, 2);
        var others = Math.Clamp(Math.Log(control), -3, 3);
        var factor = Math.Exp(0.011 - (0.032 * Math.Max(many, -2)) + (0.055 * Math.Max(0, Math.Log(ratio))) + (0.20 * few * few) + (0.12 * few * others));
        var deviation = 0.33 - (0.026 * Math.Max(many, -2)) + (0.017 * Math.Log(course)) - (0.49 / course) + (0.088 * few * few) + (0.046 * few * others);
        return new FoundTime(Math.Max(Math.Min(course, Soonest), course * factor), Math.Clamp(deviation, LeastDeviation, MostDeviation));
    }

    /// <summary>How likely it is found within so many intervals, 0 to 1.</summary>
    /// <param name="intervals">1 or more.</param>
    public double Within(int intervals) => NormalTail.Below(Math.Log(intervals / Median) / Deviation);
}
