using Slipway.Workflow.Engine;

namespace Slipway.Scenarios.Golden;

/// <summary>The context of a workflow that was changed: it asks for something else than the real one does.</summary>
internal sealed class AlteredContext(IWorkflowContext inner) : IWorkflowContext
{
    /// <summary>Called with the name of each activity just before it is asked for.</summary>
    public Action<string> BeforeActivity { get; init; } = _ => { };

    /// <summary>When a timer is due.</summary>
    public Func<DateTimeOffset, DateTimeOffset> Due { get; init; } = due => due;

    public string InstanceId => inner.InstanceId;

    public DateTimeOffset Now => inner.Now;

    public bool IsReplaying => inner.IsReplaying;

    public Guid NewGuid() => inner.NewGuid();

    public Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null)
    {
        BeforeActivity(activity.Value);
        return inner.RunActivity(activity, input, retry);
    }

    public Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input) =>
        inner.RunChild(workflow, instanceId, input);

    public Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default) => inner.SleepUntil(Due(due), cancellation);

    public Task<string> WaitForSignal(string name) => inner.WaitForSignal(name);

    public void PublishStatus<T>(T status) => inner.PublishStatus(status);

    public void ContinueAsNew<TInput>(TInput input) => inner.ContinueAsNew(input);
}

/// <summary>A workflow that was changed.</summary>
internal sealed class AlteredWorkflow<TInput, TOutput>(IWorkflow<TInput, TOutput> inner, Func<IWorkflowContext, TInput, IWorkflowContext> alter) : IWorkflow<TInput, TOutput>
{
    public Task<TOutput> RunAsync(IWorkflowContext context, TInput input) => inner.RunAsync(alter(context, input), input);
}
