using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Core.Releases;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.World;

/// <summary>
/// Breaks workflows from inside, as a bug in them would: the release's orchestration fails at its next move, the watch falls silent, or the
/// rescue fails. What broke a step breaks it again when the step is replayed, and what did not, does not, on engines that replay all the time too.
/// </summary>
internal sealed class WorkflowBreaks
{
    private readonly ConcurrentDictionary<(string Instance, DateTimeOffset Run, int Step), bool> _broken = new();

    /// <summary>While set, a release's orchestration fails at its next move.</summary>
    public bool Fails { get; set; }

    /// <summary>While set, the orchestration's code is another one: it no longer does what its history says.</summary>
    public bool Changed { get; set; }

    /// <summary>The phase at which a release's orchestration fails, at every replay again, as a bug in its code does; null: none.</summary>
    public ReleasePhase? FailsAt { get; set; }

    /// <summary>While set, a watch sleeps for a day instead of until its next poll.</summary>
    public bool WatchSleeps { get; set; }

    /// <summary>While set, a rescue fails at its next activity.</summary>
    public bool RescueFails { get; set; }

    /// <summary>Puts itself around the workflows of a registry.</summary>
    public void WrapInto(WorkflowRegistry registry)
    {
        var workflows = (IDictionary<string, RegisteredWorkflow>)registry.Workflows;
        foreach (var name in (string[])[ReleaseActivities.Release.Value, ReleaseActivities.Watch.Value, ReleaseActivities.Rescue.Value])
            Wrap(name, context => new Wrapped(context, this, name));

        void Wrap(string name, Func<IWorkflowContext, IWorkflowContext> around)
        {
            var inner = workflows[name].Run;
            workflows[name] = new RegisteredWorkflow(name, (IWorkflowContext context, JsonElement input) => inner(around(context), input));
        }
    }

    private sealed class Wrapped(IWorkflowContext inner, WorkflowBreaks breaks, string workflow) : IWorkflowContext
    {
        private readonly DateTimeOffset _run = inner.Now;
        private int _steps;

        private bool IsRelease => workflow == ReleaseActivities.Release.Value;

        private bool IsWatch => workflow == ReleaseActivities.Watch.Value;

        private bool IsRescue => workflow == ReleaseActivities.Rescue.Value;

        public string InstanceId => inner.InstanceId;

        public DateTimeOffset Now => inner.Now;

        public bool IsReplaying => inner.IsReplaying;

        public Guid NewGuid() => inner.NewGuid();

        public Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null) =>
            Breaks(IsRescue && breaks.RescueFails) ? throw new InvalidOperationException("a bug in the rescue") : inner.RunActivity(activity, input, retry);

        public Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input) =>
            inner.RunChild(workflow, instanceId, input);

        public Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default) =>
            inner.SleepUntil(Breaks(IsWatch && breaks.WatchSleeps) ? due + TimeSpan.FromDays(1) : due, cancellation);

        public Task<string> WaitForSignal(string name) => inner.WaitForSignal(name);

        public void PublishStatus<T>(T status)
        {
            var fails = Breaks(IsRelease && breaks.Fails);
            if (fails || (IsRelease && (breaks.Changed || (status is ReleaseStatus at && at.Phase == breaks.FailsAt)))) throw new InvalidOperationException("a bug in the orchestration");
            inner.PublishStatus(status);
        }

        public void ContinueAsNew<TInput>(TInput input) => inner.ContinueAsNew(input);

        private bool Breaks(bool now)
        {
            var step = (inner.InstanceId, _run, _steps++);
            if (!inner.IsReplaying && now) breaks._broken[step] = true;
            return breaks._broken.ContainsKey(step);
        }
    }
}
