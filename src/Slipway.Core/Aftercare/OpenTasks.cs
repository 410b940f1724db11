using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Core.Aftercare;

/// <summary>The tasks after a completed release that a person ticks off, and without which its record is not closed; pure.</summary>
public static class OpenTasks
{
    /// <summary>The critical flows are verified in production by hand.</summary>
    public const string Verify = "verify";

    /// <summary>What was learned is written down.</summary>
    public const string Lessons = "lessons";

    /// <summary>The tasks that nobody has ticked off, in order; also those that are not due yet.</summary>
    public static IReadOnlyList<AftercareTask> Of(ReleaseState state) =>
        [.. AftercarePlan.Of(state).SelectMany(checkpoint => checkpoint.Tasks).Where(task => task.Key is not null && !IsDone(state, task))];

    /// <summary>Whether a person has ticked a task off.</summary>
    public static bool IsDone(ReleaseState state, AftercareTask task) => task.Key is { } key && state.Signals.Exists(fact => fact is { Applied: true, Received.Signal: var signal }
        && (key == Lessons ? signal.Kind == ReleaseSignalKind.Lesson : signal.Kind == ReleaseSignalKind.Done && signal.Task == key));

    /// <summary>What a report of a release that is over causes; null: nothing of it belongs to that time.</summary>
    public static (bool Applied, string Answer)? Answer(ReleaseState state, ReleaseSignal signal) => signal.Kind switch
    {
        _ when !state.ExposureBegun => null,
        ReleaseSignalKind.Lesson => (true, "the lesson is kept with the release"),
        ReleaseSignalKind.Done when Of(state).Any(task => task.Key == signal.Task) && signal.Task != Lessons => (true, $"{signal.Task} is done"),
        ReleaseSignalKind.Done => (false, signal.Task == Lessons ? "report the lessons themselves: they tick the task off" : $"no open task is called {signal.Task}"),
        _ => null,
    };
}
