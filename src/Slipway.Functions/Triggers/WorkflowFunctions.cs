using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Slipway.Functions.Durable;

namespace Slipway.Functions.Triggers;

/// <summary>One orchestrator function for each workflow, under the name that <see cref="DurableNames"/> gives its persisted name.</summary>
/// <param name="module">What runs.</param>
public sealed class WorkflowFunctions(DurableModule module)
{
    /// <summary>The release itself.</summary>
    [Function("release-v1")]
    public Task<JsonElement> Release([OrchestrationTrigger] TaskOrchestrationContext context) => module.RunAsync(context);

    /// <summary>The watch child.</summary>
    [Function("release-watch-v1")]
    public Task<JsonElement> Watch([OrchestrationTrigger] TaskOrchestrationContext context) => module.RunAsync(context);

    /// <summary>The rescue of a release whose orchestration is dead.</summary>
    [Function("release-rescue-v1")]
    public Task<JsonElement> Rescue([OrchestrationTrigger] TaskOrchestrationContext context) => module.RunAsync(context);

    /// <summary>Looks after a release that is over.</summary>
    [Function("release-aftercare-v1")]
    public Task<JsonElement> Aftercare([OrchestrationTrigger] TaskOrchestrationContext context) => module.RunAsync(context);
}
