using Slipway.Core.Gates;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Gates;

public sealed class GateRunsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<HttpGateSpec> Partner = [new HttpGateSpec { Name = "partner", Url = new Uri("http://localhost/") }];

    [Fact]
    public void Block_BeforeTheFirstAnswerOfTheStage_Blocks()
    {
        var runs = GateRuns.None.Hear(1, [Answer(true)]);

        Assert.Null(runs.Block(1, Partner));
        Assert.Equal("gate partner has not answered yet in this stage", runs.Block(2, Partner));
        Assert.Null(runs.Block(2, null));
    }

    [Fact]
    public void Block_NewestAnswerIsNoPass_SaysWhatWasFound() =>
        Assert.Equal("gate partner does not pass: answered 503", GateRuns.None.Hear(1, [Answer(true)]).Hear(1, [Answer(false)]).Block(1, Partner));

    [Theory]
    [InlineData("xx", false)]
    [InlineData("xxx", true)]
    [InlineData("xx.x", false)]
    [InlineData("xx.xxx", true)]
    public void Breach_OnlyAfterThreeFailuresInARow(string answers, bool breach)
    {
        var runs = answers.Aggregate(GateRuns.None, (sum, answer) => sum.Hear(1, [Answer(answer == '.')]));

        Assert.Equal(breach, runs.Breach() is not null);
        if (breach) Assert.Equal("gate partner failed 3 polls in a row: 12:00:00Z answered 503; 12:00:00Z answered 503; 12:00:00Z answered 503", runs.Breach());
    }

    [Fact]
    public void Hear_AnotherStage_ForgetsTheFailuresOfTheOneBefore() =>
        Assert.Null(GateRuns.None.Hear(1, [Answer(false)]).Hear(1, [Answer(false)]).Hear(2, [Answer(false)]).Breach());

    [Fact]
    public void Changed_OnlyTheFirstAnswerAndThoseThatSaySomethingElse()
    {
        var first = GateRuns.None.Hear(1, [Answer(true)]);
        var same = first.Hear(1, [Answer(true)]);

        Assert.Single(first.Changed());
        Assert.Empty(same.Changed());
        Assert.Single(same.Hear(1, [Answer(false)]).Changed());
    }

    private static GateAnswer Answer(bool passed) => new(Partner[0], passed, passed ? "answered 200" : "answered 503", 20, At);
}
