using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Kpis;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Limits;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Tests.Analysis;

/// <summary>Numbers of public reference implementations, recomputed, and the properties of what surrounds the sequential tests.</summary>
public class VectorTests
{
    [Fact]
    public void PValue_OfTwoCells_IsThatOfTheReference() =>
        Assert.Equal(.0455796318, SequentialMultinomial.PValue([148, 62], [.8, .2]), 1e-9);

    [Fact]
    public void PValue_OfThreeCells_IsThatOfTheReference() =>
        Assert.Equal(.0484559111, SequentialMultinomial.PValue([40, 129, 233], [.1, .4, .5]), 1e-9);

    [Fact]
    public void PValue_OfNothing_IsOne() => Assert.Equal(1, SequentialMultinomial.PValue([0, 0], [.05, .95]));

    [Fact]
    public void Of_TwoProportions_IsTheReferencesConfidenceSequence()
    {
        // 2422 of 3461 against 1396 of 3000, relative to the latter.
        var band = KpiSequence.Of(new KpiSample(3461, 2422, 2422), new KpiSample(3000, 1396, 1396), 0.05)!.Value;

        Assert.Equal(.50386, band.Value, 5e-6);
        Assert.Equal(.40098, band.Lower, 5e-5);
        Assert.Equal(.60675, band.Upper, 5e-5);
    }

    [Theory]
    [InlineData(29, 3000)]
    [InlineData(3000, 29)]
    public void Of_FewValues_IsNothing(long canary, long control) =>
        Assert.Null(KpiSequence.Of(new KpiSample(canary, canary / 2.0, canary), new KpiSample(control, control / 2.0, control), 0.05));

    [Fact]
    public void Of_AControlMeanOfZero_IsNothing() => Assert.Null(KpiSequence.Of(new KpiSample(100, 5, 5), new KpiSample(100, 0, 0), 0.05));

    [Fact]
    public void Count_UsesTheControlsOwnPercentileAndTheTolerance()
    {
        var usual = LatencyHistogram.Of([.. Enumerable.Repeat(100.0, 95), .. Enumerable.Repeat(200.0, 5)]);
        var edge = usual.PercentileBucket(0.95);
        Assert.Equal(LatencyHistogram.BucketOf(100), edge);
        var interval = LatencyHistogram.Of([100, 110, 119, 130, 140]);

        Assert.Equal(new ArmCounts(4, 5, 4, 5), SlowRequests.Count(interval, interval, usual, 1));
        Assert.Equal(4, SlowRequests.Buckets(1.2));
        Assert.Equal(new ArmCounts(2, 5, 4, 5), SlowRequests.Count(interval, interval, usual, 1.2));
        Assert.Null(SlowRequests.Count(interval, interval, LatencyHistogram.Empty, 1.2));
    }

    [Fact]
    public void Estimate_ShrinksTheMeasuredDifferenceByItsUncertainty()
    {
        var many = CountSums.Of(new ArmCounts(1300, 100_000, 19_000, 1_900_000));
        var few = CountSums.Of(new ArmCounts(13, 1000, 190, 19_000));

        Assert.Equal(many.LogRatio * 0.04 / (0.04 + many.Variance), AaOffset.Estimate(many, 0.05), 1e-12);
        Assert.InRange(AaOffset.Estimate(many, 0.05), 0.9 * Math.Log(1.3), Math.Log(1.3));
        Assert.InRange(AaOffset.Estimate(few, 0.05), 0.05, 0.5 * Math.Log(1.3));
        Assert.Equal(0, AaOffset.Estimate(default, 0.05));
        Assert.Equal(0, AaOffset.Estimate(CountSums.Of(new ArmCounts(0, 1000, 0, 19_000)), 0.05));
    }

    [Fact]
    public void Lag1_TellsMemoryFromNoneAndFromATrend()
    {
        double[] alternating = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        double[] blocks = [.. Enumerable.Range(0, 200).Select(i => i / 10 % 2 == 0 ? 1.0 : -1.0)];
        double[] trend = [.. Enumerable.Range(0, 200).Select(i => (i * 0.1) + (i % 2 == 0 ? 1.0 : -1.0))];

        Assert.InRange(NoiseMemory.Lag1(alternating)!.Value, -1, -0.9);
        Assert.InRange(NoiseMemory.Lag1(blocks)!.Value, 0.7, 1);
        Assert.InRange(NoiseMemory.Lag1(trend)!.Value, -1, -0.9);
        Assert.Null(NoiseMemory.Lag1([.. alternating.Take(119)]));
        Assert.Null(NoiseMemory.Lag1([.. Enumerable.Repeat(1.0, 200)]));
        Assert.Equal([1, 1, 3, 5], [NoiseMemory.BlockOf(null, 1), NoiseMemory.BlockOf(0.3, 1), NoiseMemory.BlockOf(0.31, 1.25), NoiseMemory.BlockOf(0.31, 1.2)]);
    }

    [Fact]
    public void LimitTest_FindsARateAboveTheLimitAndNoRateBelowIt()
    {
        var test = new LimitTest(0.005, 0.004, 1440);

        Assert.True(IntervalsToReject(test, _ => 60) < 12);
        Assert.Equal(600, IntervalsToReject(test, _ => 25));
        Assert.Equal(600, IntervalsToReject(test, _ => 0));
        Assert.InRange(IntervalsToReject(test, minute => minute < 400 ? 15 : 90), 401, 420);
    }

    [Fact]
    public void LimitTest_AShockThatPasses_IsNoBreach() =>
        Assert.Equal(600, IntervalsToReject(new LimitTest(0.005, 0.004, 1440), minute => minute % 100 == 50 ? 500 : 20));

    /// <summary>At 100 % people may let a limit be: a day of one interval a minute, each far above it.</summary>
    [Fact]
    public void LimitTest_ADayAboveTheLimit_StaysANumber()
    {
        var test = new LimitTest(0.005, 0.004, 1440);
        var state = new LimitTestState();
        var before = 0.0;
        for (var minute = 0; minute < 1440; minute++)
        {
            test.Update(state, 100, 2_000);
            var evidence = test.LogEvidence(state);
            Assert.True(double.IsFinite(evidence) && evidence >= before, $"minute {minute}: {evidence} after {before}");
            before = evidence;
        }

        Assert.True(before > 709);
    }

    [Fact]
    public void LimitTest_HugeAndEmptyCounts_StayNumbers()
    {
        var test = new LimitTest(0.005, 0.004, 10);
        var state = new LimitTestState();
        foreach (var (bad, requests) in ((long, long)[])[(0, 0), (0, 1_000_000_000), (1_000_000_000, 1_000_000_000), (1, 1), (0, 1)])
        {
            test.Update(state, bad, requests);
            Assert.True(double.IsFinite(test.LogEvidence(state)));
        }

        var read = System.Text.Json.JsonSerializer.Deserialize<LimitTestState>(System.Text.Json.JsonSerializer.Serialize(state, Core.Serialization.SlipwayJson.Options), Core.Serialization.SlipwayJson.Options);
        Assert.Equal(state, read);
    }

    /// <summary>Of 6,000 requests an interval; 600 where it never does.</summary>
    private static int IntervalsToReject(LimitTest test, Func<int, long> bad)
    {
        var state = new LimitTestState();
        for (var minute = 0; minute < 600; minute++)
        {
            test.Update(state, bad(minute), 6000);
            if (test.Rejects(state)) return minute + 1;
        }

        return 600;
    }
}
