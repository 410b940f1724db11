using Microsoft.Data.Sqlite;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>A store whose named calls fail once each for one instance, or (null) where they concern all of them, as a disk does that cannot be read for a
/// moment.</summary>
internal sealed class FailingEngineStore(IEngineStore inner, string? failing) : IEngineStore
{
    private readonly HashSet<string> _next = [];

    public bool KeepsValues => inner.KeepsValues;

    /// <summary>The next of each of these calls fails.</summary>
    public void Fail(params ReadOnlySpan<string> calls)
    {
        foreach (var call in calls)
            _next.Add(call);
    }

    /// <summary>Whether everything failed that was to fail.</summary>
    public bool HasFailed => _next.Count == 0;

    public Task<bool> AddInstanceAsync(string id, string workflow, RecordedValue input, long now, CancellationToken cancellation) => inner.AddInstanceAsync(id, workflow, input, now, cancellation);

    public Task<bool> AddMessageAsync(string instance, HistoryEvent message, CancellationToken cancellation) => inner.AddMessageAsync(instance, message, cancellation);

    public Task<StoredInstance?> LoadAsync(string id) => Or(nameof(LoadAsync), id, () => inner.LoadAsync(id));

    public Task<IReadOnlyList<InboxRow>> InboxAsync(string id) => Or(nameof(InboxAsync), id, () => inner.InboxAsync(id));

    public Task<IReadOnlyList<string>> RunningAsync() => Or(nameof(RunningAsync), null, inner.RunningAsync);

    public Task<IReadOnlyList<string>> AwakeAsync() => Or(nameof(AwakeAsync), null, inner.AwakeAsync);

    public Task<IReadOnlyList<TimerRow>> TimersAsync(string? instance) => Or(nameof(TimersAsync), instance, () => inner.TimersAsync(instance));

    public Task<IReadOnlyList<ActivityWork>> OutboxAsync(string? instance) => Or(nameof(OutboxAsync), instance, () => inner.OutboxAsync(instance));

    public Task PostponeActivityAsync(ActivityWork next) => inner.PostponeActivityAsync(next);

    public Task<List<string>> CommitAsync(Turn turn) => Or(nameof(CommitAsync), turn.Instance.Id, () => inner.CommitAsync(turn));

    public Task<List<string>> FaultAsync(LiveInstance instance, string message, long now) => Or(nameof(FaultAsync), instance.Id, () => inner.FaultAsync(instance, message, now));

    public Task<bool> ResumeAsync(string instance, CancellationToken cancellation) => inner.ResumeAsync(instance, cancellation);

    public Task<int> PurgeAsync(string instance, CancellationToken cancellation) => inner.PurgeAsync(instance, cancellation);

    public Task<InstanceInfo?> InfoAsync(string id, CancellationToken cancellation) => inner.InfoAsync(id, cancellation);

    public Task<IReadOnlyList<InstanceInfo>> ListAsync(InstanceStatus? status, int skip, int take, CancellationToken cancellation) => inner.ListAsync(status, skip, take, cancellation);

    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id, CancellationToken cancellation) => inner.HistoryAsync(id, cancellation);

    private Task<T> Or<T>(string call, string? instance, Func<Task<T>> otherwise) =>
        instance == failing && _next.Remove(call) ? Task.FromException<T>(new SqliteException($"disk I/O error in {call}", SQLitePCL.raw.SQLITE_IOERR)) : otherwise();
}
