using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Analysis.Calibrating;

public sealed class CalibratorTests
{
    private static readonly DateTimeOffset Until = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Measure_StickyUsersThatFailTwiceAsOften_AllowsForTheShrunkLogRatio()
    {
        var calibration = Measure(Plan(1.25), Rows(60, _ => Arms(6, 57)));

        var offset = calibration.Offsets.Single(found => found.Metric == Calibrator.ErrorRate);
        Assert.Equal(("all", 5m, 60), (offset.Region, offset.Percentage, offset.Intervals));
        Assert.Equal(Math.Log(360.5 / 18_000) - Math.Log(3420.5 / 342_000), offset.LogRatio, 12);
        Assert.Equal((1 / 360.5) + (1 / 3420.5), offset.Variance, 12);
        Assert.Equal(offset.LogRatio * 0.04 / (0.04 + offset.Variance), offset.Offset, 12);
        Assert.Equal(offset.Offset, calibration.OffsetOf("error_rate", "all", 5), 12);
        Assert.StartsWith("A/A offset: measured over 60 of 60 intervals; the largest is error_rate at 5 %, 2.00 times the others' rate, of which a factor 1.91 is allowed for", calibration.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_UsersWhoFailAreKnown_CountsThemAndNotTheirRequests()
    {
        var rows = Rows(60, _ => (Arm(300, 30) with { FailedUsers = 3 }, Arm(5700, 57) with { FailedUsers = 57 }));
        Assert.Equal(Math.Log(180.5 / 18_000) - Math.Log(3420.5 / 342_000), Error(Measure(Plan(1.25), rows)).LogRatio, 12);

        // Where one arm does not know them, both arms' requests are compared.
        rows = Rows(60, _ => (Arm(300, 30) with { FailedUsers = 3 }, Arm(5700, 57)));
        Assert.Equal(Math.Log(1800.5 / 18_000) - Math.Log(3420.5 / 342_000), Error(Measure(Plan(1.25), rows)).LogRatio, 12);
    }

    [Fact]
    public void Measure_SlowerUsers_AreComparedByTheOthersOwnEdge()
    {
        // The others' p95 is 100 ms over the window: 4 % of them are slower, and 8 % of the cohort.
        var rows = Rows(60, _ => (Arm(300, 1, Slow(276, 24)), Arm(5700, 1, Slow(5472, 228))));

        var latency = Measure(Plan(1.25), rows).Offsets.Single(found => found.Metric == Calibrator.LatencyP95);

        Assert.Equal(Math.Log(1440.5 / 18_000) - Math.Log(13_680.5 / 342_000), latency.LogRatio, 12);
        Assert.InRange(latency.Offset, 0.6, latency.LogRatio);
    }

    [Fact]
    public void Measure_TwoRegions_GivesEachAndTheirPool()
    {
        var rows = Rows(60, _ => Arms(6, 57), "west").Concat(Rows(60, _ => Arms(3, 57), "north")).OrderBy(row => row.Start).ToList();

        var calibration = Measure(Plan(1.25), rows);

        Assert.Equal(["all", "north", "west"], calibration.Offsets.Select(offset => offset.Region).Order());
        Assert.True(calibration.OffsetOf("error_rate", "west", 5) > calibration.OffsetOf("error_rate", "all", 5));
        Assert.Equal(0, calibration.OffsetOf("error_rate", "north", 5), 2);
    }

    [Fact]
    public void Measure_OneOfTwoPlannedRegions_HasAnOffsetOfItsOwn() => Assert.Equal(
        ["all", "west"], Measure(Plan(1.25) with { HasRegions = true }, Rows(60, _ => Arms(6, 57), "west")).Offsets.Select(offset => offset.Region).Order());

    [Fact]
    public void Measure_OlderIntervals_ServeTheMemoryOfNoiseAlone()
    {
        var rows = Rows(180, minute => minute < 120 ? Arms(30, 57) : Arms(3, 57));
        var calibration = Measure(Plan(1.25), rows);
        Assert.Equal(60, Error(calibration).Intervals);
        Assert.Equal(0, Error(calibration).LogRatio, 1);
        Assert.NotNull(calibration.Autocorrelation);
    }

    [Theory]
    [InlineData(1.25, 3, "; intervals are judged in blocks of 3")]
    [InlineData(1.1, 5, "; intervals are judged in blocks of 5, as a ratio of 1.1 is tolerated; blocks of 3 would do from 1.25 on")]
    public void Measure_NoiseThatLasts_IsJudgedInBlocks(double tolerated, int block, string note)
    {
        var calibration = Measure(Plan(tolerated), Rows(120, minute => Arms(minute / 10 % 2 == 0 ? 20 : 5, 190)));

        Assert.InRange(calibration.Autocorrelation!.Value, 0.7, 0.95);
        Assert.Equal(block, calibration.BlockIntervals);
        Assert.EndsWith(note, calibration.Notes[^1], StringComparison.Ordinal);
        Assert.False(calibration.IsComplete);
    }

    [Fact]
    public void Measure_NoiseWithoutMemory_IsJudgedByTheInterval()
    {
        var calibration = Measure(Plan(1.0), Rows(120, minute => Arms(1 + (minute * 7 % 13 * 5 % 9), 190)));
        Assert.InRange(calibration.Autocorrelation!.Value, -1, 0.3);
        Assert.Equal(1, calibration.BlockIntervals);
        Assert.True(calibration.IsComplete);
    }

    [Theory]
    [InlineData(119, 6, "119 of 120 intervals with a failure were seen")]
    [InlineData(120, 0, "the cohort had 0 failures in 120 intervals")]
    [InlineData(120, 6, "the ratio did not vary")]
    public void Measure_TooLittleForTheMemoryOfNoise_IsUnknownAndSaysWhy(int intervals, int failures, string why)
    {
        var calibration = Measure(Plan(1.25), Rows(intervals, _ => Arms(failures, 57)));
        Assert.Null(calibration.Autocorrelation);
        Assert.Equal(1, calibration.BlockIntervals);
        Assert.Contains($"noise with memory: unknown, {why}; ", calibration.Notes[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CohortSight.NoUsers, "telemetry has no user ids")]
    [InlineData(CohortSight.NoRows, "telemetry has no rows")]
    [InlineData(CohortSight.OtherFlag, "telemetry has user ids, but does not say where they fall in this flag's rollout")]
    [InlineData(CohortSight.Exposed, "somebody was on the new version all the time")]
    public void Measure_WithoutACohort_SaysWhatIsMissingAndWhatFollows(CohortSight sight, string why)
    {
        var calibration = Calibrator.Measure(Plan(1.25), [new StageCohort(new Percentage(5), CohortReading.None(sight))], Minute, Until);

        Assert.Empty(calibration.Offsets);
        Assert.Null(calibration.Autocorrelation);
        Assert.Equal(1, calibration.BlockIntervals);
        Assert.Equal(
            [
                $"A/A offset: not measured, {why}; users that hash into the canary may differ from the others, and that would pass for a regression",
                $"noise with memory: unknown, {why}; intervals are judged one by one, and noise that lasts for several would pass for a regression",
            ],
            calibration.Notes);
    }

    [Fact]
    public void Measure_WithoutAnyFailure_HasNoOffset()
    {
        var calibration = Measure(Plan(1.25), Rows(60, _ => Arms(0, 0)));
        Assert.Empty(calibration.Offsets);
        Assert.Contains("no request failed or was slow in the last 60 intervals", calibration.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_RowsWithOneArm_AreLeftOut()
    {
        List<Observation> rows = [.. Rows(60, _ => Arms(6, 57))];
        for (var i = 0; i < 30; i++) rows[i] = i % 2 == 0 ? rows[i] with { Canary = null } : rows[i] with { Control = null };
        Assert.Equal(30, Error(Measure(Plan(1.25), rows)).Intervals);
    }

    [Theory]
    [InlineData(1, 3600, 3600)]
    [InlineData(60, 7200, 3600)]
    [InlineData(300, 21600, 3600)]
    [InlineData(420, 21420, 3360)]
    [InlineData(36000, 36000, 36000)]
    public void LookBack_IsWholeIntervalsForOffsetAndMemory(int interval, int back, int offset)
    {
        Assert.Equal(back, Calibrator.LookBack(TimeSpan.FromSeconds(interval)).TotalSeconds);
        Assert.Equal(offset, Calibrator.OffsetSpan(TimeSpan.FromSeconds(interval)).TotalSeconds);
    }

    private static CalibrationPlan Plan(double tolerated) => new() { Flag = "search-v2", Percentages = [new Percentage(5)], Tolerated = tolerated };

    private static Calibration Measure(CalibrationPlan plan, IReadOnlyList<Observation> rows) =>
        Calibrator.Measure(plan, [new StageCohort(new Percentage(5), new CohortReading(CohortSight.Seen, rows))], Minute, Until);

    private static MetricOffset Error(Calibration calibration) => calibration.Offsets.Single(offset => offset.Metric == Calibrator.ErrorRate);

    private static IReadOnlyList<Observation> Rows(int count, Func<int, (ArmSample Cohort, ArmSample Others)> arms, string region = "global") =>
        [.. Enumerable.Range(0, count).Select(minute => new Observation(Until - (Minute * (count - minute)), Minute, region, arms(minute).Cohort, arms(minute).Others))];

    /// <summary>5 % of 6,000 requests, with these failures.</summary>
    private static (ArmSample Cohort, ArmSample Others) Arms(long cohort, long others) => (Arm(300, cohort), Arm(5700, others));

    private static ArmSample Arm(long requests, long errors, LatencyHistogram? latency = null) =>
        new() { Requests = requests, Errors = errors, Latency = latency ?? LatencyHistogram.Empty };

    private static LatencyHistogram Slow(long fast, long slow) =>
        new(new Dictionary<int, long> { [LatencyHistogram.BucketOf(100)] = fast, [LatencyHistogram.BucketOf(200)] = slow });
}
