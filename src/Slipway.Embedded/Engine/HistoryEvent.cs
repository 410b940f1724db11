using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>
/// What a line of history is. The first seven are inputs, which the engine hands to the orchestrator one by one; the others are what the
/// orchestrator asked for, recorded right behind the input that made it ask.
/// </summary>
public enum HistoryEventKind
{
    /// <summary>The run began; <see cref="HistoryEvent.Data"/> is its input.</summary>
    Started,

    /// <summary>An activity ended well.</summary>
    ActivityCompleted,

    /// <summary>The last attempt of an activity failed.</summary>
    ActivityFailed,

    /// <summary>A child ended well.</summary>
    ChildCompleted,

    /// <summary>A child failed, or could not be started.</summary>
    ChildFailed,

    /// <summary>A timer came due.</summary>
    TimerFired,

    /// <summary>A signal arrived.</summary>
    SignalReceived,

    /// <summary>The code asked for an activity.</summary>
    ActivityScheduled,

    /// <summary>The code asked for a child.</summary>
    ChildScheduled,

    /// <summary>The code asked for a timer.</summary>
    TimerScheduled,

    /// <summary>The code cancelled a timer.</summary>
    TimerCancelled,

    /// <summary>The code began to wait for a signal.</summary>
    SignalAwaited,

    /// <summary>The code returned; <see cref="HistoryEvent.Data"/> is its output.</summary>
    Completed,

    /// <summary>The code threw.</summary>
    Failed,

    /// <summary>The code asked for a new run; <see cref="HistoryEvent.Data"/> is its input. Never stored: the new run's history replaces
    /// the old one.</summary>
    ContinuedAsNew,
}

/// <summary>One line of an instance's history.</summary>
public sealed record HistoryEvent
{
    /// <summary>Its place in the run, 0 first.</summary>
    public int Sequence { get; init; }

    /// <summary>When it was recorded, in UTC; never before the line above.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required HistoryEventKind Kind { get; init; }

    /// <summary>The step (activity, child, timer, wait) that it belongs to, counted from 0 in the order of asking; null for others.</summary>
    public int? Step { get; init; }

    /// <summary>Name of the workflow, activity or signal.</summary>
    public string? Name { get; init; }

    /// <summary>The instance itself (<see cref="HistoryEventKind.Started"/>) or the child's id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Input, output or a signal's payload (a JSON string).</summary>
    public JsonElement? Data
    {
        get => Value?.Json;
        init => Value = value is { } json ? RecordedValue.Of(json) : null;
    }

    /// <summary>The same, as it is handed on.</summary>
    internal RecordedValue? Value { get; init; }

    /// <summary>When a timer is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>The retry policy of an activity; null: one attempt.</summary>
    public ActivityRetry? Retry { get; init; }

    /// <summary>The full type name of an error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The message of an error.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether it came from outside of the orchestrator.</summary>
    internal bool IsInput => Kind <= HistoryEventKind.SignalReceived;

    /// <summary>The event in words, for messages to people.</summary>
    internal string Describe() => Kind switch
    {
        HistoryEventKind.ActivityScheduled => $"activity {Name}",
        HistoryEventKind.ChildScheduled => $"child {Name} with id \"{InstanceId}\"",
        HistoryEventKind.TimerScheduled => $"a timer due {Due:O}",
        HistoryEventKind.TimerCancelled => $"cancelling the timer of step {Step}",
        HistoryEventKind.SignalAwaited => $"waiting for signal \"{Name}\"",
        HistoryEventKind.Completed => "the end of the workflow",
        HistoryEventKind.Failed => $"the failure of the workflow ({ErrorType}: {ErrorMessage})",
        HistoryEventKind.ContinuedAsNew => "continuing as new",
        HistoryEventKind.SignalReceived => $"the arrival of signal \"{Name}\"",
        HistoryEventKind.Started => $"the start of {Name}",
        _ => $"the result of step {Step} ({Kind})",
    };
}
