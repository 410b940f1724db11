using System.Text;
using Slipway.Embedded.Engine;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>
/// What the turns of one instance would be in a task hub on Azure Storage: rows of history, pages in which they are read before each turn, messages, and
/// what is too large for a row or a message and becomes a blob. As the provider's source says (Azure/durabletask, src/DurableTask.AzureStorage, read at
/// commit 5217032): history is read whole before a turn (OrchestrationSessionManager), a turn writes a batch of rows and one of the instances' table
/// (AzureTableTrackingStore.UpdateStateAsync), and a timer that was cancelled stays in its queue, fires, and is a turn that does nothing
/// (DurableTask.Core, TaskOrchestrationContext.CreateTimer and HandleTimerFiredEvent).
/// </summary>
/// <param name="tally">Where it is counted.</param>
internal sealed class TaskHub(Tally tally)
{
    /// <summary>AzureTableTrackingStore.MaxTablePropertySizeInBytes, of UTF-16.</summary>
    private const int LargestProperty = 60 * 1024;

    /// <summary>MessageManager.MaxStorageQueuePayloadSizeInBytes, of UTF-8.</summary>
    private const int LargestMessage = 45 * 1024;

    /// <summary>What stands around a payload in a message: instance, execution, type names.</summary>
    private const int Envelope = 1500;

    /// <summary>Rows in one answer of Table storage.</summary>
    private const int RowsInAPage = 1000;

    /// <summary>Rows in one batch, as the provider cuts them.</summary>
    private const int RowsInABatch = 99;

    private readonly Dictionary<string, (int Rows, int Large)> _instances = new(StringComparer.Ordinal);

    /// <summary>One turn.</summary>
    /// <param name="instance">Whose.</param>
    /// <param name="isChild">Whether somebody hears of its end.</param>
    /// <param name="events">What it wrote.</param>
    public void Turn(string instance, bool isChild, IReadOnlyList<HistoryEvent> events)
    {
        var (rows, large) = _instances.GetValueOrDefault(instance);
        var added = 2; // OrchestratorStarted and OrchestratorCompleted
        var (renewed, newLarge) = (false, 0);
        tally.Add("hub.turns");
        tally.Add("hub.history_pages", Math.Max(1, (rows + RowsInAPage - 1) / RowsInAPage));
        tally.Add("hub.large_row_reads", large);
        foreach (var line in events)
        {
            var text = line.Data?.GetRawText() ?? "";
            switch (line.Kind)
            {
                case HistoryEventKind.TimerScheduled:
                    Message("control", 0);
                    break;
                case HistoryEventKind.TimerCancelled:
                    // Its message fires all the same: a turn of three rows.
                    tally.Add("hub.turns");
                    tally.Add("hub.turns_of_cancelled_timers");
                    tally.Add("hub.history_pages", Math.Max(1, (rows + RowsInAPage - 1) / RowsInAPage));
                    tally.Add("hub.large_row_reads", large);
                    tally.Add("hub.batches");
                    tally.Add("hub.rows", 3);
                    added += 3;
                    continue;
                case HistoryEventKind.ActivityScheduled:
                    Message("work_items", Bytes(text));
                    text = ""; // The row does not repeat the input.
                    break;
                case HistoryEventKind.ChildScheduled:
                    Message("control", Bytes(text));
                    text = "";
                    break;
                case HistoryEventKind.ActivityCompleted or HistoryEventKind.ActivityFailed:
                    Message("control", Bytes(text));
                    break;
                case HistoryEventKind.SignalReceived:
                    Message("control", 0);
                    break;
                case HistoryEventKind.Started when !isChild && rows == 0:
                    Message("control", 0);
                    break;
                case HistoryEventKind.Completed or HistoryEventKind.Failed when isChild:
                    Message("control", Bytes(text));
                    break;
                case HistoryEventKind.ContinuedAsNew:
                    Message("control", Bytes(text));
                    renewed = true;
                    break;
                case HistoryEventKind.SignalAwaited:
                    continue; // Nothing is kept of it there.
                default:
                    break;
            }

            added++;
            if (2L * text.Length <= LargestProperty) continue;
            newLarge++;
            tally.Add("hub.large_rows");
        }

        tally.Add("hub.rows", added);
        tally.Add("hub.batches", (added + RowsInABatch - 1) / RowsInABatch);
        _instances[instance] = renewed ? (0, 0) : (rows + added, large + newLarge);
    }

    private void Message(string queue, int payload)
    {
        tally.Add($"hub.messages.{queue}");
        if (payload + Envelope > LargestMessage) tally.Add("hub.large_messages");
    }

    /// <summary>A payload is a string of JSON within JSON: quotes and backslashes are escaped.</summary>
    private static int Bytes(string json) => Encoding.UTF8.GetByteCount(json) + json.Count(letter => letter is '"' or '\\');
}
