using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>
/// What an engine knows beyond its own life. A write is durable when its task completes and is not seen by anybody before; what a turn caused is
/// stored with the turn or not at all. At most one engine writes at a time, a next one goes on from what is stored.
/// </summary>
internal interface IEngineStore
{
    /// <summary>Whether values are handed on as they are as long as one engine lives; the next one finds what their JSON says.</summary>
    bool KeepsValues { get; }

    /// <summary>Adds an instance that was started from outside; false when the id exists.</summary>
    Task<bool> AddInstanceAsync(string id, string workflow, RecordedValue input, long now, CancellationToken cancellation);

    /// <summary>Puts a message for an instance that is not over; false when there is none such.</summary>
    Task<bool> AddMessageAsync(string instance, HistoryEvent message, CancellationToken cancellation);

    /// <summary>An instance with the history of its present run; null when there is none.</summary>
    Task<StoredInstance?> LoadAsync(string id);

    /// <summary>What waits for an instance, in the order of arrival.</summary>
    Task<IReadOnlyList<InboxRow>> InboxAsync(string id);

    /// <summary>The ids of the running instances, oldest first.</summary>
    Task<IReadOnlyList<string>> RunningAsync();

    /// <summary>The ids of those running instances for which something waits, or that have not begun, oldest first.</summary>
    Task<IReadOnlyList<string>> AwakeAsync();

    /// <summary>Timers of all running instances, or of one, by the time at which they are due.</summary>
    Task<IReadOnlyList<TimerRow>> TimersAsync(string? instance);

    /// <summary>Activities that have not ended, of all instances that did not fault, or of one; one whose content cannot be read says so itself.</summary>
    Task<IReadOnlyList<ActivityWork>> OutboxAsync(string? instance);

    /// <summary>Records that an attempt failed and when the next one is due.</summary>
    Task PostponeActivityAsync(ActivityWork next);

    /// <summary>Stores a turn with everything that it causes and returns the instances that have a new message.</summary>
    Task<List<string>> CommitAsync(Turn turn);

    /// <summary>Marks an instance as faulted, leaves its history and everything that waits for it, and tells its parent; the instances that have a new message.</summary>
    Task<List<string>> FaultAsync(LiveInstance instance, string message, long now);

    /// <summary>Makes a faulted instance run again; false when it is not faulted.</summary>
    Task<bool> ResumeAsync(string instance, CancellationToken cancellation);

    /// <summary>Forgets an instance and those below it, except where they run; how many.</summary>
    Task<int> PurgeAsync(string instance, CancellationToken cancellation);

    /// <summary>What is known of an instance; null when there is none.</summary>
    Task<InstanceInfo?> InfoAsync(string id, CancellationToken cancellation);

    /// <summary>Instances, newest first, optionally only those in one state.</summary>
    Task<IReadOnlyList<InstanceInfo>> ListAsync(InstanceStatus? status, int skip, int take, CancellationToken cancellation);

    /// <summary>The history of an instance's present or last run.</summary>
    Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string id, CancellationToken cancellation);
}
