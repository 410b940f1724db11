using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>
/// Writes a turn: its history together with everything that it causes, in the one commit of the caller. Before that commit nothing of
/// the turn happened, after it everything will.
/// </summary>
internal static class TurnCommit
{
    /// <summary>The error type of an instance that the present code cannot continue.</summary>
    public const string Faulted = "Slipway.NonDeterministicWorkflow";

    /// <summary>Writes the turn and returns the instances that have a new message.</summary>
    public static List<string> Write(SqliteConnection connection, Turn turn)
    {
        var instance = turn.Instance;
        var awake = new List<string>();
        foreach (var message in turn.TakenMessages)
            connection.Execute("DELETE FROM engine_inbox WHERE id = $1", message);
        foreach (var key in turn.EndedActivities)
            connection.Execute("DELETE FROM engine_outbox WHERE instance = $1 AND run = $2 AND step = $3", key.Instance, key.Run, key.Step);
        if (turn.Events.Count == 0)
            return awake;

        var now = turn.Events[^1].At.UtcTicks;
        foreach (var line in turn.Events)
        {
            if (line.Kind != HistoryEventKind.ContinuedAsNew)
                connection.Execute("INSERT INTO engine_history (instance, sequence, event) VALUES ($1, $2, $3)", instance.Id, line.Sequence, HistoryJson.ToLine(line));
            WriteEffect(connection, instance, line, now, awake);
        }

        connection.Execute(
            "UPDATE engine_instances SET custom_status = coalesce($2, custom_status), updated = $3 WHERE id = $1",
            instance.Id, instance.Execution!.Status, now);
        if (turn.End is { } end)
            WriteEnd(connection, instance, end, awake);
        return awake;
    }

    /// <summary>Marks an instance as faulted, leaves its history and everything that waits for it, and tells its parent.</summary>
    public static List<string> WriteFault(SqliteConnection connection, LiveInstance instance, string message, long now)
    {
        var awake = new List<string>();
        connection.Execute(
            "UPDATE engine_instances SET status = 'faulted', error_type = $2, error_message = $3, updated = $4 WHERE id = $1",
            instance.Id, Faulted, message, now);
        TellParent(connection, instance, new HistoryEvent { Kind = HistoryEventKind.ChildFailed, ErrorType = Faulted, ErrorMessage = message }, awake);
        return awake;
    }

    private static void WriteEffect(SqliteConnection connection, LiveInstance instance, HistoryEvent line, long now, List<string> awake)
    {
        switch (line.Kind)
        {
            case HistoryEventKind.ActivityScheduled:
                connection.Execute(
                    "INSERT INTO engine_outbox (instance, run, step, name, input, attempt, due, retry) VALUES ($1, $2, $3, $4, $5, 1, 0, $6)",
                    instance.Id, instance.Run, line.Step, line.Name, EngineStore.Json(line.Data),
                    line.Retry is null ? null : JsonSerializer.Serialize(line.Retry, SlipwayJson.Options));
                break;
            case HistoryEventKind.TimerScheduled:
                connection.Execute(
                    "INSERT INTO engine_timers (instance, run, step, due) VALUES ($1, $2, $3, $4)",
                    instance.Id, instance.Run, line.Step, line.Due!.Value.UtcTicks);
                break;
            case HistoryEventKind.TimerFired or HistoryEventKind.TimerCancelled:
                connection.Execute("DELETE FROM engine_timers WHERE instance = $1 AND run = $2 AND step = $3", instance.Id, instance.Run, line.Step);
                break;
            case HistoryEventKind.ChildScheduled:
                StartChild(connection, instance, line, now, awake);
                break;
        }
    }

    private static void StartChild(SqliteConnection connection, LiveInstance instance, HistoryEvent line, long now, List<string> awake)
    {
        var link = new ParentLink(instance.Id, instance.Run, line.Step!.Value);
        if (EngineStore.AddInstance(connection, line.InstanceId!, line.Name!, line.Data ?? default, link, now))
        {
            awake.Add(line.InstanceId!);
            return;
        }

        EngineStore.AddMessage(connection, instance.Id, instance.Run, Taken(line));
        awake.Add(instance.Id);
    }

    private static void WriteEnd(SqliteConnection connection, LiveInstance instance, HistoryEvent end, List<string> awake)
    {
        connection.Execute("DELETE FROM engine_timers WHERE instance = $1", instance.Id);
        switch (end.Kind)
        {
            case HistoryEventKind.ContinuedAsNew:
                connection.Execute("DELETE FROM engine_history WHERE instance = $1", instance.Id);
                connection.Execute("UPDATE engine_instances SET run = run + 1, input = $2 WHERE id = $1", instance.Id, EngineStore.Json(end.Data));
                KeepUnreadSignals(connection, instance);
                awake.Add(instance.Id);
                return;
            case HistoryEventKind.Completed:
                connection.Execute("UPDATE engine_instances SET status = 'completed', output = $2 WHERE id = $1", instance.Id, EngineStore.Json(end.Data));
                TellParent(connection, instance, new HistoryEvent { Kind = HistoryEventKind.ChildCompleted, Data = end.Data }, awake);
                break;
            default:
                connection.Execute(
                    "UPDATE engine_instances SET status = 'failed', error_type = $2, error_message = $3 WHERE id = $1",
                    instance.Id, end.ErrorType, end.ErrorMessage);
                TellParent(connection, instance, new HistoryEvent { Kind = HistoryEventKind.ChildFailed, ErrorType = end.ErrorType, ErrorMessage = end.ErrorMessage }, awake);
                break;
        }

        connection.Execute("DELETE FROM engine_inbox WHERE instance = $1", instance.Id);
    }

    // What arrived and was not taken comes before what arrives later, also in the next run.
    private static void KeepUnreadSignals(SqliteConnection connection, LiveInstance instance)
    {
        if (instance.Execution!.UnreadSignals.Count == 0)
            return;
        var waiting = EngineStore.Inbox(connection, instance.Id);
        connection.Execute("DELETE FROM engine_inbox WHERE instance = $1", instance.Id);
        foreach (var (name, payload) in instance.Execution.UnreadSignals)
            EngineStore.AddMessage(connection, instance.Id, null, Signal(name, payload));
        foreach (var message in waiting)
            EngineStore.AddMessage(connection, instance.Id, message.Run, message.Event);
    }

    /// <summary>The failure of a child whose id is taken, as an input.</summary>
    public static HistoryEvent Taken(HistoryEvent scheduled) => new()
    {
        Kind = HistoryEventKind.ChildFailed,
        Step = scheduled.Step,
        ErrorType = WorkflowRules.InstanceAlreadyExists,
        ErrorMessage = WorkflowRules.TakenId(scheduled.InstanceId!),
    };

    /// <summary>A signal as an input.</summary>
    public static HistoryEvent Signal(string name, string payload) =>
        new() { Kind = HistoryEventKind.SignalReceived, Name = name, Data = JsonSerializer.SerializeToElement(payload, SlipwayJson.Options) };

    private static void TellParent(SqliteConnection connection, LiveInstance instance, HistoryEvent result, List<string> awake)
    {
        if (instance.Parent is { } parent && EngineStore.AddMessage(connection, parent.Instance, parent.Run, result with { Step = parent.Step }))
            awake.Add(parent.Instance);
    }
}
