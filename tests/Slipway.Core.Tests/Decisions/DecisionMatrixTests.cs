using Slipway.Core.Analysis;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Decisions;

/// <summary>The table of the requirements, written a second time as text: stages 1–2, 3, 4, 5, after 24 hours.</summary>
public sealed class DecisionMatrixTests
{
    private static readonly CanonicalStage[] Stages = Enum.GetValues<CanonicalStage>();

    [Theory]
    [InlineData(MatrixRow.ErrorRate, "Evaluate Immediate Immediate Immediate Evaluate+10")]
    [InlineData(MatrixRow.LatencyP95, "Evaluate Immediate Immediate Evaluate+10 Evaluate+10")]
    [InlineData(MatrixRow.SuccessRate, "Evaluate Immediate Immediate Immediate Evaluate")]
    [InlineData(MatrixRow.SecurityIncident, "Immediate Immediate Immediate Immediate Immediate")]
    [InlineData(MatrixRow.Outage, "Immediate Immediate Immediate Immediate Immediate")]
    [InlineData(MatrixRow.DataLoss, "Immediate Immediate Immediate Immediate Immediate")]
    [InlineData(MatrixRow.Complaints, "None Evaluate Evaluate Evaluate Evaluate")]
    [InlineData(MatrixRow.Warnings, "Alert Immediate Evaluate Evaluate Alert")]
    [InlineData(MatrixRow.CriticalAlert, "Evaluate Immediate Immediate Evaluate Evaluate")]
    [InlineData(MatrixRow.MetricsMissing, "Hold HoldThenRollback HoldThenRollback HoldThenRollback Alert")]
    [InlineData(MatrixRow.SmokeFailed, "Immediate Immediate Immediate Immediate Alert")]
    [InlineData(MatrixRow.Moderate, "Alert Alert Alert Alert Alert")]
    [Trait("requirement", "S004-197")]
    [Trait("requirement", "S004-198")]
    [Trait("requirement", "S004-199")]
    public void Of_EveryCell_IsAsTheTableSays(MatrixRow row, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Stages.Select(stage => DecisionMatrix.Of(row, stage)).Select(cell =>
            cell.Sustained > TimeSpan.Zero ? $"{cell.Response}+{cell.Sustained.TotalMinutes:0}" : cell.Response.ToString())));

    [Theory]
    [InlineData(0, 0, CanonicalStage.Integration)]
    [InlineData(0.1, 0, CanonicalStage.Canary)]
    [InlineData(49.9, 0, CanonicalStage.Canary)]
    [InlineData(50, 0, CanonicalStage.Partial)]
    [InlineData(99.9, 99, CanonicalStage.Partial)]
    [InlineData(100, 24, CanonicalStage.Full)]
    [InlineData(100, 24.1, CanonicalStage.After)]
    public void StageOf_GoesByExposureAndAtFullByTime(double exposure, double hours, CanonicalStage expected) =>
        Assert.Equal(expected, DecisionMatrix.StageOf(new Percentage((decimal)exposure), TimeSpan.FromHours(hours)));

    [Fact]
    public void StageOf_WatchedBeforeTheFirstStageStarted_CountsAsCanary() => Assert.Equal(
        CanonicalStage.Canary, DecisionMatrix.StageOf(new StageUnderJudgement(-1, Percentage.Zero, DateTimeOffset.MaxValue), DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData(CanonicalStage.Partial, 0, TriggerAction.AutoRollback)]
    [InlineData(CanonicalStage.Full, 10, null)]
    [InlineData(CanonicalStage.Full, 10.1, TriggerAction.Evaluate)]
    [InlineData(CanonicalStage.Integration, 0, TriggerAction.Evaluate)]
    [Trait("requirement", "S004-198")]
    public void ActionOf_LatencyLimit_SustainsOnlyWhereTheCellSaysSo(CanonicalStage stage, double minutes, TriggerAction? expected)
    {
        var limit = new PlannedTrigger("latency_p95 limit", "latency_p95", 500, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.LatencyP95);

        Assert.Equal(expected, DecisionMatrix.ActionOf(limit, stage, TimeSpan.FromMinutes(minutes)));
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, TriggerAction.Evaluate)]
    [Trait("requirement", "S004-112")]
    public void ActionOf_ErrorsAfterADayAtFull_AreEvaluatedOnceTheyHaveLastedTenMinutes(double minutes, TriggerAction? expected)
    {
        var limit = new PlannedTrigger("error_rate limit", "error_rate", 0.5m, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.ErrorRate);

        Assert.Equal(expected, DecisionMatrix.ActionOf(limit, CanonicalStage.After, TimeSpan.FromMinutes(minutes)));
    }

    [Fact]
    public void ActionOf_TriggerOfTheRequest_DoesWhatItSaysAtEveryStage()
    {
        var own = new PlannedTrigger("slow", "latency_p95", 300, null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(3), TriggerAction.AutoRollback);

        Assert.All(Stages, stage => Assert.Null(DecisionMatrix.ActionOf(own, stage, TimeSpan.FromMinutes(2.9))));
        Assert.All(Stages, stage => Assert.Equal(TriggerAction.AutoRollback, DecisionMatrix.ActionOf(own, stage, TimeSpan.FromMinutes(3))));
    }
}
