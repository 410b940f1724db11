namespace Slipway.Core.Analysis.Sequential;

/// <summary>What both arms show of one metric in one interval: bad events among requests. Rows of one arm and interval add up.</summary>
/// <param name="CanaryBad">Bad events of the canary, 0 to <paramref name="Canary"/>.</param>
/// <param name="Canary">Requests of the canary, 0 or more.</param>
/// <param name="ControlBad">Bad events of the control arm, 0 to <paramref name="Control"/>.</param>
/// <param name="Control">Requests of the control arm, 0 or more.</param>
public readonly record struct ArmCounts(long CanaryBad, long Canary, long ControlBad, long Control)
{
    /// <summary>Whether both arms had requests; otherwise nothing can be compared.</summary>
    public bool Comparable => Canary > 0 && Control > 0;

    /// <summary>Whether there is something to learn about the ratio: both arms had requests, and at least one a bad event.</summary>
    public bool Informative => Comparable && CanaryBad + ControlBad > 0;

    /// <summary>The canary's bad events among its requests, 0 to 1; 0 without requests.</summary>
    public double CanaryRate => Canary == 0 ? 0 : (double)CanaryBad / Canary;

    /// <summary>The control arm's bad events among its requests, 0 to 1; 0 without requests.</summary>
    public double ControlRate => Control == 0 ? 0 : (double)ControlBad / Control;

    /// <summary>Both rows together.</summary>
    public static ArmCounts operator +(ArmCounts left, ArmCounts right) => new(
        left.CanaryBad + right.CanaryBad, left.Canary + right.Canary, left.ControlBad + right.ControlBad, left.Control + right.Control);
}
