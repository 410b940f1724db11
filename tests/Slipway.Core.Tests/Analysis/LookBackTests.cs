using Slipway.Core.Analysis;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis;

public class LookBackTests
{
    private static readonly DateTimeOffset Start = SampleRequests.Start;
    private static readonly StageUnderJudgement Canary = new(0, new Percentage(5), Start);
    private static readonly LookBack Back = new(Start, Canary, new StageSight(StageKind.Exposing, []));

    private static JudgeState State(int judged, int? seen) => new()
    {
        JudgedUntil = Start.AddMinutes(judged),
        SeenUntil = seen is { } minute ? Start.AddMinutes(minute) : null,
    };

    private static Observation Row(int minute, bool canary, bool control, string region = "global") => new(
        Start.AddMinutes(minute), TimeSpan.FromMinutes(1), region, canary ? Arm() : null, control ? Arm() : null);

    private static ArmSample Arm() => new() { Requests = 100, Errors = 0, Latency = LatencyHistogram.Empty };

    [Theory]
    [InlineData(9, 9, null)]
    [InlineData(9, 8, null)]
    [InlineData(9, 7, 7)]
    [InlineData(9, 2, 2)]
    [InlineData(200, 2, 140)]
    [InlineData(9, null, null)]
    public void Due_WhileSightIsBeingLost_AsksForWhatWasJudgedUnseen(int judged, int? seen, int? from)
    {
        var back = LookBack.Due(SampleRequests.Plan(), State(judged, seen), Canary, Start.AddMinutes(judged + 1));
        Assert.Equal(from is { } minute ? Start.AddMinutes(minute) : null, back?.From);
    }

    [Fact]
    public void Due_BeforeTheFirstJudgement_AsksForNothing() => Assert.Null(LookBack.Due(SampleRequests.Plan(), null, Canary, Start.AddMinutes(5)));

    [Fact]
    public void LateUntil_TakesTheNewestIntervalThatHasBecomeUsable()
    {
        Assert.Null(Back.LateUntil([]));
        Assert.Null(Back.LateUntil([Row(0, canary: false, control: true), Row(1, canary: true, control: false)]));
        Assert.Equal(Start.AddMinutes(2), Back.LateUntil([Row(1, true, true), Row(0, true, true), Row(2, false, true)]));
    }

    [Fact]
    public void LateUntil_InAStageOfRegions_WantsEachOfThem()
    {
        var back = Back with { Sight = new StageSight(StageKind.Exposing, ["west", "north"]) };
        Assert.Null(back.LateUntil([Row(0, true, true, "west"), Row(0, false, true, "north")]));
        Assert.Equal(Start.AddMinutes(1), back.LateUntil([Row(0, true, true, "west"), Row(0, true, true, "north")]));
    }

    [Fact]
    public void LateUntil_BeforeTheStagesEvidenceCounts_AnyArmIsSight()
    {
        var back = Back with { Stage = Canary with { EvidenceFrom = Start.AddMinutes(5) } };
        Assert.Equal(Start.AddMinutes(1), back.LateUntil([Row(0, canary: false, control: true)]));
    }
}
