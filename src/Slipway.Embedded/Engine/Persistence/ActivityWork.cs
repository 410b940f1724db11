using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Persistence;

/// <summary>Which activity of which run of which instance.</summary>
internal readonly record struct ActivityKey(string Instance, int Run, int Step);

/// <summary>A row of the outbox: an activity to run until it ended.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="Name">The activity.</param>
/// <param name="Input">Its input.</param>
/// <param name="Attempt">The attempt that comes next, 1 first.</param>
/// <param name="Due">Not before this time (UTC ticks); 0: at once.</param>
/// <param name="Retry">When to try again; null: never.</param>
internal sealed record ActivityWork(ActivityKey Key, string Name, RecordedValue Input, int Attempt, long Due, ActivityRetry? Retry)
{
    /// <summary>Why its input or retries cannot be read by this version; null when they can.</summary>
    public string? Unreadable { get; init; }

    public static ActivityWork From(string instance, int run, HistoryEvent asked) =>
        new(new ActivityKey(instance, run, asked.Step!.Value), asked.Name!, asked.Value ?? RecordedValue.Of(default), Attempt: 1, Due: 0, asked.Retry);

    /// <summary>The pause after the failure of <see cref="Attempt"/>; null when that was the last.</summary>
    public TimeSpan? PauseAfterFailure()
    {
        if (Retry is null || Attempt >= Retry.Attempts)
            return null;
        var pause = Retry.First.TotalSeconds * Math.Pow(Math.Max(1, Retry.Factor), Attempt - 1);
        return pause < Retry.Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(0, pause)) : Retry.Longest;
    }
}
