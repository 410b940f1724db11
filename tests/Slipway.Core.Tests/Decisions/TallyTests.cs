using Slipway.Core.Decisions;

namespace Slipway.Core.Tests.Decisions;

public sealed class TallyTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false, 0, 10)]
    [InlineData(true, 0, 10, 30)]
    [InlineData(false, 0, 10, 31)]
    [InlineData(true, 0, 10, 31, 40)]
    [Trait("requirement", "S004-173")]
    public void Warnings_ThreeWithinThirtyMinutes_AreDue(bool due, params int[] minutes) =>
        Assert.Equal(due, Warn(TimeSpan.Zero, minutes).Due is not null);

    [Fact]
    public void Warnings_OfTheSameSource_CountAgainOnlyAfterThePause()
    {
        var pause = TimeSpan.FromMinutes(5);
        Assert.Null(Warn(pause, 0, 1, 2, 3, 4).Due);
        Assert.NotNull(Warn(pause, 0, 5, 10).Due);
    }

    [Theory]
    [InlineData(CanonicalStage.Canary, 9, false)]
    [InlineData(CanonicalStage.Canary, 10, true)]
    [InlineData(CanonicalStage.Full, 10, true)]
    [InlineData(CanonicalStage.After, 10, false)]
    [InlineData(CanonicalStage.After, 11, true)]
    [InlineData(CanonicalStage.Integration, 100, false)]
    [Trait("requirement", "S004-201")]
    [Trait("requirement", "S004-115")]
    public void Complaints_AreDueByTheStage(CanonicalStage stage, int count, bool due) =>
        Assert.Equal(due, ComplaintTally.Empty.Add(At, 1, count).Due(stage, 1, At) is not null);

    [Fact]
    public void Complaints_OfAnotherStageOrAnHourAgo_DoNotCount()
    {
        var tally = ComplaintTally.Empty.Add(At, 1, 9).Add(At.AddMinutes(59), 2, 2);

        Assert.Null(tally.Due(CanonicalStage.Partial, 2, At.AddMinutes(59)));
        Assert.NotNull(tally.Due(CanonicalStage.After, 2, At.AddMinutes(59)));
        Assert.Null(tally.Due(CanonicalStage.After, 2, At.AddMinutes(60)));
    }

    private static WarningTally Warn(TimeSpan pause, params int[] minutes) =>
        minutes.Aggregate(WarningTally.Empty, (tally, minute) => tally.Add("mail", At.AddMinutes(minute), "mail is slow", pause));
}
