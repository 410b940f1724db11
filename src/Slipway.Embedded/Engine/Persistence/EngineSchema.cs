using Slipway.Embedded.Storage;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>The engine's tables. Times are UTC ticks; events are the JSON lines of <see cref="HistoryJson"/>.</summary>
internal static class EngineSchema
{
    public static void Ensure(SlipwayDatabase database) => database.EnsureSchema("engine", 1, """
        CREATE TABLE engine_instances (
            id TEXT PRIMARY KEY,
            workflow TEXT NOT NULL,
            status TEXT NOT NULL,
            input TEXT NOT NULL,
            output TEXT,
            error_type TEXT,
            error_message TEXT,
            custom_status TEXT,
            run INTEGER NOT NULL DEFAULT 0,
            parent TEXT,
            parent_run INTEGER,
            parent_step INTEGER,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX engine_instances_by_status ON engine_instances (status);
        CREATE TABLE engine_history (
            instance TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            event TEXT NOT NULL,
            PRIMARY KEY (instance, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE engine_inbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            instance TEXT NOT NULL,
            run INTEGER,
            event TEXT NOT NULL
        );
        CREATE INDEX engine_inbox_by_instance ON engine_inbox (instance, id);
        CREATE TABLE engine_timers (
            instance TEXT NOT NULL,
            run INTEGER NOT NULL,
            step INTEGER NOT NULL,
            due INTEGER NOT NULL,
            PRIMARY KEY (instance, run, step)
        ) WITHOUT ROWID;
        CREATE TABLE engine_outbox (
            instance TEXT NOT NULL,
            run INTEGER NOT NULL,
            step INTEGER NOT NULL,
            name TEXT NOT NULL,
            input TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            due INTEGER NOT NULL,
            retry TEXT,
            PRIMARY KEY (instance, run, step)
        ) WITHOUT ROWID;
        """);
}
