using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>What reaches the engine's loop; nothing in it is lost when the process is, since each has its row in the database.</summary>
internal abstract record EngineMessage;

/// <summary>The instance is new or has a message in its inbox.</summary>
internal sealed record WakeMessage(string Instance) : EngineMessage;

/// <summary>The instance goes on after it stood still: its timers and activities are to be found again.</summary>
internal sealed record ReloadMessage(string Instance) : EngineMessage;

/// <summary>The engine's timer fired.</summary>
internal sealed record DueMessage : EngineMessage;

/// <summary>An attempt of an activity ended.</summary>
internal sealed record ActivityEndedMessage(ActivityWork Work, ActivityOutcome Outcome) : EngineMessage;

/// <summary>Code of an activity that goes on, in virtual time.</summary>
internal sealed record ContinuationMessage(SendOrPostCallback Callback, object? State) : EngineMessage;

/// <summary>How an attempt ended.</summary>
/// <param name="Result">Its output; null when it failed or was stopped.</param>
/// <param name="Error">What it threw; null when it ended well or was stopped with the engine, after which the next engine runs it again.</param>
internal readonly record struct ActivityOutcome(RecordedValue? Result, Exception? Error)
{
    /// <summary>The outcome as an input of the orchestrator; null when the attempt was stopped with the engine.</summary>
    public HistoryEvent? ToEvent(int step) => (Result, Error) switch
    {
        ({ } result, _) => new HistoryEvent { Kind = HistoryEventKind.ActivityCompleted, Step = step, Value = result },
        (_, { } error) => new HistoryEvent
        {
            Kind = HistoryEventKind.ActivityFailed,
            Step = step,
            ErrorType = error.GetType().FullName,
            ErrorMessage = error.Message,
        },
        _ => null,
    };
}
