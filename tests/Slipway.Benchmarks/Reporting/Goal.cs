using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Reporting;

/// <summary>What a row has to reach, and whether it did.</summary>
/// <param name="Text">The goal, in few words.</param>
/// <param name="State">Whether it was reached.</param>
internal sealed record Goal(string Text, GoalState State)
{
    /// <summary>A share that may not be larger.</summary>
    public static Goal AtMost(string what, Share measured, double limit) => new(
        $"{what}<= {limit * 100:0.##} %",
        measured.Rate <= limit ? GoalState.Met : measured.Low <= limit ? GoalState.Open : GoalState.Missed);

    /// <summary>A share that may not be smaller.</summary>
    public static Goal AtLeast(string what, Share measured, double limit) => new(
        $"{what}>= {limit * 100:0.##} %",
        measured.Rate >= limit ? GoalState.Met : measured.High >= limit ? GoalState.Open : GoalState.Missed);

    /// <summary>None at all, in so many runs as there were.</summary>
    public static Goal NoneOf(Share measured) => new("0", measured.Hits == 0 ? GoalState.Met : GoalState.Missed);

    /// <summary>A number that may not be larger, measured without an interval.</summary>
    public static Goal AtMost(string what, double measured, double limit) =>
        new(FormattableString.Invariant($"{what}<= {limit}"), measured <= limit ? GoalState.Met : GoalState.Missed);

    /// <summary>Median minutes.</summary>
    public static Goal Minutes(Measuring.Detections measured, double limit) => new(
        FormattableString.Invariant($"{limit} min"),
        measured.Median <= limit ? GoalState.Met : measured.MedianLow <= limit ? GoalState.Open : GoalState.Missed);
}

/// <summary>Whether a goal was reached.</summary>
internal enum GoalState
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>What was measured is as good or better.</summary>
    Met,

    /// <summary>What was measured is worse, but its 95 % interval includes the goal: too few runs to tell.</summary>
    Open,

    /// <summary>What was measured is worse, and its interval lies beyond the goal.</summary>
    Missed,
}
