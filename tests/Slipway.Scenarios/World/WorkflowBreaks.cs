using System.Text.Json;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Scenarios.World;

/// <summary>Breaks workflows from inside, as a bug in them would: the release's orchestration fails at its next move, or the watch falls silent.</summary>
internal sealed class WorkflowBreaks
{
    /// <summary>While set, a release's orchestration fails at its next move.</summary>
    public bool Fails { get; set; }

    /// <summary>While set, a watch sleeps for a day instead of until its next poll.</summary>
    public bool WatchSleeps { get; set; }

    /// <summary>Puts itself around the workflows of a registry.</summary>
    public void WrapInto(WorkflowRegistry registry)
    {
        var workflows = (IDictionary<string, RegisteredWorkflow>)registry.Workflows;
        Wrap(ReleaseActivities.Release.Value, context => new Wrapped(context, this, false));
        Wrap(ReleaseActivities.Watch.Value, context => new Wrapped(context, this, true));

        void Wrap(string name, Func<IWorkflowContext, IWorkflowContext> around)
        {
            var inner = workflows[name].Run;
            workflows[name] = new RegisteredWorkflow(name, (IWorkflowContext context, JsonElement input) => inner(around(context), input));
        }
    }

    private sealed class Wrapped(IWorkflowContext inner, WorkflowBreaks breaks, bool watch) : IWorkflowContext
    {
        public string InstanceId => inner.InstanceId;

        public DateTimeOffset Now => inner.Now;

        public bool IsReplaying => inner.IsReplaying;

        public Guid NewGuid() => inner.NewGuid();

        public Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null) =>
            inner.RunActivity(activity, input, retry);

        public Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input) =>
            inner.RunChild(workflow, instanceId, input);

        public Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default) =>
            inner.SleepUntil(watch && breaks.WatchSleeps ? due + TimeSpan.FromDays(1) : due, cancellation);

        public Task<string> WaitForSignal(string name) => inner.WaitForSignal(name);

        public void PublishStatus<T>(T status)
        {
            if (!watch && breaks.Fails) throw new InvalidOperationException("a bug in the orchestration");
            inner.PublishStatus(status);
        }

        public void ContinueAsNew<TInput>(TInput input) => inner.ContinueAsNew(input);
    }
}
