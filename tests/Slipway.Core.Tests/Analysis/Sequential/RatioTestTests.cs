using System.Text.Json;
using Slipway.Core.Analysis.Sequential;
using Slipway.Core.Serialization;

namespace Slipway.Core.Tests.Analysis.Sequential;

public class RatioTestTests
{
    private const double Alpha = 0.004;
    private static readonly ArmCounts Healthy = new(3, 300, 57, 5700);
    private static readonly ArmCounts Regressed = new(15, 300, 57, 5700);

    [Fact]
    public void LogEvidence_WithoutNoiseCapAndRestarts_IsTheMeanOfPlainBinomialLikelihoodRatios()
    {
        ArmCounts[] intervals = [new(1, 310, 27, 5690), new(4, 290, 31, 5710), new(2, 305, 25, 5600)];
        var test = new RatioTest(Alpha, 1, noises: 1, capped: false, restarts: false, change: 0);
        var state = Fed(test, intervals);

        Assert.Equal((double)DirectMean(intervals), Math.Exp(test.LogEvidence(state)), 1e-9);
    }

    /// <summary>The same by multiplying out, in decimal arithmetic.</summary>
    private static decimal DirectMean(ArmCounts[] intervals)
    {
        var sum = 0m;
        for (var r = 1; r <= NoiseLattice.LastRatio; r++)
        {
            var ratio = (decimal)NoiseLattice.RatioOf(r);
            var product = 1m;
            foreach (var interval in intervals)
            {
                decimal canary = interval.Canary, control = interval.Control;
                var atRatio = ratio * canary / ((ratio * canary) + control);
                var atOne = canary / (canary + control);
                for (var i = 0; i < interval.CanaryBad; i++) product *= atRatio / atOne;
                for (var i = 0; i < interval.ControlBad; i++) product *= (1 - atRatio) / (1 - atOne);
            }

            sum += product;
        }

        return sum / NoiseLattice.LastRatio;
    }

    [Fact]
    public void A_regression_is_found_and_a_healthy_canary_is_not()
    {
        var test = new RatioTest(Alpha, 45);

        Assert.True(test.Rejects(Fed(test, [.. Enumerable.Repeat(Regressed, 12)])));
        Assert.False(test.Rejects(Fed(test, [.. Enumerable.Repeat(Healthy, 500)])));
    }

    [Fact]
    public void No_single_interval_decides_however_wild()
    {
        var test = new RatioTest(Alpha, 45);
        foreach (var wild in new ArmCounts[] { new(300, 300, 0, 5700), new(1_000_000_000, 1_000_000_000, 1, 1_000_000_000), new(5, 5, 0, 1_000_000) })
        {
            var state = Fed(test, [.. Enumerable.Repeat(Healthy, 20), wild]);
            Assert.False(test.Rejects(state));
            Assert.True(test.LogEvidence(state) <= test.LogThreshold / 3, $"{wild}: {test.LogEvidence(state)}");
        }
    }

    [Fact]
    public void Two_wild_intervals_do_not_decide_at_tolerance_either()
    {
        var test = new RatioTest(Alpha, 45);
        var state = Fed(test, [.. Enumerable.Repeat(Healthy, 20), new ArmCounts(60, 300, 57, 5700), .. Enumerable.Repeat(Healthy, 3)], Math.Log(1.25));

        Assert.False(test.Rejects(state));
    }

    [Fact]
    public void A_regression_that_begins_after_hours_is_found_as_fast_as_one_at_the_start()
    {
        var test = new RatioTest(Alpha, 540);
        var atStart = IntervalsToReject(test, 0);
        var late = IntervalsToReject(test, 180);

        Assert.InRange(late, 1, atStart + 2);
    }

    private static int IntervalsToReject(RatioTest test, int healthy)
    {
        var state = Fed(test, [.. Enumerable.Repeat(Healthy, healthy)]);
        for (var count = 1; count < 100; count++)
        {
            test.Update(state, Regressed, Math.Log(1.25));
            if (test.Rejects(state)) return count;
        }

        return 100;
    }

    [Theory]
    [InlineData(0, 300, 0, 5700)]
    [InlineData(0, 0, 57, 5700)]
    [InlineData(3, 300, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    public void An_interval_without_bad_events_or_without_an_arm_changes_nothing(long canaryBad, long canary, long controlBad, long control)
    {
        var test = new RatioTest(Alpha, 45);
        var before = Fed(test, [Healthy, Regressed]);
        var after = before.Copy();
        test.Update(after, new ArmCounts(canaryBad, canary, controlBad, control), 0);

        Assert.Equal(before, after);
    }

    [Fact]
    public void More_bad_events_of_the_canary_are_more_evidence_up_to_the_cap_of_an_interval()
    {
        // From the expected number on; far below it, where nothing speaks against the canary, heavy noise is a little likelier with none than with one.
        const int expected = 3;
        var test = new RatioTest(Alpha, 45);
        var evidence = Enumerable.Range(expected, 120).Select(bad => test.LogEvidence(Fed(test, [new ArmCounts(bad, 300, 57, 5700)]))).ToList();

        for (var more = 1; more < 30; more++) Assert.True(evidence[more] >= evidence[more - 1] - 1e-9, $"{more}: {evidence[more - 1]} > {evidence[more]}");

        // Beyond the cap heavy noise explains more and more of it: what is gained fades a little, and stays far from nothing.
        Assert.All(evidence.Skip(30), log => Assert.InRange(log, 0.75 * evidence.Max(), test.LogThreshold / 3));
    }

    [Fact]
    public void Identical_arms_gain_no_evidence()
    {
        var test = new RatioTest(Alpha, 45);
        Assert.True(test.LogEvidence(Fed(test, [.. Enumerable.Repeat(new ArmCounts(30, 3000, 30, 3000), 100)])) < 0);
    }

    [Fact]
    public void Nothing_is_ever_not_a_number()
    {
        var test = new RatioTest(Alpha, 45);
        long[] counts = [0, 1, 2, 7, 1000, 1_000_000, 1_000_000_000];
        foreach (var canary in counts)
        {
            foreach (var control in counts)
            {
                var state = new RatioTestState();
                for (var i = 0; i < 5; i++)
                {
                    test.Update(state, new ArmCounts(canary, canary + (i * 10), control / 2, control), 0.2);
                    test.Update(state, new ArmCounts(canary / 3, canary, control, control), -0.2);
                    Assert.True(double.IsFinite(test.LogEvidence(state)), $"{canary} of {control}");
                    foreach (var number in state.Numbers) Assert.True(double.IsFinite(number), $"{canary} of {control}");
                }
            }
        }
    }

    [Fact]
    public void The_state_through_json_goes_on_bit_for_bit()
    {
        var test = new RatioTest(Alpha, 45);
        var direct = Fed(test, [Healthy, Regressed, Healthy]);
        var read = JsonSerializer.Deserialize<RatioTestState>(JsonSerializer.Serialize(direct, SlipwayJson.Options), SlipwayJson.Options)!;
        Assert.Equal(direct, read);
        test.Update(direct, Regressed, 0.1);
        test.Update(read, Regressed, 0.1);

        Assert.Equal(direct, read);
        Assert.Equal(BitConverter.DoubleToInt64Bits(test.LogEvidence(direct)), BitConverter.DoubleToInt64Bits(test.LogEvidence(read)));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"AAAA\"")]
    [InlineData("\"?\"")]
    [InlineData("12")]
    public void A_damaged_state_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<RatioTestState>(json, SlipwayJson.Options));

    [Fact]
    public void An_update_allocates_nothing()
    {
        var test = new RatioTest(Alpha, 45);
        var state = Fed(test, [Healthy, Regressed]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) test.Update(state, Regressed, 0.2);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RatioTestState Fed(RatioTest test, IReadOnlyList<ArmCounts> intervals, double offset = 0)
    {
        var state = new RatioTestState();
        foreach (var interval in intervals) test.Update(state, interval, offset);
        return state;
    }
}
