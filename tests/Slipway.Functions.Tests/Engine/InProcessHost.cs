using System.Text.Json;
using Microsoft.DurableTask.Testing;
using Slipway.Functions.Durable;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Engine;

/// <summary>
/// Durable Task's in-process host over a registry, under the names of the functions: gRPC, history and replay are real, the store is in
/// memory and the clock is the machine's. It serves one scenario at a time.
/// </summary>
internal static class InProcessHost
{
    public static Task<DurableTaskTestHost> StartAsync(WorkflowRegistry registry)
    {
        var module = new DurableModule(registry);
        return DurableTaskTestHost.StartAsync(tasks =>
        {
            foreach (var workflow in module.Workflows.Keys) tasks.AddOrchestratorFunc<JsonElement, JsonElement>(workflow, (context, _) => module.RunAsync(context));
            foreach (var activity in module.Activities.Keys) tasks.AddActivityFunc<JsonElement, JsonElement>(activity, (context, input) => module.RunAsync(activity, input, default, context.InstanceId));
        });
    }
}

/// <summary>Tests on the in-process host: its timers are real, so nothing else may take the processor meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class InRealTime
{
    public const string Name = "in real time";
}
