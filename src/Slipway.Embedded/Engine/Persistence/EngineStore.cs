using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Core.Serialization;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>The engine's reads, and the writes that come from outside of an orchestrator.</summary>
internal static class EngineStore
{
    private const string InfoColumns =
        "id, workflow, status, input, output, error_type, error_message, custom_status, parent, run, created, updated";

    /// <summary>Adds an instance; false when the id exists.</summary>
    public static bool AddInstance(SqliteConnection connection, string id, string workflow, JsonElement input, ParentLink? parent, long now) =>
        connection.Execute(
            """
            INSERT OR IGNORE INTO engine_instances (id, workflow, status, input, parent, parent_run, parent_step, created, updated)
            VALUES ($1, $2, 'running', $3, $4, $5, $6, $7, $8)
            """,
            id, workflow, Json(input), parent?.Instance, parent?.Run, parent?.Step, now, now) == 1;

    /// <summary>Puts a message for an instance that is not over; false when there is none such.</summary>
    public static bool AddMessage(SqliteConnection connection, string instance, int? run, HistoryEvent message) =>
        connection.Execute(
            """
            INSERT INTO engine_inbox (instance, run, event)
            SELECT id, $2, $3 FROM engine_instances WHERE id = $1 AND status IN ('running', 'faulted')
            """,
            instance, run, HistoryJson.ToLine(message)) == 1;

    public static StoredInstance? Load(SqliteConnection connection, string id) => connection.Rows(
        "SELECT id, workflow, status, input, run, parent, parent_run, parent_step FROM engine_instances WHERE id = $1",
        row => new StoredInstance
        {
            Id = row.GetString(0),
            Workflow = row.GetString(1),
            Status = Status(row.GetString(2)),
            Input = RecordedValue.Of(JsonElement.Parse(row.GetString(3))),
            Run = row.GetInt32(4),
            Parent = row.IsDBNull(5) ? null : new ParentLink(row.GetString(5), row.GetInt32(6), row.GetInt32(7)),
            History = [],
        },
        id).Select(instance => WithHistory(connection, instance)).FirstOrDefault();

    private static StoredInstance WithHistory(SqliteConnection connection, StoredInstance instance)
    {
        try
        {
            return instance with { History = History(connection, instance.Id) };
        }
        catch (JsonException error)
        {
            return instance with { Unreadable = error.Message };
        }
    }

    public static List<HistoryEvent> History(SqliteConnection connection, string id) => connection.Rows(
        "SELECT event FROM engine_history WHERE instance = $1 ORDER BY sequence", row => HistoryJson.FromLine(row.GetString(0)), id);

    public static List<InboxRow> Inbox(SqliteConnection connection, string id) => connection.Rows(
        "SELECT id, run, event FROM engine_inbox WHERE instance = $1 ORDER BY id",
        row => new InboxRow(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt32(1), HistoryJson.FromLine(row.GetString(2))),
        id);

    public static List<string> Running(SqliteConnection connection) =>
        connection.Rows("SELECT id FROM engine_instances WHERE status = 'running' ORDER BY created, id", row => row.GetString(0));

    /// <summary>Running instances that have a message or no history yet.</summary>
    public static List<string> Awake(SqliteConnection connection) => connection.Rows(
        """
        SELECT id FROM engine_instances i WHERE status = 'running'
        AND (EXISTS (SELECT 1 FROM engine_inbox WHERE instance = i.id) OR NOT EXISTS (SELECT 1 FROM engine_history WHERE instance = i.id)) ORDER BY created, id
        """,
        row => row.GetString(0));

    /// <summary>Timers of all running instances, or of one.</summary>
    public static List<TimerRow> Timers(SqliteConnection connection, string? instance) => connection.Rows(
        """
        SELECT instance, t.run, step, due FROM engine_timers t JOIN engine_instances i ON i.id = t.instance
        WHERE i.status = 'running' AND ($1 IS NULL OR instance = $1) ORDER BY due, instance, step
        """,
        row => new TimerRow(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3)),
        instance);

    /// <summary>Activities that have not ended, of all instances that did not fault, or of one.</summary>
    public static List<ActivityWork> Outbox(SqliteConnection connection, string? instance) => connection.Rows(
        """
        SELECT instance, o.run, step, name, o.input, attempt, due, retry FROM engine_outbox o JOIN engine_instances i ON i.id = o.instance
        WHERE i.status <> 'faulted' AND ($1 IS NULL OR instance = $1) ORDER BY i.created, instance, o.run, step
        """,
        row => WithContent(
            new ActivityWork(new ActivityKey(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), row.GetString(3), RecordedValue.Of(default), row.GetInt32(5), row.GetInt64(6), null),
            row.GetString(4),
            row.Text(7)),
        instance);

    // One row for itself: what cannot be read of one instance keeps nobody from the activities of the others.
    private static ActivityWork WithContent(ActivityWork work, string input, string? retry)
    {
        try
        {
            return work with
            {
                Input = RecordedValue.Of(JsonElement.Parse(input)),
                Retry = retry is null ? null : JsonSerializer.Deserialize<ActivityRetry>(retry, SlipwayJson.Options),
            };
        }
        catch (JsonException error)
        {
            return work with { Unreadable = error.Message };
        }
    }

    /// <summary>Records that an attempt failed and when the next one is due.</summary>
    public static void PostponeActivity(SqliteConnection connection, ActivityWork next) => connection.Execute(
        "UPDATE engine_outbox SET attempt = $4, due = $5 WHERE instance = $1 AND run = $2 AND step = $3",
        next.Key.Instance, next.Key.Run, next.Key.Step, next.Attempt, next.Due);

    /// <summary>Makes a faulted instance run again; false when it is not faulted.</summary>
    public static bool Resume(SqliteConnection connection, string instance) => connection.Execute(
        "UPDATE engine_instances SET status = 'running', error_type = NULL, error_message = NULL WHERE id = $1 AND status = 'faulted'", instance) == 1;

    /// <summary>Forgets an instance and those below it, except where they run; how many.</summary>
    public static int Purge(SqliteConnection connection, string id)
    {
        // What sorts between "ID/" and "ID0" begins with "ID/": the slash is followed by the zero.
        var over = connection.Rows(
            "SELECT id FROM engine_instances WHERE (id = $1 OR (id >= $1 || '/' AND id < $1 || '0')) AND status <> 'running'", row => row.GetString(0), id);
        foreach (var instance in over)
        {
            foreach (var table in (string[])["engine_history", "engine_inbox", "engine_timers", "engine_outbox"])
                connection.Execute($"DELETE FROM {table} WHERE instance = $1", instance);
            connection.Execute("DELETE FROM engine_instances WHERE id = $1", instance);
        }

        return over.Count;
    }

    public static InstanceInfo? Info(SqliteConnection connection, string id) =>
        connection.Rows($"SELECT {InfoColumns} FROM engine_instances WHERE id = $1", ReadInfo, id).FirstOrDefault();

    public static List<InstanceInfo> List(SqliteConnection connection, InstanceStatus? status, int skip, int take) => connection.Rows(
        $"SELECT {InfoColumns} FROM engine_instances WHERE $1 IS NULL OR status = $1 ORDER BY created DESC, id LIMIT $3 OFFSET $2",
        ReadInfo,
        status is { } wanted ? Word(wanted) : null, skip, take);

    public static string Word(InstanceStatus status) => status switch
    {
        InstanceStatus.Running => "running",
        InstanceStatus.Completed => "completed",
        InstanceStatus.Failed => "failed",
        _ => "faulted",
    };

    /// <summary>JSON as stored; a missing value is null.</summary>
    public static string Json(JsonElement? value) => value is { ValueKind: not JsonValueKind.Undefined } json ? json.GetRawText() : "null";

    private static InstanceStatus Status(string word) => word switch
    {
        "running" => InstanceStatus.Running,
        "completed" => InstanceStatus.Completed,
        "failed" => InstanceStatus.Failed,
        _ => InstanceStatus.Faulted,
    };

    private static InstanceInfo ReadInfo(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Workflow = row.GetString(1),
        Status = Status(row.GetString(2)),
        Input = JsonElement.Parse(row.GetString(3)),
        Output = Element(row.Text(4)),
        ErrorType = row.Text(5),
        ErrorMessage = row.Text(6),
        CustomStatus = Element(row.Text(7)),
        Parent = row.Text(8),
        Run = row.GetInt32(9),
        CreatedAt = new DateTimeOffset(row.GetInt64(10), TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(row.GetInt64(11), TimeSpan.Zero),
    };

    private static JsonElement? Element(string? json) => json is null ? null : JsonElement.Parse(json);
}
