using Slipway.Core.Aftercare;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Aftercare;

/// <summary>Measures the error rate of everybody once, half an hour after a release has completed, over that half hour.</summary>
internal static class CompletionLook
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the half hour is in, measures and records.</summary>
    /// <param name="context">The engine.</param>
    /// <param name="plan">The release's plan; its last environment is the one that users meet.</param>
    /// <param name="completed">When the release completed.</param>
    /// <param name="record">Records what was found, and tells people where it is not good.</param>
    public static async Task RunAsync(IWorkflowContext context, ReleasePlan plan, DateTimeOffset completed, Func<CompletionChecked, Task> record)
    {
        var (watch, until) = (plan.Watch, completed + CompletionCheck.After);
        var due = until + watch.IngestionDelay + watch.Interval;
        if (due > context.Now) await context.SleepUntil(due);
        var (from, to) = (Closed(completed), Closed(until));
        var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.Observe, new ObserveInput(watch, from, to)), Timeout);
        await record(CompletionCheck.Judge(plan, value?.Observations ?? [], value?.Problem ?? problem, from, to));

        DateTimeOffset Closed(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % watch.Interval.Ticks), TimeSpan.Zero);
    }
}
