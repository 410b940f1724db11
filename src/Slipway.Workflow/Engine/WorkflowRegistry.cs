using System.Text.Json;
using Slipway.Core.Serialization;
using Slipway.Workflow.Diagnostics;

namespace Slipway.Workflow.Engine;

/// <summary>An orchestrator: deterministic code over <see cref="IWorkflowContext"/>.</summary>
public interface IWorkflow<TInput, TOutput>
{
    /// <summary>Runs the workflow. The token-free signature is deliberate: an orchestrator is never cancelled from outside.</summary>
    Task<TOutput> RunAsync(IWorkflowContext context, TInput input);
}

/// <summary>An activity: where the outside world is touched. Runs at least once, so it must be idempotent by its input.</summary>
public interface IActivity<TInput, TOutput>
{
    /// <summary>Does the work. Throwing lets the engine retry, as far as the caller's policy goes.</summary>
    Task<TOutput> RunAsync(TInput input, CancellationToken cancellation);
}

/// <summary>A workflow as an engine sees it: JSON in, JSON out.</summary>
/// <param name="Name">Its persisted name.</param>
/// <param name="Run">Runs it.</param>
public sealed record RegisteredWorkflow(string Name, Func<IWorkflowContext, JsonElement, Task<JsonElement>> Run)
{
    /// <summary>The same for an engine that keeps values; null: it takes and gives JSON only.</summary>
    public Func<IWorkflowContext, RecordedValue, Task<RecordedValue>>? RunKept { get; init; }
}

/// <summary>An activity as an engine sees it: JSON in, JSON out.</summary>
/// <param name="Name">Its persisted name.</param>
/// <param name="Run">Runs it.</param>
public sealed record RegisteredActivity(string Name, Func<JsonElement, CancellationToken, Task<JsonElement>> Run)
{
    /// <summary>The same for an engine that keeps values; null: it takes and gives JSON only.</summary>
    public Func<RecordedValue, CancellationToken, Task<RecordedValue>>? RunKept { get; init; }
}

/// <summary>The workflows and activities that an engine can run, by persisted name. Filled once, then only read.</summary>
public sealed class WorkflowRegistry
{
    private readonly Dictionary<string, RegisteredWorkflow> _workflows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegisteredActivity> _activities = new(StringComparer.Ordinal);

    /// <summary>The registered workflows by name.</summary>
    public IReadOnlyDictionary<string, RegisteredWorkflow> Workflows => _workflows;

    /// <summary>The registered activities by name.</summary>
    public IReadOnlyDictionary<string, RegisteredActivity> Activities => _activities;

    /// <summary>Who is told of the executions of activities; null: nobody.</summary>
    public ReleaseDiagnostics? Diagnostics { get; set; }

    /// <summary>
    /// Runs an activity as every engine does. Throws what the activity throws, and <see cref="InvalidOperationException"/> when none of that
    /// name is registered.
    /// </summary>
    /// <param name="name">Its persisted name.</param>
    /// <param name="instance">The orchestration that asked for it; empty: unknown.</param>
    /// <param name="input">Its input, as recorded.</param>
    /// <param name="cancellation">Signals that the host stops.</param>
    public Task<JsonElement> RunActivityAsync(string name, string instance, JsonElement input, CancellationToken cancellation) =>
        _activities.TryGetValue(name, out var activity)
            ? RunActivityAsync(activity, instance, input, cancellation)
            : throw new InvalidOperationException($"No activity with the name {name} is registered.");

    /// <summary>Runs an activity that only its host knows, as <see cref="RunActivityAsync(string, string, JsonElement, CancellationToken)"/> does.</summary>
    public Task<JsonElement> RunActivityAsync(RegisteredActivity activity, string instance, JsonElement input, CancellationToken cancellation) =>
        Diagnostics is { } diagnostics ? ActivityExecution.RunAsync(diagnostics, activity, instance, input, cancellation) : activity.Run(input, cancellation);

    /// <summary>Runs an activity for an engine that keeps values, as <see cref="RunActivityAsync(string, string, JsonElement, CancellationToken)"/> does.</summary>
    public async Task<RecordedValue> RunActivityAsync(string name, string instance, RecordedValue input, CancellationToken cancellation) =>
        Diagnostics is null && _activities.TryGetValue(name, out var activity) && activity.RunKept is { } run
            ? await run(input, cancellation)
            : RecordedValue.Of(await RunActivityAsync(name, instance, input.Json, cancellation));

    /// <summary>Registers a workflow; a new object runs each instance. Throws <see cref="ArgumentException"/> when the name is taken.</summary>
    public WorkflowRegistry Add<TInput, TOutput>(WorkflowName<TInput, TOutput> name, Func<IWorkflow<TInput, TOutput>> create)
    {
        _workflows.Add(name.Value, new RegisteredWorkflow(name.Value, async (context, input) =>
            ToJson(await create().RunAsync(context, FromJson<TInput>(input))))
        {
            RunKept = async (context, input) => RecordedValue.Kept(await create().RunAsync(context, input.Read<TInput>())),
        });
        return this;
    }

    /// <summary>Registers an activity. Throws <see cref="ArgumentException"/> when the name is taken.</summary>
    public WorkflowRegistry Add<TInput, TOutput>(ActivityName<TInput, TOutput> name, IActivity<TInput, TOutput> activity)
    {
        _activities.Add(name.Value, new RegisteredActivity(name.Value, async (input, cancellation) =>
            ToJson(await activity.RunAsync(FromJson<TInput>(input), cancellation)))
        {
            RunKept = async (input, cancellation) => RecordedValue.Kept(await activity.RunAsync(input.Read<TInput>(), cancellation)),
        });
        return this;
    }

    /// <summary>The JSON in which inputs and outputs are recorded.</summary>
    public static JsonElement ToJson<T>(T value) => JsonSerializer.SerializeToElement(value, SlipwayJson.Options);

    /// <summary>Reads recorded JSON.</summary>
    public static T FromJson<T>(JsonElement json) => json.Deserialize<T>(SlipwayJson.Options)!;
}
