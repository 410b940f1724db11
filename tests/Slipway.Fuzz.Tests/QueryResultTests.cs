using Slipway.Azure.Metrics;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Fuzz.Tests;

/// <summary>Tables that a workspace can give although no honest telemetry does: refused, and never judged.</summary>
public sealed class QueryResultTests
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly WatchQuery Query = new(
        new WatchPlan
        {
            Source = TelemetrySource.LogAnalytics,
            Service = "search",
            Interval = TimeSpan.FromMinutes(1),
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromMinutes(1),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        new LogsPlan { Flag = "search-v2" },
        Nine,
        Nine.AddMinutes(10));

    [Fact]
    public void Counts_that_would_not_add_up_are_refused()
    {
        object?[] row = ["requests", Nine, "", "canary", "", long.MaxValue / 2, 0.0, 0.0];

        Assert.Contains("Count", Refusal(row, row, row), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cohort_whose_counts_would_not_add_up_is_refused()
    {
        object?[] row = ["seen", Nine, "", "", "", long.MaxValue, 0.0, 0.0];

        Assert.Contains("Count", Assert.Throws<LogTableException>(() => ObservationReader.ReadCohort(Table(row, row), Query)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(2_592_001)]
    public void A_watermark_that_is_later_than_anything_kept_is_refused(double seconds) =>
        Assert.Contains("Sum", Refusal(["watermark", Nine, "", "", "", 1L, seconds, 0.0]), StringComparison.Ordinal);

    [Fact]
    public void A_sum_that_is_no_number_is_refused()
    {
        object?[] requests = ["requests", Nine, "", "canary", "", 5L, 0.0, 0.0];
        object?[] kpi = ["kpi", Nine, "", "canary", "orders", 1L, double.MaxValue, 0.0];
        object?[] measurement = ["measurement", Nine, "", "canary", "heap_mb", 1L, double.MaxValue, 0.0];

        Assert.Contains("no number", Refusal(requests, kpi, kpi), StringComparison.Ordinal);
        Assert.Contains("no number", Refusal(requests, measurement, measurement), StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_counts_that_are_taken_add_up()
    {
        object?[] row = ["requests", Nine, "", "canary", "", LogRow.MostCount, 0.0, 0.0];

        Assert.Equal(1_000 * LogRow.MostCount, Assert.Single(ObservationReader.Read(Table([.. Enumerable.Repeat(row, 1_000)]), Query).Observations).Canary!.Requests);
    }

    private static string Refusal(params object?[][] rows) => Assert.Throws<LogTableException>(() => ObservationReader.Read(Table(rows), Query)).Message;

    private static LogTable Table(params object?[][] rows) => new(ObservationTable.Columns, rows);
}
