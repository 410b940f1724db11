using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Tests.Judges;

public class JudgeTests
{
    private static readonly ArmCounts Good = new(5, 1000, 50, 10_000);
    private static readonly ArmCounts Bad = new(25, 1000, 50, 10_000);

    [Fact]
    public void Threshold_OneCrossing_IsEnough_ButNotWithFewRequests()
    {
        Assert.Equal(2, LimitJudge.Threshold.FirstAlarm(Stream(Good, Good, Bad, Good)));
        Assert.Null(LimitJudge.Threshold.FirstAlarm(Stream(Good, new ArmCounts(99, 99, 0, 1000), Good)));
    }

    [Fact]
    public void Consecutive_ThreeInARow_AreNeeded()
    {
        Assert.Null(LimitJudge.Consecutive.FirstAlarm(Stream(Bad, Bad, Good, Bad, Bad, Good)));
        Assert.Equal(4, LimitJudge.Consecutive.FirstAlarm(Stream(Good, Good, Bad, Bad, Bad)));
        Assert.Equal(3, LimitJudge.Consecutive.FirstAlarm(Stream(Bad, Bad, default, Bad)));
    }

    [Fact]
    public void MannWhitney_JudgesWhenDue()
    {
        var series = Enumerable.Range(0, 15).Select(i => new ArmCounts(20 + i, 1000, 50 + i, 10_000)).ToArray();

        Assert.Equal(4, MannWhitneyJudge.EveryFive.FirstAlarm(Stream(series)));
        Assert.Equal(14, MannWhitneyJudge.StageEnd.FirstAlarm(Stream(series)));
    }

    /// <summary>A difference that is a tenth of what varies anyway, and one arm without requests.</summary>
    [Fact]
    public void MannWhitney_NothingClear_IsNoAlarm()
    {
        var series = Enumerable.Range(0, 15).Select(i => new ArmCounts(10 + (i * 7 % 15), 1000, 100 + (i * 4 % 15 * 10), 10_000)).ToArray();

        Assert.Null(MannWhitneyJudge.EveryFive.FirstAlarm(Stream(series)));
        Assert.Null(MannWhitneyJudge.StageEnd.FirstAlarm(Stream(new ArmCounts(0, 0, 5, 100), new ArmCounts(0, 0, 5, 100))));
    }

    /// <summary>R 4.2.2: <c>prop.test(c(20,300), c(1000,28500), correct=FALSE, alternative="greater")$p.value</c></summary>
    [Fact]
    public void RepeatedZ_PValue_EqualsR() =>
        Assert.Equal(0.00223648873749282, RepeatedZJudge.PValue(new ArmCounts(20, 1000, 300, 28_500)), 1e-14);

    [Fact]
    public void RepeatedZ_StartsAnewWithEachStage()
    {
        var judge = new RepeatedZJudge();

        Assert.Equal(0, judge.FirstAlarm(Stream(Bad)));
        Assert.Null(judge.FirstAlarm(Stream(Good, Good)));
        Assert.Equal(2, judge.FirstAlarm(Stream(Good, Good, Bad) with { StageEnds = [2, 3], Offsets = [0, 0] }));
    }

    [Fact]
    public void Ours_JudgesBlocksWithinAStage()
    {
        var bad = Enumerable.Repeat(Bad, 30).ToArray();
        var stream = Stream(bad) with { StageEnds = [10, 30], Offsets = [0, 0] };

        Assert.InRange(RatioJudge.Ours(1.25, 30).FirstAlarm(stream)!.Value, 3, 6);
        var blocks = RatioJudge.Ours(1.25, 30, 3).FirstAlarm(stream)!.Value;
        Assert.Contains(blocks, new[] { 8, 9, 12, 15, 18 });
        Assert.Null(RatioJudge.Ours(1.25, 30).FirstAlarm(Stream([.. Enumerable.Repeat(Good, 30)])));
        Assert.Null((RatioJudge.Ours(1.25, 30) with { UsesOffsets = true }).FirstAlarm(stream with { Offsets = [Math.Log(5), Math.Log(5)] }));
    }

    [Fact]
    public void Run_EveryJudge_SeesTheSameStreams_OnAnyNumberOfThreads()
    {
        var kind = new StreamCase { Name = "run", Ratio = 5 };
        IStreamJudge[] judges = [RatioJudge.Ours(1.25, 45), RatioJudge.Ours(1.25, 45), LimitJudge.Threshold];

        var results = Judging.Run(20, 0, run => MinuteStream.Draw(kind, run), judges, 2, 5);

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], Enumerable.Range(0, 20).Select(run => Judging.Run(run + 1, 0, i => MinuteStream.Draw(kind, i), judges)[0][run]));
        Assert.Equal(5, results[2].Length);
    }

    [Fact]
    public void Detections_CountMinutesFromTheRegressionsFirst()
    {
        var found = Detections.Of([new(15, 1), new(19, 2), new(null, 9), new(14, 0)], 15);

        Assert.Equal(1, found.Early.Hits);
        Assert.Equal((2, 3), (found.Caught.Hits, found.Caught.Of));
        Assert.Equal(5, found.Median);
        Assert.Equal(double.PositiveInfinity, found.P90);
        Assert.Equal(4, found.Harmed);
    }

    private static ReleaseStream Stream(params ArmCounts[] minutes) => new(minutes, [minutes.Length], 0.005);
}
