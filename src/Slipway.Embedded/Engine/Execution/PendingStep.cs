using System.Text.Json;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Execution;

/// <summary>An activity, child or timer that the orchestrator asked for and that has not ended.</summary>
internal abstract class PendingStep(HistoryEvent asked)
{
    public HistoryEvent Asked { get; } = asked;

    /// <summary>Whether an input ends this step: a late timer must not complete an activity.</summary>
    public bool IsEndedBy(HistoryEventKind kind) => Asked.Kind switch
    {
        HistoryEventKind.ActivityScheduled => kind is HistoryEventKind.ActivityCompleted or HistoryEventKind.ActivityFailed,
        HistoryEventKind.ChildScheduled => kind is HistoryEventKind.ChildCompleted or HistoryEventKind.ChildFailed,
        _ => kind is HistoryEventKind.TimerFired,
    };

    public abstract void End(HistoryEvent input);

    public abstract void Cancel(CancellationToken cancellation);
}

internal sealed class PendingStep<T>(HistoryEvent asked) : PendingStep(asked)
{
    // Continuations run inline, on the orchestrator's thread: asynchronous ones would leave it.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override void End(HistoryEvent input)
    {
        if (input.Kind is HistoryEventKind.ActivityFailed or HistoryEventKind.ChildFailed)
        {
            _source.TrySetException(new ActivityFailedException(Asked.Name ?? "", input.ErrorType ?? "", input.ErrorMessage ?? ""));
            return;
        }

        T result;
        try
        {
            result = input.Value is { } value ? value.Read<T>() : default!;
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            _source.TrySetException(error);
            return;
        }

        _source.TrySetResult(result);
    }

    public override void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);
}
