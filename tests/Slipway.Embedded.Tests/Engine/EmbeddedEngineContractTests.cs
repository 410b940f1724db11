using System.Text.Json;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>The embedded engine keeps the contract of engines: calls.</summary>
public sealed class EmbeddedEngineCallTests : EngineCallContract
{
    private readonly VirtualTimeProvider _time = new(EngineHarness.Start);

    private protected override TimeProvider Clock => _time;

    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) => Task.FromResult<IEngineUnderTest>(new EmbeddedEngineUnderTest(registry, _time));
}

/// <summary>The embedded engine keeps the contract of engines: waiting.</summary>
public sealed class EmbeddedEngineWaitTests : EngineWaitContract
{
    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) =>
        Task.FromResult<IEngineUnderTest>(new EmbeddedEngineUnderTest(registry, new VirtualTimeProvider(EngineHarness.Start)));
}

/// <summary>The embedded engine keeps the contract of engines where it stores in memory: calls.</summary>
public sealed class MemoryEngineCallTests : EngineCallContract
{
    private readonly VirtualTimeProvider _time = new(EngineHarness.Start);

    private protected override TimeProvider Clock => _time;

    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) =>
        Task.FromResult<IEngineUnderTest>(new EmbeddedEngineUnderTest(registry, _time, new MemoryEngineStore()));
}

/// <summary>The embedded engine keeps the contract of engines where it stores in memory: waiting.</summary>
public sealed class MemoryEngineWaitTests : EngineWaitContract
{
    private protected override Task<IEngineUnderTest> StartEngineAsync(WorkflowRegistry registry) =>
        Task.FromResult<IEngineUnderTest>(new EmbeddedEngineUnderTest(registry, new VirtualTimeProvider(EngineHarness.Start), new MemoryEngineStore()));
}

/// <summary>The embedded engine in virtual time.</summary>
internal sealed class EmbeddedEngineUnderTest(WorkflowRegistry registry, VirtualTimeProvider time, IEngineStore? store = null) : IEngineUnderTest
{
    private readonly EngineHarness _harness = new() { Registry = registry, Time = time, Store = store };

    public async Task StartAsync<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string id, TInput input) =>
        Assert.True(await _harness.Engine.StartAsync(workflow, id, input));

    public async Task SignalAsync(string id, string name, string payload) => Assert.True(await _harness.Engine.SignalAsync(id, name, payload));

    public async Task UntilStatusAsync(string id, string status)
    {
        await _harness.Engine.RunUntilIdleAsync();
        Assert.Equal(status, (await StatusAsync(id))!.Value.GetString());
    }

    public async Task<EndedInstance> EndAsync(string id)
    {
        await _harness.Run();
        var info = await _harness.Info(id);
        Assert.NotEqual(InstanceStatus.Running, info.Status);
        return new EndedInstance(info.Status == InstanceStatus.Completed, info.Output, info.ErrorType ?? "", info.ErrorMessage ?? "");
    }

    public async Task<JsonElement?> StatusAsync(string id) => (await _harness.Info(id)).CustomStatus;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();
}
