using Slipway.Benchmarks.Statistics;

namespace Slipway.Benchmarks.Reporting;

/// <summary>What a row has to reach, and whether it did.</summary>
/// <param name="Text">The goal, in few words.</param>
/// <param name="State">Whether it was reached.</param>
internal sealed record Goal(string Text, GoalState State)
{
    /// <summary>A share that may not be larger. Where even a multiple of the limit is not excluded, too few runs were made to tell.</summary>
    public static Goal AtMost(string what, Share measured, double limit)
    {
        var told = measured.Rate <= limit && measured.High <= 3 * limit;
        return new Goal($"{what}<= {limit * 100:0.##} %", told ? GoalState.Met : measured.Low <= limit ? GoalState.Open : GoalState.Missed);
    }

    /// <summary>The same for the worst of several, which is met unless the contrary is shown: they have fewer runs each.</summary>
    public static Goal WorstAtMost(Share measured, double limit) => new(
        $"worst <= {limit * 100:0.##} %",
        measured.Rate <= limit ? GoalState.Met : measured.Low <= limit ? GoalState.Open : GoalState.Missed);

    /// <summary>A share that may not be smaller.</summary>
    public static Goal AtLeast(string what, Share measured, double limit) => new(
        $"{what}>= {limit * 100:0.##} %",
        measured.Rate >= limit ? GoalState.Met : measured.High >= limit ? GoalState.Open : GoalState.Missed);

    /// <summary>None in ten thousand: met without any, open with fewer than one in ten thousand.</summary>
    public static Goal NoneOf(Share measured) => new(
        "0 in 10,000", measured.Hits > 0 && measured.Rate > 1e-4 ? GoalState.Missed : measured is { Hits: 0, Of: >= 10_000 } ? GoalState.Met : GoalState.Open);

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

    /// <summary>Too few runs to tell: what was measured is worse, but its 95 % interval includes the goal; or better, but with an interval that
    /// says little.</summary>
    Open,

    /// <summary>What was measured is worse, and its interval lies beyond the goal.</summary>
    Missed,
}
