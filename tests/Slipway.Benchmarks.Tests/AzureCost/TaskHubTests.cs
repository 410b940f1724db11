using System.Text.Json;
using Slipway.Benchmarks.AzureCost.Counting;
using Slipway.Embedded.Engine;

namespace Slipway.Benchmarks.Tests.AzureCost;

/// <summary>What turns are in a task hub.</summary>
public sealed class TaskHubTests
{
    private readonly Tally _tally = new();
    private readonly TaskHub _hub;

    public TaskHubTests() => _hub = new TaskHub(_tally);

    [Fact]
    public void A_turn_that_asks_for_an_activity_is_a_batch_of_rows_and_a_message()
    {
        _hub.Turn("one", false, [Line(HistoryEventKind.Started, "{}"), Line(HistoryEventKind.ActivityScheduled, "{}")]);

        Assert.Equal((1, 1, 4, 1), (_tally["hub.turns"], _tally["hub.batches"], _tally["hub.rows"], _tally["hub.history_pages"]));
        Assert.Equal((1, 1), (_tally["hub.messages.control"], _tally["hub.messages.work_items"]));
    }

    [Fact]
    public void A_timer_that_is_cancelled_is_a_turn_all_the_same()
    {
        _hub.Turn("one", false, [Line(HistoryEventKind.TimerScheduled), Line(HistoryEventKind.TimerCancelled)]);

        Assert.Equal((2, 1, 2), (_tally["hub.turns"], _tally["hub.turns_of_cancelled_timers"], _tally["hub.batches"]));
        Assert.Equal(1, _tally["hub.messages.control"]);
    }

    [Theory]
    [InlineData(30_700, 0)]
    [InlineData(30_800, 1)]
    public void A_result_of_more_than_60_KB_is_a_blob_that_every_later_turn_reads(int length, int reads)
    {
        _hub.Turn("one", false, [Line(HistoryEventKind.ActivityCompleted, Text(length))]);
        _hub.Turn("one", false, [Line(HistoryEventKind.TimerFired)]);

        Assert.Equal((reads, reads), (_tally["hub.large_rows"], _tally["hub.large_row_reads"]));
    }

    [Theory]
    [InlineData(44_000, 0)]
    [InlineData(45_000, 1)]
    public void A_message_of_more_than_45_KB_is_a_blob(int length, int blobs)
    {
        _hub.Turn("one", false, [Line(HistoryEventKind.ActivityScheduled, Text(length))]);
        Assert.Equal(blobs, _tally["hub.large_messages"]);

        // The row of what was asked for does not hold the input.
        Assert.Equal(0, _tally["hub.large_rows"]);
    }

    [Fact]
    public void History_is_read_in_pages_of_a_thousand_rows_and_begins_anew_with_a_new_run()
    {
        HistoryEvent[] many = [.. Enumerable.Repeat(Line(HistoryEventKind.TimerFired), 1_001)];
        _hub.Turn("one", true, many);
        _hub.Turn("one", true, [Line(HistoryEventKind.ContinuedAsNew, "{}")]);
        Assert.Equal(3, _tally["hub.history_pages"]);
        _hub.Turn("one", true, [Line(HistoryEventKind.Started, "{}")]);
        Assert.Equal(4, _tally["hub.history_pages"]);
    }

    private static string Text(int length) => $"\"{new string('x', length - 2)}\"";

    private static HistoryEvent Line(HistoryEventKind kind, string? json = null) =>
        new() { Kind = kind, Name = "activity.v1", Data = json is null ? null : JsonDocument.Parse(json).RootElement };
}
