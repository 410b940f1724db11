using Slipway.Benchmarks.Streams;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Benchmarks.Tests.Streams;

public class StreamTests
{
    private static readonly StreamCase Everything = new()
    {
        Name = "everything",
        Drift = true,
        Shocks = 0.02,
        Gaps = 0.1,
        Variation = 0.3,
        Ratio = 2,
        From = 15,
    };

    [Fact]
    public void Draw_TheSameCaseAndRun_IsTheSameStream()
    {
        Assert.Equal(MinuteStream.Draw(Everything, 3).Minutes, MinuteStream.Draw(Everything, 3).Minutes);
        Assert.NotEqual(MinuteStream.Draw(Everything, 3).Minutes, MinuteStream.Draw(Everything, 4).Minutes);

        var sticky = new StreamCase { Name = "sticky" };
        Assert.Equal(StickyStream.Draw(sticky, 3).Minutes, StickyStream.Draw(sticky, 3).Minutes);
        Assert.Equal(StickyStream.Draw(sticky, 3).Offsets, StickyStream.Draw(sticky, 3).Offsets);

        var latency = new LatencyCase("latency", 10, 1.5, 1.0);
        Assert.Equal(LatencyStream.Draw(latency, 3, 1.2).Minutes, LatencyStream.Draw(latency, 3, 1.2).Minutes);
        Assert.Equal(LatencyStream.Draw(latency, 3, 1.2).Latencies, LatencyStream.Draw(latency, 3, 1.0).Latencies);
    }

    /// <summary>Numbers of the table are reproducible only as long as this holds.</summary>
    [Fact]
    public void Draw_OfAFixedCase_GivesTheKnownMinutes()
    {
        var stream = MinuteStream.Draw(new StreamCase { Name = "fixed", Rps = 100, Base = 0.005 }, 0);

        Assert.Equal([new(1, 274, 26, 5603), new(2, 327, 31, 5536), new(0, 263, 29, 5722)], stream.Minutes[..3]);
    }

    [Fact]
    public void Draw_SharesTrafficByStage_AndRegressesFromItsMinute()
    {
        var kind = new StreamCase { Name = "means", Ratio = 5, From = 30, Base = 0.01 };
        ArmCounts healthy = default, bad = default, first = default;
        for (var run = 0; run < 100; run++)
        {
            var minutes = MinuteStream.Draw(kind, run).Minutes;
            for (var i = 0; i < minutes.Length; i++)
            {
                if (i < 15) first += minutes[i];
                if (i < 30) healthy += minutes[i];
                else bad += minutes[i];
            }
        }

        Assert.Equal(0.05, (double)first.Canary / (first.Canary + first.Control), 0.001);
        Assert.Equal(0.5, (double)bad.Canary / (bad.Canary + bad.Control), 0.001);
        Assert.Equal(1, healthy.CanaryRate / healthy.ControlRate, 0.03);
        Assert.Equal(5, bad.CanaryRate / bad.ControlRate, 0.1);
    }

    /// <summary>The log ratio at 5 % has a standard deviation of 0.2 sqrt(1 + 0.05/0.95); a fifth of the variance at 25 %, with its rest.</summary>
    [Fact]
    public void Draw_StickyUsers_DifferLessInLargerCohorts_AndTheOffsetFollows()
    {
        var kind = new StreamCase { Name = "sticky", Rps = 10_000, Base = 0.02 };
        double small = 0, large = 0, left = 0;
        const int runs = 400;
        for (var run = 0; run < runs; run++)
        {
            var stream = StickyStream.Draw(kind, run);
            var (first, second) = (LogRatio(stream, 0, 15), LogRatio(stream, 15, 30));
            small += first * first / runs;
            large += second * second / runs;
            left += (first - stream.Offsets[0]) * (first - stream.Offsets[0]) / runs;
        }

        Assert.Equal(0.2 * 0.2 * (1 + (0.05 / 0.95)), small, 0.008);
        Assert.Equal(0.2 * 0.2 * ((0.05 / 0.25) + (0.05 / 0.75)), large, 0.003);
        Assert.True(left < 0.1 * small);
    }

    [Fact]
    public void Draw_HealthyLatencies_AreSlowAlikeInBothArms()
    {
        var kind = new LatencyCase("latency", 100, 1, 1.0);
        ArmCounts sum = default;
        for (var run = 0; run < 20; run++)
            sum = LatencyStream.Draw(kind, run, 1.0).Minutes.Aggregate(sum, (total, minute) => total + minute);

        Assert.Equal(0.048, sum.ControlRate, 0.004);
        Assert.Equal(1, sum.CanaryRate / sum.ControlRate, 0.03);
    }

    private static double LogRatio(ReleaseStream stream, int from, int to)
    {
        var sum = stream.Minutes[from..to].Aggregate(default(ArmCounts), (total, minute) => total + minute);
        return Math.Log(sum.CanaryRate / sum.ControlRate);
    }
}
