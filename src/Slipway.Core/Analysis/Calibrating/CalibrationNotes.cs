using System.Globalization;

namespace Slipway.Core.Analysis.Calibrating;

/// <summary>What people read of a calibration: a sentence for each thing that is known, or is not known, and what follows from that.</summary>
internal static class CalibrationNotes
{
    /// <summary>Users beside the default rollout are nobody's cohort.</summary>
    public const string Audience = "A/A offset: groups and named users who see the flag beside the default rollout are not compared before they do";

    private const string WithoutOffset = "users that hash into the canary may differ from the others, and that would pass for a regression";
    private const string WithoutMemory = "intervals are judged one by one, and noise that lasts for several would pass for a regression";

    public static string NoCohort(string why) => $"A/A offset and noise with memory: not measured, {why}; intervals are judged one by one, and without an offset";

    /// <summary>Both parts, where neither was measured.</summary>
    public static IReadOnlyList<string> Unmeasured(string why) => [NoOffset(why), $"noise with memory: unknown, {why}; {WithoutMemory}"];

    /// <summary>Why a source cannot tell the cohort from the others.</summary>
    public static string Why(CohortSight sight) => sight switch
    {
        CohortSight.NoRows => "telemetry has no rows",
        CohortSight.OtherFlag => "telemetry has user ids, but does not say where they fall in this flag's rollout",
        CohortSight.Exposed => "somebody was on the new version all the time",
        _ => "telemetry has no user ids",
    };

    public static string Offsets(IReadOnlyList<MetricOffset> offsets, long wanted)
    {
        if (offsets.Count == 0) return NoOffset($"no request failed or was slow in the last {wanted} intervals");
        var largest = offsets.MaxBy(offset => Math.Abs(offset.Offset))!;
        var where = largest.Region == "all" ? "" : $" in {largest.Region}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A/A offset: measured over {offsets.Max(offset => offset.Intervals)} of {wanted} intervals; the largest is {largest.Metric} at {largest.Percentage:0.######} %{where}, {Math.Exp(largest.LogRatio):0.00} times the others' rate, of which a factor {Math.Exp(largest.Offset):0.00} is allowed for");
    }

    public static string Memory(double? memory, int block, double tolerated, int intervals, long failures)
    {
        if (memory is not { } found)
        {
            var why = intervals < NoiseMemory.FewestIntervals ? $"{intervals} of {NoiseMemory.FewestIntervals} intervals with a failure were seen"
                : failures < Calibrator.FewestFailures * intervals ? $"the cohort had {failures} failures in {intervals} intervals"
                : "the ratio did not vary";
            return $"noise with memory: unknown, {why}; {WithoutMemory}";
        }

        var what = block == 1 ? "intervals are judged one by one"
            : tolerated >= NoiseMemory.ThreeSuffice ? $"intervals are judged in blocks of {block}"
            : $"intervals are judged in blocks of {block}, as a ratio of {tolerated.ToString("0.###", CultureInfo.InvariantCulture)} is tolerated; blocks of 3 would do from {NoiseMemory.ThreeSuffice.ToString(CultureInfo.InvariantCulture)} on";
        return string.Create(CultureInfo.InvariantCulture, $"noise with memory: {found:0.00}; {what}");
    }

    private static string NoOffset(string why) => $"A/A offset: not measured, {why}; {WithoutOffset}";
}
