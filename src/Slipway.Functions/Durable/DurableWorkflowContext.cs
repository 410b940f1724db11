using System.Text.Json;
using Microsoft.DurableTask;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Durable;

/// <summary>
/// <see cref="IWorkflowContext"/> over Durable Functions. Every await in it goes on where the orchestrator runs, and what it keeps in
/// memory follows from the orchestrator's own calls, so a replay makes the same of it.
/// <para>
/// Durable Functions does not end an instance while anything that it scheduled is open. So when the code has ended (see <see cref="Dispose"/>),
/// its timers are cancelled, and what it left running does not go on: nothing new is scheduled, and the instance ends with the activities
/// and children that are under way. Whoever waits for a child must not wait for those too (a check that hangs would hold up a rollback), so a
/// child that ends with something open sends its parent word ahead of its end; see <see cref="ChildEnded"/>.
/// </para>
/// </summary>
/// <param name="context">The orchestration.</param>
public sealed class DurableWorkflowContext(TaskOrchestrationContext context) : IWorkflowContext, IDisposable
{
    private readonly HashSet<string> _children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource _never = new();
    private int _open;
    private bool _renewed;

    /// <inheritdoc/>
    public string InstanceId => DurableNames.InstanceOf(context.InstanceId);

    /// <inheritdoc/>
    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <inheritdoc/>
    public bool IsReplaying => context.IsReplaying;

    /// <inheritdoc/>
    public Guid NewGuid() => context.NewGuid();

    /// <inheritdoc/>
    public async Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null)
    {
        await StillRunning();
        return await Answer<TOutput>(
            activity.Value, context.CallActivityAsync<JsonElement>(DurableNames.FunctionOf(activity.Value), WorkflowRegistry.ToJson(input), OptionsOf(retry)));
    }

    /// <inheritdoc/>
    public async Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input)
    {
        await StillRunning();

        // Durable Functions would never answer: it drops a start for an id that runs.
        if (!_children.Add(instanceId)) throw WorkflowRules.ChildExists(workflow.Value, instanceId);
        var options = new SubOrchestrationOptions { InstanceId = DurableNames.IdOf(instanceId) };
        var ahead = context.WaitForExternalEvent<ChildEnded>(ChildEnded.EventOf(instanceId));
        return await Answer<TOutput>(
            workflow.Value, context.CallSubOrchestratorAsync<JsonElement>(DurableNames.FunctionOf(workflow.Value), WorkflowRegistry.ToJson(input), options), ahead);
    }

    /// <inheritdoc/>
    public async Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default)
    {
        await StillRunning();
        cancellation.ThrowIfCancellationRequested();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ended.Token);
        try
        {
            do
            {
                await context.CreateTimer(due.UtcDateTime, either.Token);
            }
            while (Now < due); // The host that fires a timer may be ahead of the one that goes on.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await StillRunning();
        }
    }

    /// <inheritdoc/>
    public Task<string> WaitForSignal(string name)
    {
        if (_waiters.TryGetValue(name, out var waiter) && !waiter.IsCompleted) throw WorkflowRules.SecondWaiter(name);
        var signal = context.WaitForExternalEvent<string>(name);
        _waiters[name] = signal;
        return signal;
    }

    /// <inheritdoc/>
    public void PublishStatus<T>(T status)
    {
        var json = WorkflowRegistry.ToJson(status);
        WorkflowRules.CheckStatus(json);
        context.SetCustomStatus(json);
    }

    /// <inheritdoc/>
    public void ContinueAsNew<TInput>(TInput input)
    {
        _renewed = true;
        context.ContinueAsNew(WorkflowRegistry.ToJson(input), preserveUnprocessedEvents: true);
    }

    /// <summary>Sends the parent word of the end when something is open that would hold it up; a run that goes on as new has not ended.</summary>
    /// <param name="ended">How it ended.</param>
    public void TellParent(ChildEnded ended)
    {
        if (_open > 0 && !_renewed && context.Parent is { } parent) context.SendEvent(parent.InstanceId, ChildEnded.EventOf(InstanceId), ended);
    }

    /// <summary>Says that the workflow's code has ended.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<T> Answer<T>(string name, Task<JsonElement> call, Task<ChildEnded>? ahead = null)
    {
        _open++;
        try
        {
            var first = ahead is null ? call : await Task.WhenAny(call, ahead);
            var answer = first == call ? await call : (await ahead!).OutputOf(name);
            await StillRunning();
            return answer.ValueKind == JsonValueKind.Undefined ? default! : WorkflowRegistry.FromJson<T>(answer);
        }
        catch (TaskFailedException failed)
        {
            await StillRunning();
            throw new ActivityFailedException(name, failed.FailureDetails.ErrorType, failed.FailureDetails.ErrorMessage);
        }
        finally
        {
            _open--;
        }
    }

    /// <summary>Never completes when the code has ended.</summary>
    private Task StillRunning() => _ended.IsCancellationRequested ? _never.Task : Task.CompletedTask;

    private static TaskOptions? OptionsOf(ActivityRetry? retry) => retry is not { Attempts: > 1 }
        ? null
        : TaskOptions.FromRetryPolicy(new RetryPolicy(
            retry.Attempts,
            retry.First < retry.Longest ? retry.First : retry.Longest,
            retry.Factor,
            retry.Longest));
}
