namespace Slipway.Workflow.Engine;

/// <summary>
/// What an orchestrator may do, with the semantics of Durable Functions. Orchestrator code is replayed: it must be deterministic, await
/// only tasks that come from here (or combinators over them), and never leave the engine's single-threaded context.
/// <para>
/// When the orchestrator's code has ended, what it left running does not go on. The engine may call the instance running until activities
/// and children that are under way have ended too: Durable Functions does.
/// </para>
/// </summary>
public interface IWorkflowContext
{
    /// <summary>The running instance.</summary>
    string InstanceId { get; }

    /// <summary>The time in UTC as recorded in history: the same at every replay, constant between two awaits.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Whether the code is re-running recorded history; for logging only, never for control flow.</summary>
    bool IsReplaying { get; }

    /// <summary>A new id that is the same at every replay.</summary>
    Guid NewGuid();

    /// <summary>
    /// Schedules an activity, which runs at least once. The task fails with <see cref="ActivityFailedException"/> when the last attempt
    /// failed. Without a policy there is one attempt.
    /// </summary>
    Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null);

    /// <summary>
    /// Schedules a child workflow. A child cannot be cancelled: it ends itself. Its id must be new, so let it begin with the parent's own:
    /// scheduling an id a second time fails the task (an id that somebody else used, on Durable Functions, is never answered). The task fails with <see cref="ActivityFailedException"/> when the child failed; when the child continues as new, it is the last run's
    /// result that comes back.
    /// </summary>
    Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input);

    /// <summary>
    /// Completes at <paramref name="due"/> or later, never earlier by <see cref="Now"/> (at once when that is past). Cancelling removes the
    /// timer and cancels the task, soon if not at once; cancel every timer that is no longer needed.
    /// </summary>
    Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default);

    /// <summary>
    /// Completes with the payload of the next signal of that name. Signals that arrive without a waiter are kept, in order. There is at
    /// most one waiter for a name: another one beside it throws <see cref="InvalidOperationException"/>. Names differ in more than case.
    /// </summary>
    Task<string> WaitForSignal(string name);

    /// <summary>Publishes a small status (under 16 KB as UTF-16) that readers of the instance see.</summary>
    void PublishStatus<T>(T status);

    /// <summary>
    /// Restarts the instance with a new input and an empty history once the orchestrator returns. The orchestrator must return right
    /// after this call; what it returns is ignored. Signals that were not consumed may be lost on Durable Functions, so only workflows
    /// that take no signals may use it.
    /// </summary>
    void ContinueAsNew<TInput>(TInput input);
}
