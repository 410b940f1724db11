using Slipway.Embedded.Engine.Execution;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>An instance in memory.</summary>
internal sealed class LiveInstance(StoredInstance stored, WorkflowExecution? execution)
{
    public string Id { get; } = stored.Id;

    public string Workflow { get; } = stored.Workflow;

    public ParentLink? Parent { get; } = stored.Parent;

    public RecordedValue Input { get; } = stored.Input;

    public int Run { get; } = stored.Run;

    /// <summary>Null when the instance is over: nothing is delivered to it any more.</summary>
    public WorkflowExecution? Execution { get; } = execution;

    public int NextSequence { get; set; } = stored.History.Count;

    public DateTimeOffset LastAt { get; set; } = stored.History.Count > 0 ? stored.History[^1].At : default;

    public string? StoredStatus { get; set; } = execution?.Status;
}

/// <summary>An input with the durable row that it came from, which the commit of the turn removes.</summary>
/// <param name="Event">The input.</param>
/// <param name="Run">Only this run may take it; null: any.</param>
/// <param name="Inbox">The message it was.</param>
/// <param name="Activity">The activity it ends.</param>
internal sealed record TurnInput(HistoryEvent Event, int? Run, long? Inbox = null, ActivityKey? Activity = null);

/// <summary>What one turn of an instance did: the content of one commit.</summary>
internal sealed record Turn(LiveInstance Instance)
{
    /// <summary>New lines of history.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>Messages that were taken, or that nobody will ever take.</summary>
    public List<long> TakenMessages { get; } = [];

    /// <summary>Activities that ended.</summary>
    public List<ActivityKey> EndedActivities { get; } = [];

    /// <summary>How the run ended; null while it goes on.</summary>
    public HistoryEvent? End { get; private set; }

    /// <summary>Why the instance cannot go on; nothing of the turn is stored then.</summary>
    public string? Fault { get; private set; }

    public bool IsEmpty => Events.Count == 0 && TakenMessages.Count == 0 && EndedActivities.Count == 0;

    /// <summary>Hands the inputs to the instance one after the other and collects what it asks for.</summary>
    public static Turn Take(LiveInstance instance, IEnumerable<TurnInput> inputs, DateTimeOffset now)
    {
        var turn = new Turn(instance);
        var at = now > instance.LastAt ? now : instance.LastAt;
        foreach (var input in inputs)
        {
            if (turn.End?.Kind == HistoryEventKind.ContinuedAsNew && input.Event.Kind == HistoryEventKind.SignalReceived)
                continue; // It stays in the inbox, for the next run.
            if (input.Inbox is { } message)
                turn.TakenMessages.Add(message);
            if (input.Activity is { } activity)
                turn.EndedActivities.Add(activity);
            if (instance.Execution is { } execution && (input.Run ?? instance.Run) == instance.Run && execution.Accepts(input.Event))
                turn.Deliver(execution, input.Event with { At = at, Sequence = instance.NextSequence + turn.Events.Count });
            if (turn.Fault is not null)
                break;
        }

        return turn;
    }

    private void Deliver(WorkflowExecution execution, HistoryEvent input)
    {
        Events.Add(input);
        foreach (var asked in execution.Deliver(input))
            Events.Add(asked with { At = input.At, Sequence = Instance.NextSequence + Events.Count });
        End = execution.End;
        Fault = execution.Fault;
    }
}
