using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Analysis;

public class ExposureCheckTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 3, 10, 0, 0, TimeSpan.Zero);
    private static readonly ReleasePlan Plan = Planner.Draft(Given.Request(Given.Small));

    [Theory]
    [InlineData(5, 30, 570, null)]
    [InlineData(5, 0, 600, "0 % of users (0 of 600) are seen on the new version, 5 % is set")]
    [InlineData(5, 600, 0, "100 % of users (600 of 600) are seen on the new version, 5 % is set")]
    [InlineData(5, 19, 581, null)] // less than two thirds of what was set, as 600 users may well show
    [InlineData(5, 200, 5800, null)] // exactly two thirds: not outside
    [InlineData(5, 150, 5850, "2.5 % of users (150 of 6,000) are seen on the new version, 5 % is set")]
    [InlineData(5, 45, 555, null)] // half as much again, not outside
    [InlineData(5, 540, 5460, "9 % of users (540 of 6,000) are seen on the new version, 5 % is set")]
    [InlineData(5, 0, 90, null)] // ninety users without one of the 5 % happen in one of a hundred samples
    [InlineData(50, 0, 90, "0 % of users (0 of 90) are seen on the new version, 50 % is set")]
    [InlineData(75, 600, 0, null)] // a third more than 75 % is everybody, which is within the factor
    [InlineData(100, 600, 0, null)] // no control is expected
    [InlineData(100, 300, 300, "50 % of users (300 of 600) are seen on the new version, 100 % is set")]
    [InlineData(0, 60, 540, null)]
    public void Mismatch_IsAShareBeyondTheFactorThatSamplingErrorDoesNotExplain(int set, long canary, long control, string? expected) =>
        Assert.Equal(expected, ExposureCheck.Mismatch(Plan, Stage(set), [Row("global", canary, control)]));

    [Fact]
    public void Mismatch_SameUsersInSeveralIntervals_AreOneSample()
    {
        var rows = Enumerable.Range(0, 3).Select(minute => Row("global", 0, 100) with { Start = Start.AddMinutes(minute) }).ToList();

        // 300 different users would tell; a hundred who come three times do not.
        Assert.Null(ExposureCheck.Mismatch(Plan, Stage(5), rows));
        Assert.NotNull(ExposureCheck.Mismatch(Plan, Stage(5), [Row("global", 0, 300)]));
    }

    [Fact]
    public void Mismatch_WithoutUserIds_CountsRequestsInBundles()
    {
        Assert.Null(ExposureCheck.Mismatch(Plan, Stage(5), [Row("global", 0, 1000, users: false)]));
        Assert.Equal(
            "0 % of requests (0 of 6,000) are seen on the new version, 5 % is set",
            ExposureCheck.Mismatch(Plan, Stage(5), [Row("global", 0, 6000, users: false)]));
    }

    [Fact]
    public void Mismatch_OfALeverThatRollsAnew_IsCountedInRequests()
    {
        var plan = Plan with { Flags = [Plan.Flags[0] with { Lever = FlagLever.Percentage }] };

        // At 5 % of the evaluations most users see the new version once in a while.
        var row = Row("global", 400, 200) with { Canary = Arm(400) with { Requests = 300 }, Control = Arm(200) with { Requests = 5700 } };
        Assert.Null(ExposureCheck.Mismatch(plan, Stage(5), [row]));
        Assert.NotNull(ExposureCheck.Mismatch(Plan, Stage(5), [row]));
    }

    [Fact]
    public void Mismatch_OfOneRegion_NamesIt()
    {
        Assert.Equal(
            "0 % of users (0 of 600) are seen on the new version in north, 5 % is set",
            ExposureCheck.Mismatch(Plan, Stage(5), [Row("west", 30, 570), Row("north", 0, 600)]));
        Assert.Equal(
            "0 % of users (0 of 1,200) are seen on the new version, 5 % is set",
            ExposureCheck.Mismatch(Plan, Stage(5), [Row("west", 0, 600), Row("north", 0, 600)]));
    }

    [Fact]
    public void Mismatch_SegmentsAndOverrides_WidenTheHighSideAlone()
    {
        var segment = Stage(5) with { Segments = true };
        Assert.Null(ExposureCheck.Mismatch(Plan, segment, [Row("global", 300, 300)]));
        Assert.NotNull(ExposureCheck.Mismatch(Plan, segment, [Row("global", 600, 0)]));
        Assert.NotNull(ExposureCheck.Mismatch(Plan, segment, [Row("global", 0, 600)]));

        Assert.NotNull(ExposureCheck.Mismatch(Plan, Stage(5), [Row("global", 90, 510)]));
        Assert.Null(ExposureCheck.Mismatch(Plan, Stage(5) with { Overrides = 60 }, [Row("global", 90, 510)]));
    }

    [Fact]
    public void Mismatch_WhileFlagsAreBeingWrittenOrServersMove_IsNotAsked()
    {
        Assert.Null(ExposureCheck.Mismatch(Plan, Stage(5) with { Unsettled = true }, [Row("global", 600, 0)]));
        Assert.Null(ExposureCheck.Mismatch(Plan, Stage(5) with { Index = -1 }, [Row("global", 600, 0)]));
        Assert.Null(ExposureCheck.Mismatch(Plan with { Strategy = RolloutStrategy.Rolling }, Stage(5), [Row("global", 600, 0)]));
    }

    [Fact]
    public void Judge_OtherExposureThanSet_IsUndecidedFirstAndBlindAfterThreeIntervals()
    {
        var verdicts = Judge(minute => Row("global", 0, 600)).Take(4).ToList();

        Assert.Equal([Verdict.Undecided, Verdict.Undecided, Verdict.Blind, Verdict.Blind], verdicts.Select(assessment => assessment.Verdict));
        Assert.Equal((BlindCause.ExposureMismatch, Start), (verdicts[3].Blind, verdicts[3].BlindSince));
        Assert.Equal("the exposure seen has not been the exposure set since 10:00:00Z: 0 % of users (0 of 600) are seen on the new version, 5 % is set", verdicts[2].Sentence);
    }

    [Fact]
    public void Judge_ExposureThatComesRight_PassesAgain()
    {
        var verdicts = Judge(minute => minute < 4 ? Row("global", 0, 600) : Row("global", 30, 570)).Take(9).ToList();

        Assert.Equal(Verdict.Blind, verdicts[3].Verdict);
        Assert.Equal((Verdict.Undecided, Verdict.Pass), (verdicts[6].Verdict, verdicts[8].Verdict));
    }

    [Fact]
    public void Judge_ABreachIsNotDelayedByAnExposureThatDoesNotFit()
    {
        var bad = Judge(minute => Row("global", 600, 0) with { Canary = Arm(600) with { Errors = 600 } }).ElementAt(1);

        Assert.Equal(Verdict.Fail, bad.Verdict);
    }

    private static IEnumerable<Assessment> Judge(Func<int, Observation> at)
    {
        var plan = Plan with
        {
            Triggers = [new PlannedTrigger("error_rate limit", "error_rate", 2, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.ErrorRate)],
        };
        JudgeState? state = null;
        for (var minute = 0; ; minute++)
        {
            var judgement = new EvidenceJudge().Judge(plan, state, Stage(5), [at(minute) with { Start = Start.AddMinutes(minute) }], Start.AddMinutes(minute + 1));
            state = judgement.State;
            yield return judgement.Assessment;
        }
    }

    private static StageUnderJudgement Stage(int percentage) => new(0, new Percentage(percentage), Start);

    private static Observation Row(string region, long canary, long control, bool users = true) =>
        new(Start, TimeSpan.FromMinutes(1), region, canary == 0 ? null : Arm(canary, users), control == 0 ? null : Arm(control, users));

    private static ArmSample Arm(long count, bool users = true) => new()
    {
        Requests = users ? count * 10 : count,
        Users = users ? count : null,
        Latency = new LatencyHistogram(new Dictionary<int, long> { [80] = users ? count * 10 : count }),
    };
}
