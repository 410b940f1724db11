using DurableTask.Core;
using DurableTask.Core.History;
using Slipway.Functions.Durable;

namespace Slipway.Functions.Tests.Engine;

/// <summary>An orchestration as a task hub keeps it: what happened, what arrived since, and where it stands.</summary>
internal sealed class HubInstance(ExecutionStartedEvent started, DateTimeOffset createdAt)
{
    private readonly Queue<HistoryEvent> _arrived = new();

    public string Id => Started.OrchestrationInstance.InstanceId;

    public string Name => Started.Name;

    /// <summary>How its present run began.</summary>
    public ExecutionStartedEvent Started { get; private set; } = started;

    /// <summary>What happened in its present run, in order.</summary>
    public IReadOnlyList<HistoryEvent> History { get; private set; } = [];

    /// <summary>Its code as the last turn left it; null: the next turn begins with a replay.</summary>
    public HubSession? Session { get; set; }

    public OrchestrationStatus Status { get; private set; } = OrchestrationStatus.Pending;

    /// <summary>The status that its code published last, as JSON.</summary>
    public string? CustomStatus { get; set; }

    /// <summary>How it ended; null while it runs.</summary>
    public ExecutionCompletedEvent? Completed { get; private set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    /// <summary>How often it continued as new.</summary>
    public int Run { get; private set; }

    public bool IsOver => Completed is not null;

    /// <summary>Whether something arrived that it has not seen.</summary>
    public bool HasNews => _arrived.Count > 0;

    /// <summary>A message for it; nobody reads one for an orchestration that is over, or, when it names a run, for a run that is.</summary>
    public bool Arrive(HistoryEvent message, string? run = null)
    {
        if (IsOver || (run is not null && run != Started.OrchestrationInstance.ExecutionId)) return false;
        _arrived.Enqueue(message);
        return true;
    }

    public IReadOnlyList<HistoryEvent> TakeNews()
    {
        HistoryEvent[] news = [.. _arrived];
        _arrived.Clear();
        return news;
    }

    /// <summary>A turn ended with this history.</summary>
    public void Turned(IReadOnlyList<HistoryEvent> history, DateTimeOffset at)
    {
        (History, UpdatedAt) = (history, at);
        Completed = history[^1] as ExecutionCompletedEvent ?? history[^2] as ExecutionCompletedEvent;
        Status = Completed?.OrchestrationStatus ?? OrchestrationStatus.Running;
    }

    /// <summary>It goes on with nothing but its new input and the messages that were not read.</summary>
    public void Renew(ExecutionStartedEvent started, IEnumerable<HistoryEvent> carried)
    {
        HistoryEvent[] since = [.. _arrived];
        _arrived.Clear();
        (Started, History, Session, Completed, Run) = (started, [], null, null, Run + 1);
        foreach (var message in (IEnumerable<HistoryEvent>)[started, .. carried, .. since]) _arrived.Enqueue(message);
    }

    /// <summary>How the product calls it.</summary>
    public string ProductId => DurableNames.InstanceOf(Id);
}
