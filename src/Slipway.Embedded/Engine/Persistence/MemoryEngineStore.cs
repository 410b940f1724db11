using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>
/// An engine's store in memory, for virtual time: it outlives its engines as a database does, each of which finds what the one before stored, as
/// its JSON says. Safe for concurrent use. The same as <see cref="SqliteEngineStore"/> in everything that can be seen, without its cost.
/// </summary>
internal sealed class MemoryEngineStore : IEngineStore
{
    private readonly Lock _gate = new();
    private readonly MemoryTables _tables = new();

    public bool KeepsValues => true;

    /// <summary>Another engine goes on: what the one before had as values is what was recorded of them.</summary>
    public void Reopen()
    {
        lock (_gate) _tables.Forget();
    }

    public Task<bool> AddInstanceAsync(string id, string workflow, RecordedValue input, long now, CancellationToken cancellation) =>
        Do(() => _tables.AddInstance(id, workflow, input, null, now), cancellation);

    public Task<bool> AddMessageAsync(string instance, HistoryEvent message, CancellationToken cancellation) =>
        Do(() => _tables.AddMessage(instance, null, message), cancellation);

    public Task<StoredInstance?> LoadAsync(string id) => Do(() => _tables.Find(id) is not { } row ? null : new StoredInstance
    {
        Id = id,
        Workflow = row.Workflow,
        Status = row.Status,
        Input = row.Input,
        Run = row.Run,
        Parent = row.Parent,
        History = [.. row.History],
    });

    public Task<IReadOnlyList<InboxRow>> InboxAsync(string id) => Do<IReadOnlyList<InboxRow>>(() => _tables.Find(id) is { } row ? [.. row.Inbox] : []);

    public Task<IReadOnlyList<string>> RunningAsync() => RunningAsync(_ => true);

    public Task<IReadOnlyList<string>> AwakeAsync() => RunningAsync(row => row.Inbox.Count > 0 || row.History.Count == 0);

    public Task<IReadOnlyList<TimerRow>> TimersAsync(string? instance) => Do<IReadOnlyList<TimerRow>>(() =>
    [
        .. Of(instance).Where(row => row.Status == InstanceStatus.Running).SelectMany(row => row.Timers.Select(timer => new TimerRow(row.Id, timer.Key.Run, timer.Key.Step, timer.Value)))
            .OrderBy(timer => timer.Due).ThenBy(timer => timer.Instance, StringComparer.Ordinal).ThenBy(timer => timer.Step),
    ]);

    public Task<IReadOnlyList<ActivityWork>> OutboxAsync(string? instance) => Do<IReadOnlyList<ActivityWork>>(() =>
    [
        .. Of(instance).Where(row => row.Status != InstanceStatus.Faulted).OrderBy(row => row.Created).ThenBy(row => row.Id, StringComparer.Ordinal)
            .SelectMany(row => row.Outbox.Values.OrderBy(work => work.Key.Run).ThenBy(work => work.Key.Step)),
    ]);

    public Task PostponeActivityAsync(ActivityWork next) => Do(() =>
    {
        if (_tables.Find(next.Key.Instance) is { } row && row.Outbox.TryGetValue((next.Key.Run, next.Key.Step), out var work))
            row.Outbox[(next.Key.Run, next.Key.Step)] = work with { Attempt = next.Attempt, Due = next.Due };
        return true;
    });

    public Task<List<string>> CommitAsync(Turn turn) => Do(() => MemoryCommit.Write(_tables, turn));

    public Task<List<string>> FaultAsync(LiveInstance instance, string message, long now) => Do(() => MemoryCommit.WriteFault(_tables, instance, message, now));

    public Task<bool> ResumeAsync(string instance, CancellationToken cancellation) => Do(
        () =>
        {
            if (_tables.Find(instance) is not { Status: InstanceStatus.Faulted } row)
                return false;
            (row.Status, row.ErrorType, row.ErrorMessage) = (InstanceStatus.Running, null, null);
            return true;
        },
        cancellation);

    public Task<int> PurgeAsync(string instance, CancellationToken cancellation) => Do(() => _tables.Purge(instance), cancellation);

    public Task<InstanceInfo?> InfoAsync(string id, CancellationToken cancellation) => Do(() => _tables.Find(id)?.Info(), cancellation);

    public Task<IReadOnlyList<InstanceInfo>> ListAsync(InstanceStatus? status, int skip, int take, CancellationToken cancellation) => Do<IReadOnlyList<InstanceInfo>>(
        () =>
        [
            .. _tables.All.Where(row => status is null || row.Status == status).OrderByDescending(row => row.Created).ThenBy(row => row.Id, StringComparer.Ordinal)
                .Skip(skip).Take(take).Select(row => row.Info()),
        ],
        cancellation);

    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id, CancellationToken cancellation) =>
        Do<IReadOnlyList<HistoryEvent>>(() => _tables.Find(id) is { } row ? [.. row.History] : [], cancellation);

    private Task<IReadOnlyList<string>> RunningAsync(Func<MemoryInstance, bool> which) => Do<IReadOnlyList<string>>(() =>
    [
        .. _tables.All.Where(row => row.Status == InstanceStatus.Running && which(row)).OrderBy(row => row.Created).ThenBy(row => row.Id, StringComparer.Ordinal)
            .Select(row => row.Id),
    ]);

    private IEnumerable<MemoryInstance> Of(string? instance) => instance is null ? _tables.All : _tables.Find(instance) is { } row ? [row] : [];

    private Task<T> Do<T>(Func<T> work, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        lock (_gate)
            return Task.FromResult(work());
    }
}
