using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>What <see cref="TurnCommit"/> does to a database, done to memory.</summary>
internal static class MemoryCommit
{
    /// <summary>Writes the turn and returns the instances that have a new message.</summary>
    public static List<string> Write(MemoryTables tables, Turn turn)
    {
        var instance = turn.Instance;
        var awake = new List<string>();
        if (tables.Find(instance.Id) is not { } row)
            return awake;
        foreach (var message in turn.TakenMessages)
            row.Inbox.RemoveAll(waiting => waiting.Id == message);
        foreach (var key in turn.EndedActivities)
            row.Outbox.Remove((key.Run, key.Step));
        if (turn.Events.Count == 0)
            return awake;

        var now = turn.Events[^1].At.UtcTicks;
        foreach (var line in turn.Events)
        {
            if (line.Kind != HistoryEventKind.ContinuedAsNew)
                row.History.Add(line);
            WriteEffect(tables, row, instance, line, now, awake);
        }

        (row.CustomStatus, row.Updated) = (instance.Execution!.Status ?? row.CustomStatus, now);
        if (turn.End is { } end)
            WriteEnd(tables, row, instance, end, awake);
        return awake;
    }

    /// <summary>Marks an instance as faulted and tells its parent.</summary>
    public static List<string> WriteFault(MemoryTables tables, LiveInstance instance, string message, long now)
    {
        var awake = new List<string>();
        if (tables.Find(instance.Id) is { } row)
            (row.Status, row.ErrorType, row.ErrorMessage, row.Updated) = (InstanceStatus.Faulted, TurnCommit.Faulted, message, now);
        TellParent(tables, instance, new HistoryEvent { Kind = HistoryEventKind.ChildFailed, ErrorType = TurnCommit.Faulted, ErrorMessage = message }, awake);
        return awake;
    }

    private static void WriteEffect(MemoryTables tables, MemoryInstance row, LiveInstance instance, HistoryEvent line, long now, List<string> awake)
    {
        switch (line.Kind)
        {
            case HistoryEventKind.ActivityScheduled:
                row.Outbox.Add((instance.Run, line.Step!.Value), ActivityWork.From(instance.Id, instance.Run, line));
                break;
            case HistoryEventKind.TimerScheduled:
                row.Timers.Add((instance.Run, line.Step!.Value), line.Due!.Value.UtcTicks);
                break;
            case HistoryEventKind.TimerFired or HistoryEventKind.TimerCancelled:
                row.Timers.Remove((instance.Run, line.Step!.Value));
                break;
            case HistoryEventKind.ChildScheduled:
                StartChild(tables, instance, line, now, awake);
                break;
        }
    }

    private static void StartChild(MemoryTables tables, LiveInstance instance, HistoryEvent line, long now, List<string> awake)
    {
        var link = new ParentLink(instance.Id, instance.Run, line.Step!.Value);
        if (tables.AddInstance(line.InstanceId!, line.Name!, line.Value ?? RecordedValue.Of(default), link, now))
        {
            awake.Add(line.InstanceId!);
            return;
        }

        tables.AddMessage(instance.Id, instance.Run, TurnCommit.Taken(line));
        awake.Add(instance.Id);
    }

    private static void WriteEnd(MemoryTables tables, MemoryInstance row, LiveInstance instance, HistoryEvent end, List<string> awake)
    {
        row.Timers.Clear();
        switch (end.Kind)
        {
            case HistoryEventKind.ContinuedAsNew:
                row.Restart(end.Value ?? RecordedValue.Of(default));
                KeepUnreadSignals(tables, row, instance);
                awake.Add(instance.Id);
                return;
            case HistoryEventKind.Completed:
                (row.Status, row.Output) = (InstanceStatus.Completed, end.Value ?? RecordedValue.Of(default));
                TellParent(tables, instance, new HistoryEvent { Kind = HistoryEventKind.ChildCompleted, Value = end.Value }, awake);
                break;
            default:
                (row.Status, row.ErrorType, row.ErrorMessage) = (InstanceStatus.Failed, end.ErrorType, end.ErrorMessage);
                TellParent(tables, instance, new HistoryEvent { Kind = HistoryEventKind.ChildFailed, ErrorType = end.ErrorType, ErrorMessage = end.ErrorMessage }, awake);
                break;
        }

        row.Inbox.Clear();
    }

    // What arrived and was not taken comes before what arrives later, also in the next run.
    private static void KeepUnreadSignals(MemoryTables tables, MemoryInstance row, LiveInstance instance)
    {
        if (instance.Execution!.UnreadSignals.Count == 0)
            return;
        List<InboxRow> waiting = [.. row.Inbox];
        row.Inbox.Clear();
        foreach (var (name, payload) in instance.Execution.UnreadSignals)
            tables.AddMessage(row.Id, null, TurnCommit.Signal(name, payload));
        foreach (var message in waiting)
            tables.AddMessage(row.Id, message.Run, message.Event);
    }

    private static void TellParent(MemoryTables tables, LiveInstance instance, HistoryEvent result, List<string> awake)
    {
        if (instance.Parent is { } parent && tables.AddMessage(parent.Instance, parent.Run, result with { Step = parent.Step }))
            awake.Add(parent.Instance);
    }
}
