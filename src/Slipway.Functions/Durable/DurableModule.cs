using System.Text.Json;
using Microsoft.DurableTask;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Durable;

/// <summary>The registered workflows and activities, by the name of their function.</summary>
/// <param name="registry">Everything that can run.</param>
public sealed class DurableModule(WorkflowRegistry registry)
{
    /// <summary>The workflows by function name.</summary>
    public IReadOnlyDictionary<string, RegisteredWorkflow> Workflows { get; } =
        registry.Workflows.Values.ToDictionary(workflow => DurableNames.FunctionOf(workflow.Name), StringComparer.Ordinal);

    /// <summary>The activities by function name.</summary>
    public IReadOnlyDictionary<string, RegisteredActivity> Activities { get; } =
        registry.Activities.Values.ToDictionary(activity => DurableNames.FunctionOf(activity.Name), StringComparer.Ordinal);

    /// <summary>
    /// Runs the workflow that an orchestration asks for. One that fails says so in its status too, because Durable Functions calls it
    /// running until its last child has ended.
    /// </summary>
    public async Task<JsonElement> RunAsync(TaskOrchestrationContext context)
    {
        using var workflow = new DurableWorkflowContext(context);
        try
        {
            var output = await Workflows[context.Name.Name].Run(workflow, context.GetInput<JsonElement>());
            workflow.TellParent(new ChildEnded(output));
            return output;
        }
        catch (Exception error)
        {
            context.SetCustomStatus(WorkflowRegistry.ToJson(FailedStatus.Of(error)));
            workflow.TellParent(ChildEnded.Of(error));
            throw;
        }
    }

    /// <summary>Runs an activity.</summary>
    /// <param name="function">The name of its function.</param>
    /// <param name="input">Its input, as recorded.</param>
    /// <param name="cancellation">Signals that the host stops.</param>
    /// <param name="id">The id under which Durable Functions keeps the orchestration that asked for it; empty: unknown.</param>
    public Task<JsonElement> RunAsync(string function, JsonElement input, CancellationToken cancellation, string id = "") =>
        RunAsync(Activities[function], input, cancellation, id);

    /// <summary>Runs an activity that its function makes for the call.</summary>
    /// <param name="activity">What runs.</param>
    /// <param name="input">Its input, as recorded.</param>
    /// <param name="cancellation">Signals that the host stops.</param>
    /// <param name="id">The id under which Durable Functions keeps the orchestration that asked for it; empty: unknown.</param>
    public Task<JsonElement> RunAsync(RegisteredActivity activity, JsonElement input, CancellationToken cancellation, string id = "") =>
        registry.RunActivityAsync(activity, DurableNames.InstanceOf(id), input, cancellation);
}
