using Slipway.Embedded.Engine.Persistence;

namespace Slipway.Embedded.Engine;

/// <summary>
/// What instances wait for outside of their own code: activities, the pauses between their attempts, and timers. Everything here is
/// stored too, so that losing this object loses nothing. Only the loop calls it.
/// </summary>
internal sealed class PendingWork(IEngineStore store, ActivityDispatcher activities, UnstoredEnds ends, DueClock due)
{
    /// <summary>
    /// Takes over what is stored, of one instance or (null) of all; what is known already stays as it is, and what has ended is over
    /// although its row is still there. Returns the instances of which an activity cannot be read, with the reason: nothing of those is taken over.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> LoadAsync(string? instance)
    {
        // Everything is read before anything begins, so that a read that fails leaves nothing begun by halves.
        var (timers, outbox) = (await store.TimersAsync(instance), await store.OutboxAsync(instance));
        var unreadable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var work in outbox)
        {
            if (work.Unreadable is { } problem)
                unreadable.TryAdd(work.Key.Instance, problem);
        }

        foreach (var timer in timers.Where(timer => !unreadable.ContainsKey(timer.Instance)))
            due.Add(new DueItem(DueKind.Timer, timer.Instance, timer.Run, timer.Step), timer.Due);
        foreach (var work in outbox)
        {
            if (unreadable.ContainsKey(work.Key.Instance) || activities.Knows(work.Key) || ends.Knows(work.Key))
                continue;
            if (work.Due <= due.Now)
                activities.Start(work);
            else
                Postpone(work);
        }

        return unreadable;
    }

    /// <summary>Begins and ends what committed lines of a history say.</summary>
    public void Begin(LiveInstance instance, IReadOnlyList<HistoryEvent> lines)
    {
        var carriesOn = false;
        foreach (var line in lines)
        {
            if (line.IsInput)
                carriesOn = line.Kind is HistoryEventKind.ActivityCompleted or HistoryEventKind.ActivityFailed or HistoryEventKind.ChildCompleted or HistoryEventKind.ChildFailed;
            else if (line.Kind == HistoryEventKind.ActivityScheduled)
                activities.Start(ActivityWork.From(instance.Id, instance.Run, line), carriesOn);
            else if (line.Kind == HistoryEventKind.TimerScheduled)
                due.Add(TimerOf(instance, line.Step!.Value), line.Due!.Value.UtcTicks);
            else if (line.Kind == HistoryEventKind.TimerCancelled)
                due.Remove(TimerOf(instance, line.Step!.Value));
        }
    }

    /// <summary>Keeps an activity until its next attempt is due, in memory and then in the store.</summary>
    public async Task PostponeAsync(ActivityWork next)
    {
        Postpone(next);
        await store.PostponeActivityAsync(next);
    }

    /// <summary>The timers of an instance that is no longer in memory do not fire.</summary>
    public void ForgetTimers(LiveInstance instance, IEnumerable<int> steps)
    {
        foreach (var step in steps)
            due.Remove(TimerOf(instance, step));
    }

    private void Postpone(ActivityWork work)
    {
        activities.Postpone(work);
        due.Add(new DueItem(DueKind.Retry, work.Key.Instance, work.Key.Run, work.Key.Step), work.Due);
    }

    private static DueItem TimerOf(LiveInstance instance, int step) => new(DueKind.Timer, instance.Id, instance.Run, step);
}
