using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Planning;
using Slipway.Rehearsal.Backtesting.Running;
using Slipway.Rehearsal.Randomness;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.Tests.Backtesting;
using Slipway.Rehearsal.Tests.World;
using Slipway.Rehearsal.Traffic;

namespace Slipway.Rehearsal.Tests.Power;

/// <summary>What <c>slipway power</c> foretells against simulated releases: both within 15 %, beside the simulation's own error.</summary>
public class PowerAgreementTests
{
    private const double Tolerance = 0.15;

    private const int Runs = 500;

    /// <summary>Two metrics of one region, with a budget of 1 %.</summary>
    private const double Alpha = 0.002;

    private static readonly double[] Shares = [0.05, 0.25, 0.50];

    /// <summary>Tolerated ratio, requests a second, base rate, stage, bake in minutes, regression.</summary>
    public static TheoryData<double, double, double, int, int, double> Errors => new()
    {
        { 1.25, 10, 0.002, 0, 120, 10 }, { 1.25, 10, 0.002, 0, 120, 5.33 }, { 1.25, 10, 0.01, 2, 60, 3 }, { 1.0, 10, 0.01, 1, 60, 3 },
        { 1.25, 30, 0.002, 0, 60, 5 }, { 1.25, 30, 0.005, 1, 30, 5 },
        { 1.25, 100, 0.0005, 1, 60, 5 }, { 1.25, 100, 0.005, 0, 30, 3 }, { 1.25, 100, 0.005, 0, 30, 5 }, { 1.25, 100, 0.005, 1, 30, 2 }, { 1.0, 100, 0.01, 2, 30, 1.56 },
        { 1.25, 1000, 0.0005, 0, 30, 2.73 }, { 1.25, 1000, 0.002, 0, 30, 2 }, { 1.25, 1000, 0.01, 2, 30, 1.4 }, { 1.0, 1000, 0.01, 1, 30, 1.25 }, { 1.0, 1000, 0.0005, 0, 30, 2 },
    };

    [Theory, MemberData(nameof(Errors))]
    public void Errors_are_found_as_often_and_as_soon_as_foretold(double tolerated, double rps, double rate, int stage, int bake, double ratio)
    {
        var stages = Shares.Select(share => new StageTraffic(rps * 60, share, rate, bake)).ToArray();
        var test = new PlannedTest(tolerated, Alpha, bake * 6);

        Agree(new SimulatedStage { Test = test, Before = stages[..stage], Stage = stages[stage], Ratio = ratio }, DetectionPower.Expect(test, stages[..stage], stages[stage], ratio));
    }

    /// <summary>Slow requests are 5 % of the old version's by definition; how many times as many the new one has follows from its latencies.</summary>
    [Theory]
    [InlineData(30, 0, 60, 1.5, 1.25)]
    [InlineData(100, 0, 30, 1.4, 1.25)]
    [InlineData(100, 1, 30, 1.35, 1.25)]
    [InlineData(1000, 0, 30, 1.4, 1.25)]
    public void Latency_is_found_as_often_and_as_soon_as_foretold(double rps, int stage, int bake, double slower, double tolerated)
    {
        var stages = Shares.Select(share => new StageTraffic(rps * 60, share, SlowRequests.Share, bake)).ToArray();
        var test = new PlannedTest(1, Alpha, bake * 6);
        var simulated = new SimulatedStage { Test = test, Before = stages[..stage], Stage = stages[stage], Ratio = slower, Latency = tolerated };

        Agree(simulated, DetectionPower.Expect(test, stages[..stage], stages[stage], SlowRatio(slower, tolerated)));
    }

    /// <summary>The whole judge adds thresholds, sight and promotion; where limits are far away it rolls back by the very interval that the test alone
    /// does.</summary>
    [Theory]
    [InlineData(100, 0.002, 0, 6)]
    [InlineData(300, 0.002, 1, 2)]
    public void The_judge_rolls_back_by_the_interval_that_the_test_alone_does(double rps, double rate, int stage, double ratio)
    {
        var plan = BacktestSubject.Of(Subjects.Canary()).Subject!.Plan;
        plan = plan with { Triggers = [], Evidence = plan.Evidence with { ErrorLimit = 0.5 } };
        var stages = plan.Stages.Take(2).Select(planned => new StageTraffic(rps * 60, planned.Percentage.Fraction, rate, 30)).ToArray();
        var simulated = new SimulatedStage
        {
            Test = new PlannedTest(plan.Evidence.ErrorTolerance, plan.Evidence.Alpha, plan.Evidence.PlannedIntervals),
            Before = stages[..stage],
            Stage = stages[stage],
            Ratio = ratio,
        };
        var alone = simulated.Run(3, 20);

        var whole = Enumerable.Range(0, 20).Select(run => Judged(plan, simulated, 3, run)).ToArray();

        Assert.Equal(alone, whole);
        Assert.InRange(alone.Count(double.IsFinite), 5, 20);
    }

    /// <summary>Through the real workflow: flags, polls, ingestion delay and all.</summary>
    [Fact]
    public async Task Rehearsed_releases_are_taken_back_when_power_says()
    {
        var subject = Subjects.Of(Subjects.Canary());
        var stages = subject.Plan.Stages.Take(1).Select(stage => new StageTraffic(subject.Profile.Rps * 60, stage.Percentage.Fraction, subject.Profile.ErrorRate, 30)).ToArray();
        var evidence = subject.Plan.Evidence;
        var foretold = DetectionPower.Expect(new PlannedTest(evidence.ErrorTolerance, evidence.Alpha, evidence.PlannedIntervals), [], stages[0], 4);
        var report = await Rehearsals.RunAsync(subject, [ScenarioLibrary.Find("error-x4")!], 1, 25, SampleRecordings.From, false, false, null, TestContext.Current.CancellationToken);

        var minutes = report.Scenarios[0].Runs.Select(run => run.MinutesToDetect ?? double.PositiveInfinity).Order().ToArray();

        // The decision comes with the telemetry of the interval; of 25 releases the median is off by up to 2.6 * 1.25 * 0.3 / sqrt(25), 20 %.
        var expected = foretold.Intervals!.Value + subject.Plan.Watch.IngestionDelay.TotalMinutes;
        Assert.True(foretold.Chance > 0.95);
        Assert.InRange(minutes[12], (expected * (1 - Tolerance - 0.20)) - 1, (expected * (1 + Tolerance + 0.20)) + 1);
        Assert.True(report.Passed);
    }

    /// <summary>The smallest regressions that a stage states: it finds them with 80 and with 95 %.</summary>
    [Theory]
    [InlineData(10, 0.01, 0, 60)]
    [InlineData(100, 0.002, 0, 60)]
    [InlineData(100, 0.005, 1, 30)]
    [InlineData(1000, 0.001, 0, 30)]
    [InlineData(1000, 0.005, 2, 30)]
    public void The_smallest_regression_of_a_stage_is_found_as_often_as_stated(double rps, double rate, int stage, int bake)
    {
        var stages = Shares.Select(share => new StageTraffic(rps * 60, share, rate, bake)).ToArray();
        var test = new PlannedTest(1.25, Alpha, bake * 6);
        var found = DetectionPower.Smallest(test, stages[..stage], stages[stage]);
        foreach (var (ratio, chance) in new[] { (found.Likely!.Value, DetectionPower.Likely), (found.NearlySure!.Value, DetectionPower.NearlySure) })
        {
            var runs = new SimulatedStage { Test = test, Before = stages[..stage], Stage = stages[stage], Ratio = ratio }.Run(11, Runs);

            // The lattice's next smaller ratio would not do: a stated one may be found more often, and not by much less.
            Assert.True(Share(runs) >= (chance * (1 - Tolerance)) - (2.6 * Error(chance)), string.Create(CultureInfo.InvariantCulture, $"{ratio:0.##} times: {Share(runs):0.000} found, {chance} stated"));
        }
    }

    private static void Agree(SimulatedStage simulated, ExpectedDetection foretold)
    {
        var runs = simulated.Run(7, Runs);
        var (chance, median) = (Share(runs), Median(runs, simulated.Stage.Intervals));
        var said = string.Create(CultureInfo.InvariantCulture, $"foretold {foretold.Chance:0.000} in {foretold.Intervals} intervals, simulated {chance:0.000} in {median:0.0}");

        // 99 % of simulations lie within 2.6 standard errors.
        Assert.True(Math.Abs(foretold.Chance - chance) <= (Tolerance * chance) + (2.6 * Error(chance)), said);

        // The foretold median is rounded up to whole intervals; that of 500 releases is off by up to 2.6 * 1.25 * 0.4 / sqrt(500), 6 %.
        if (foretold.Intervals is { } intervals && double.IsFinite(median))
            Assert.True(Math.Abs(intervals - median) <= 0.5 + ((Tolerance + 0.06) * median), said);
        else Assert.True(Math.Abs(foretold.Chance - 0.5) < 0.15 || double.IsFinite(median) == foretold.Intervals is not null, said);
    }

    private static double Judged(ReleasePlan plan, SimulatedStage simulated, ulong seed, int run)
    {
        var (judge, before) = (new EvidenceJudge(), simulated.Before.Sum(stage => stage.Intervals));
        JudgeState? state = null;
        foreach (var (minute, (stage, canary, control)) in simulated.Release(seed, run).Index())
        {
            var start = SampleRecordings.From.AddMinutes(minute);
            var under = new StageUnderJudgement(stage, plan.Stages[stage].Percentage, SampleRecordings.From, Unsettled: true);
            var judgement = judge.Judge(plan, state, under, [new Observation(start, TimeSpan.FromMinutes(1), "westeurope", canary, control)], start.AddMinutes(1));
            if (judgement.Assessment.Verdict == Verdict.Fail) return Math.Max(0, minute + 1 - before);
            state = judgement.State;
        }

        return double.PositiveInfinity;
    }

    /// <summary>How many times as many slow requests a version has that takes so many times as long, by a million of each.</summary>
    private static double SlowRatio(double slower, double tolerated)
    {
        var (random, shape) = (new RandomStream(1), new LatencyShape(SimulatedStage.UsualLatency));
        var (usual, ours) = (shape.Draw(ref random, 1_000_000, 1, []).Latency, shape.Draw(ref random, 1_000_000, slower, []).Latency);
        var counts = SlowRequests.Count(ours, usual, usual, tolerated)!.Value;
        return counts.CanaryRate / counts.ControlRate;
    }

    private static double Share(double[] runs) => runs.Count(double.IsFinite) / (double)runs.Length;

    private static double Error(double chance) => Math.Sqrt(Math.Max(chance * (1 - chance), 0.25 / Runs) / Runs);

    private static double Median(double[] runs, int bake) => runs.Order().ElementAt(runs.Length / 2) is var median && median <= bake ? median : double.PositiveInfinity;
}
