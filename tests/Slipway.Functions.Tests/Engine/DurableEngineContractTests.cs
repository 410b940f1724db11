using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Functions.Durable;
using Slipway.Workflow.Engine;

namespace Slipway.Functions.Tests.Engine;

/// <summary>Durable Task keeps the contract of engines: calls.</summary>
[Collection(InRealTime.Name)]
public sealed class DurableEngineCallTests : EngineCallContract
{
    private protected override TimeProvider Clock => TimeProvider.System;

    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) => DurableEngineUnderTest.StartAsync(registry);
}

/// <summary>Durable Task keeps the contract of engines: waiting.</summary>
[Collection(InRealTime.Name)]
public sealed class DurableEngineWaitTests : EngineWaitContract
{
    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) => DurableEngineUnderTest.StartAsync(registry);
}

/// <summary>Durable Task on its in-process host, in real time.</summary>
internal sealed class DurableEngineUnderTest(DurableTaskTestHost host) : IEngineUnderTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<IEngineUnderTest> StartAsync(WorkflowRegistry registry) => new DurableEngineUnderTest(await InProcessHost.StartAsync(registry));

    public Task StartAsync<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string id, TInput input) => host.Client.ScheduleNewOrchestrationInstanceAsync(
        DurableNames.FunctionOf(workflow.Value), WorkflowRegistry.ToJson(input), new StartOrchestrationOptions { InstanceId = DurableNames.IdOf(id) });

    public Task SignalAsync(string id, string name, string payload) => host.Client.RaiseEventAsync(DurableNames.IdOf(id), name, payload);

    public async Task UntilStatusAsync(string id, string status)
    {
        for (var until = DateTime.UtcNow + Patience; (await StatusAsync(id))?.ToString() != status; await Task.Delay(20))
            Assert.True(DateTime.UtcNow < until, $"{id} did not publish {status}");
    }

    public async Task<EndedInstance> EndAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        var ended = await host.Client.WaitForInstanceCompletionAsync(DurableNames.IdOf(id), getInputsAndOutputs: true, patience.Token);
        var completed = ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed;
        return new EndedInstance(
            completed,
            completed ? ended.ReadOutputAs<JsonElement>() : null,
            ended.FailureDetails?.ErrorType ?? "",
            ended.FailureDetails?.ErrorMessage ?? "");
    }

    public async Task<JsonElement?> StatusAsync(string id) =>
        await host.Client.GetInstanceAsync(DurableNames.IdOf(id), getInputsAndOutputs: true) is { SerializedCustomStatus: not null } found ? found.ReadCustomStatusAs<JsonElement>() : null;

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
