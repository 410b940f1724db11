using Slipway.Embedded.Storage;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>An engine's store in a database: everything as JSON.</summary>
internal sealed class SqliteEngineStore : IEngineStore
{
    private readonly SlipwayDatabase _database;

    public SqliteEngineStore(SlipwayDatabase database)
    {
        _database = database;
        EngineSchema.Ensure(database);
    }

    public bool KeepsValues => false;

    public Task<bool> AddInstanceAsync(string id, string workflow, RecordedValue input, long now, CancellationToken cancellation) =>
        _database.WriteAsync(connection => EngineStore.AddInstance(connection, id, workflow, input.Json, null, now), cancellation);

    public Task<bool> AddMessageAsync(string instance, HistoryEvent message, CancellationToken cancellation) =>
        _database.WriteAsync(connection => EngineStore.AddMessage(connection, instance, null, message), cancellation);

    public Task<StoredInstance?> LoadAsync(string id) => _database.ReadAsync(connection => EngineStore.Load(connection, id));

    public async Task<IReadOnlyList<InboxRow>> InboxAsync(string id) => await _database.ReadAsync(connection => EngineStore.Inbox(connection, id));

    public async Task<IReadOnlyList<string>> RunningAsync() => await _database.ReadAsync(EngineStore.Running);

    public async Task<IReadOnlyList<string>> AwakeAsync() => await _database.ReadAsync(EngineStore.Awake);

    public async Task<IReadOnlyList<TimerRow>> TimersAsync(string? instance) => await _database.ReadAsync(connection => EngineStore.Timers(connection, instance));

    public async Task<IReadOnlyList<ActivityWork>> OutboxAsync(string? instance) => await _database.ReadAsync(connection => EngineStore.Outbox(connection, instance));

    public Task PostponeActivityAsync(ActivityWork next) => _database.WriteAsync(connection => EngineStore.PostponeActivity(connection, next));

    public Task<List<string>> CommitAsync(Turn turn) => _database.WriteAsync(connection => TurnCommit.Write(connection, turn));

    public Task<List<string>> FaultAsync(LiveInstance instance, string message, long now) =>
        _database.WriteAsync(connection => TurnCommit.WriteFault(connection, instance, message, now));

    public Task<bool> ResumeAsync(string instance, CancellationToken cancellation) =>
        _database.WriteAsync(connection => EngineStore.Resume(connection, instance), cancellation);

    public Task<int> PurgeAsync(string instance, CancellationToken cancellation) =>
        _database.WriteAsync(connection => EngineStore.Purge(connection, instance), cancellation);

    public Task<InstanceInfo?> InfoAsync(string id, CancellationToken cancellation) =>
        _database.ReadAsync(connection => EngineStore.Info(connection, id), cancellation);

    public async Task<IReadOnlyList<InstanceInfo>> ListAsync(InstanceStatus? status, int skip, int take, CancellationToken cancellation) =>
        await _database.ReadAsync(connection => EngineStore.List(connection, status, skip, take), cancellation);

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id, CancellationToken cancellation) =>
        await _database.ReadAsync(connection => EngineStore.History(connection, id), cancellation);
}
