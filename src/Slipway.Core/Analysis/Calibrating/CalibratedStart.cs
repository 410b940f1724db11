namespace Slipway.Core.Analysis.Calibrating;

/// <summary>A judge's memory before its first interval, where something was learnt before the release.</summary>
public static class CalibratedStart
{
    /// <summary>The memory to begin with. The first interval is not held against telemetry: lost sight counts from its end, as it does for a
    /// judge that begins without a memory.</summary>
    /// <param name="calibration">What was learnt.</param>
    /// <param name="judgedUntil">Start of the first interval that will be judged.</param>
    /// <param name="interval">Length of an interval.</param>
    public static JudgeState Of(Calibration calibration, DateTimeOffset judgedUntil, TimeSpan interval) =>
        new() { JudgedUntil = judgedUntil, SeenUntil = judgedUntil + interval, Calibration = calibration };
}
