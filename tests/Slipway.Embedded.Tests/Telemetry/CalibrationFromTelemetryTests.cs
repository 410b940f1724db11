using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Releases;
using Slipway.Embedded.Telemetry;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Activities;

namespace Slipway.Embedded.Tests.Telemetry;

/// <summary>From the body that a sender posts to the offset that a release allows for.</summary>
public sealed class CalibrationFromTelemetryTests
{
    private const string Flag = "search-v2";
    private const int Minutes = 130;

    private static readonly DateTimeOffset Start = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Users_of_the_first_quarter_that_fail_twice_as_often_are_allowed_for()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = TestDatabase.InMemory();
        var store = new SqliteTelemetryStore(database.Database);
        for (var minute = 0; minute < Minutes; minute++)
        {
            var batch = TelemetryBatchReader.Read(Body(minute), Start.AddHours(3));
            Assert.Empty(batch.Problems);
            await store.IngestAsync(batch.Rows, cancellation);
        }

        var input = new CalibrateInput(
            LedgerSamples.Watch(60), new CalibrationPlan { Flag = Flag, Percentages = [new Percentage(25), new Percentage(50)], Tolerated = 1.25 }, Start.AddMinutes(Minutes));
        var calibration = (await new Calibrate(store).RunAsync(input, cancellation)).Calibration;

        var quarter = calibration.Offsets.Single(offset => offset is { Metric: "error_rate", Percentage: 25m });
        Assert.Equal(60, quarter.Intervals);
        Assert.InRange(quarter.LogRatio, Math.Log(1.8), Math.Log(2.2));
        Assert.InRange(quarter.Offset, 0.3, quarter.LogRatio);

        // The first half is the first quarter and as many others: 1.5 times as often.
        Assert.InRange(calibration.Offsets.Single(offset => offset is { Metric: "error_rate", Percentage: 50m }).LogRatio, Math.Log(1.35), Math.Log(1.65));
        Assert.NotNull(calibration.Autocorrelation);
    }

    /// <summary>A thousand users with a request each, in the minute's turn: two of ten in the first quarter fail, one of ten of the others.</summary>
    private static byte[] Body(int minute)
    {
        var users = Enumerable.Range(0, 1000).Select(number =>
        {
            var id = $"u-{number}";
            var turn = (number + (minute * 7)) % 10;
            return new { user = id, requests = 1, errors = turn < (TargetingHash.Includes(id, Flag, new Percentage(25)) ? 2 : 1) ? 1 : 0, latency_ms = new[] { 20 + (number % 50) } };
        }).ToList();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            batch_id = $"web-1/{minute}",
            service = "search",
            rows = new[]
            {
                new { arm = "control", start = Start.AddMinutes(minute), requests = users.Count, errors = users.Sum(user => user.errors), flag = Flag, by_user = users },
            },
        });
    }
}
