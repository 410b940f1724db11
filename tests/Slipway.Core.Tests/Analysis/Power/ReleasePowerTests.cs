using System.Text.Json;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis.Power;

public class ReleasePowerTests
{
    [Fact]
    public void Of_NoTrafficStated_SaysWhatIsMissingAndGuessesNothing()
    {
        var power = ReleasePower.Of(Plan(null, 0.001));

        Assert.Empty(power.Rows);
        Assert.Equal("How small a regression the stages can see is unknown, since operations.traffic_rps is not stated.", Assert.Single(power.Assumptions));
    }

    [Theory]
    [InlineData(null, "a base error rate of 0.5 % (not stated: half of the limit)")]
    [InlineData(0.0, "a base error rate of 0.5 % (stated as none: half of the limit)")]
    [InlineData(0.0004, "a base error rate of 0.04 % and")]
    public void Of_TheBaseRate_IsTakenOrGuessedAndSaid(double? rate, string words) =>
        Assert.Contains(words, Assert.Single(ReleasePower.Of(Plan(100, rate)).Assumptions));

    [Fact]
    public void Of_RegionsOneAfterTheOther_HaveNoControlArm()
    {
        var power = ReleasePower.Of(Plan(100, 0.001) with { Strategy = RolloutStrategy.Rolling });

        Assert.Empty(power.Rows);
        Assert.Contains("there is no control arm", Assert.Single(power.Assumptions));
    }

    [Fact]
    public void Of_StagesWithoutAControlArm_SaysSo()
    {
        var power = ReleasePower.Of(Plan(100, 0.001, Stage(0, 0), Stage(1, 100)));

        Assert.Empty(power.Rows);
        Assert.Equal("No stage has a control arm; the absolute limits alone are judged.", Assert.Single(power.Assumptions));
    }

    [Fact]
    public void Of_ACanary_HasARowForEachStageAndGuardrail()
    {
        var rows = ReleasePower.Of(Plan(1000, 0.002, Stage(0, 5), Stage(1, 25), Stage(2, 100))).Rows;

        Assert.Equal([(0, "error_rate"), (0, "latency_p95"), (1, "error_rate"), (1, "latency_p95")], rows.Select(row => (row.Stage, row.Metric)));
        Assert.All(rows, row => Assert.True(row.Likely <= row.NearlySure && row.Harmed > 0));
        Assert.True(rows[2].Likely < rows[0].Likely);
    }

    /// <summary>The request that is too small to see anything has to be told so before it starts.</summary>
    [Fact]
    public void Of_OnePercentOfAHundredRequestsASecond_SaysThatADoublingIsNotSeen()
    {
        var row = ReleasePower.Of(Plan(100, 0.001, Stage(0, 1), Stage(1, 100))).Rows.Single(row => row.Metric == "error_rate");

        Assert.True(row.Likely is null or > 5, $"{row.Likely}");
        Assert.True(row.TwiceChance < 0.2);
        Assert.Matches(
            "^error_rate: finds 1[0-9.]+ times the control's errors with a chance of 80 %, (none|[0-9.]+ times) with 95 %, about [0-9]+ requests harmed until then; a doubling is (not found|found with a chance of [0-9]+ %), and not with 80 % by any bake up to a day or at up to 50 % of the users; a promotion proves nothing$",
            row.Sentence);
    }

    [Theory]
    [InlineData(null, null, "error_rate: finds no regression up to 20 times the control's errors with a chance of 80 %; a doubling takes about 12 min; a promotion proves less than 1.75 times")]
    [InlineData(2.0, null, "error_rate: finds 2 times the control's errors with a chance of 80 %, none with 95 %, about 4 requests harmed until then; a doubling takes about 12 min; a promotion proves less than 1.75 times")]
    [InlineData(2.0, 2.0, "error_rate: finds 2 times the control's errors with a chance of 95 %, about 4 requests harmed until then; a doubling takes about 12 min; a promotion proves less than 1.75 times")]
    [InlineData(2.0, 2.5, "error_rate: finds 2 times the control's errors with a chance of 80 %, 2.5 times with 95 %, about 4 requests harmed until then; a doubling takes about 12 min; a promotion proves less than 1.75 times")]
    public void Sentence_SaysWhatIsFound(double? likely, double? nearlySure, string sentence) =>
        Assert.Equal(sentence, Row with { Likely = likely, NearlySure = nearlySure } is var row ? row.Sentence : "");

    [Theory]
    [InlineData(0.76, 60.0, 10.0, "a doubling is found with a chance of 76 %, but with 80 % by a bake of 1h or at 10 % of the users")]
    [InlineData(0.799, 60.0, null, "a doubling is found with a chance of 79 %, but with 80 % by a bake of 1h")]
    [InlineData(0.001, null, 10.0, "a doubling is not found, but with 80 % at 10 % of the users")]
    [InlineData(0.0, null, null, "a doubling is not found, and not with 80 % by any bake up to a day or at up to 50 % of the users")]
    public void Sentence_SaysWhatADoublingNeeds(double chance, double? minutes, double? percentage, string words) => Assert.Equal(
        $"{words}; a promotion proves less than 1.75 times, at the longest bake",
        (Row with { TwiceChance = chance, TwiceMinutes = 20, TwiceNeedsMinutes = minutes, TwiceNeedsPercentage = percentage, MarginNeedsLongest = true }).Proves);

    [Fact]
    public void Sentence_OfLatency_CountsSlowRequestsAndOneRequestIsSingular() => Assert.StartsWith(
        "latency_p95: finds 2 times the control's slow requests with a chance of 80 %, none with 95 %, about 1 request harmed until then; ",
        (Row with { Metric = "latency_p95", Likely = 2, Harmed = 0.4 }).Sentence);

    [Fact]
    public void Plan_WithItsPower_IsTheSameThroughJson()
    {
        var plan = Plan(100, 0.001) with { Power = ReleasePower.Of(Plan(100, 0.001)) };
        var json = JsonSerializer.Serialize(plan, SlipwayJson.Options);
        var again = JsonSerializer.Deserialize<ReleasePlan>(json, SlipwayJson.Options)!;

        Assert.Equal(plan.Power.Rows, again.Power!.Rows);
        Assert.Equal(plan.Power.Assumptions, again.Power.Assumptions);
        Assert.Equal(json, JsonSerializer.Serialize(again, SlipwayJson.Options));
        Assert.DoesNotContain("\"sentence\"", json);
    }

    private static StagePower Row => new() { Stage = 0, Metric = "error_rate", Harmed = 3.2, TwiceChance = 0.9, TwiceMinutes = 12, Margin = 1.75 };

    private static ReleasePlan Plan(double? rps, double? rate, params PlannedStage[] stages)
    {
        var plan = SampleRequests.Plan() with { Regions = ["global"] };
        if (stages.Length > 0) plan = plan with { Stages = stages };
        return plan with { Evidence = plan.Evidence with { ExpectedRps = rps, ExpectedErrorRate = rate } };
    }

    private static PlannedStage Stage(int index, decimal percentage) =>
        new(index, new Percentage(percentage), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60), null);
}
