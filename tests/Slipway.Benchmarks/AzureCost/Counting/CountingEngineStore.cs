using System.Text.Json;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Benchmarks.AzureCost.Counting;

/// <summary>Counts the turns, and what stands in history, of an engine.</summary>
internal sealed class CountingEngineStore(IEngineStore inner, Tally tally) : IEngineStore
{
    private readonly TaskHub _hub = new(tally);

    public bool KeepsValues => inner.KeepsValues;

    public Task<List<string>> CommitAsync(Turn turn)
    {
        if (turn.Events.Count > 0)
        {
            tally.Add($"turns.{turn.Instance.Workflow}");
            foreach (var line in turn.Events)
            {
                tally.Add($"history.{JsonNamingPolicy.SnakeCaseLower.ConvertName(line.Kind.ToString())}");
                if (line.Kind == HistoryEventKind.ActivityScheduled) tally.Add($"activities.{line.Name}");
            }

            _hub.Turn(turn.Instance.Id, turn.Instance.Parent is not null, turn.Events);
        }

        return inner.CommitAsync(turn);
    }

    public Task<bool> AddInstanceAsync(string id, string workflow, RecordedValue input, long now, CancellationToken cancellation) =>
        inner.AddInstanceAsync(id, workflow, input, now, cancellation);

    public Task<bool> AddMessageAsync(string instance, HistoryEvent message, CancellationToken cancellation) => inner.AddMessageAsync(instance, message, cancellation);

    public Task<StoredInstance?> LoadAsync(string id) => inner.LoadAsync(id);

    public Task<IReadOnlyList<InboxRow>> InboxAsync(string id) => inner.InboxAsync(id);

    public Task<IReadOnlyList<string>> RunningAsync() => inner.RunningAsync();

    public Task<IReadOnlyList<string>> AwakeAsync() => inner.AwakeAsync();

    public Task<IReadOnlyList<TimerRow>> TimersAsync(string? instance) => inner.TimersAsync(instance);

    public Task<IReadOnlyList<ActivityWork>> OutboxAsync(string? instance) => inner.OutboxAsync(instance);

    public Task PostponeActivityAsync(ActivityWork next) => inner.PostponeActivityAsync(next);

    public Task<List<string>> FaultAsync(LiveInstance instance, string message, long now) => inner.FaultAsync(instance, message, now);

    public Task<bool> ResumeAsync(string instance, CancellationToken cancellation) => inner.ResumeAsync(instance, cancellation);

    public Task<int> PurgeAsync(string instance, CancellationToken cancellation) => inner.PurgeAsync(instance, cancellation);

    public Task<InstanceInfo?> InfoAsync(string id, CancellationToken cancellation) => inner.InfoAsync(id, cancellation);

    public Task<IReadOnlyList<InstanceInfo>> ListAsync(InstanceStatus? status, int skip, int take, CancellationToken cancellation) =>
        inner.ListAsync(status, skip, take, cancellation);

    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id, CancellationToken cancellation) => inner.HistoryAsync(id, cancellation);
}
