using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Engine;
using Slipway.Functions.Durable;
using Slipway.Functions.Tests.Engine;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Functions.Tests.Releases;

/// <summary>How an orchestration's health is read.</summary>
[Collection(InRealTime.Name)]
public sealed class DurableReleaseClientTests
{
    [Theory]
    [InlineData(null, OrchestrationHealth.Missing)]
    [InlineData(OrchestrationRuntimeStatus.Pending, OrchestrationHealth.Running)]
    [InlineData(OrchestrationRuntimeStatus.Running, OrchestrationHealth.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended, OrchestrationHealth.Running)]
    [InlineData(OrchestrationRuntimeStatus.Completed, OrchestrationHealth.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed, OrchestrationHealth.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated, OrchestrationHealth.Failed)]
    public void HealthOf_EachStatus_IsItsHealth(OrchestrationRuntimeStatus? status, OrchestrationHealth expected) =>
        Assert.Equal(expected, DurableReleaseClient.HealthOf(status));

    [Fact]
    public async Task A_failed_orchestration_counts_as_failed_while_its_child_still_runs()
    {
        var registry = new WorkflowRegistry();
        var child = registry.Workflow<int, string>("child.v1", (context, _) => context.WaitForSignal("end"));
        var parent = registry.Workflow<int, string>("parent.v1", async (context, input) =>
        {
            var watching = context.RunChild(child, "one/watch/1", input);
            context.PublishStatus("watched");
            await context.WaitForSignal("wake");
            return watching.IsCompleted ? "too late" : throw new InvalidOperationException(new string('x', 100_000));
        });
        await using var host = await InProcessHost.StartAsync(registry);
        var client = new DurableReleaseClient(host.Client);
        var release = ReleaseId.Parse("one");
        await host.Client.ScheduleNewOrchestrationInstanceAsync(DurableNames.FunctionOf(parent.Value), WorkflowRegistry.ToJson(0), new StartOrchestrationOptions { InstanceId = "one" });
        await host.Client.WaitForInstanceStartAsync("one", default);
        Assert.Equal(OrchestrationHealth.Running, await client.HealthAsync(release, default));

        await client.WakeAsync(release, default);
        for (var until = DateTime.UtcNow.AddSeconds(20); await client.HealthAsync(release, default) != OrchestrationHealth.Failed; await Task.Delay(20))
            Assert.True(DateTime.UtcNow < until, "it was not seen to have failed");
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync("one"))!.RuntimeStatus);
        await host.Client.RaiseEventAsync("one:watch:1", "end", "");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await host.Client.WaitForInstanceCompletionAsync("one", default)).RuntimeStatus);
    }
    [Fact]
    public async Task What_is_over_is_purged_with_its_children_and_what_runs_is_left()
    {
        var registry = new WorkflowRegistry();
        var child = registry.Workflow<int, string>("child.v1", (_, _) => Task.FromResult("done"));
        var parent = registry.Workflow<int, string>("parent.v1", (context, input) => context.RunChild(child, $"one/watch/{input}", input));
        var waiting = registry.Workflow<int, string>("waiting.v1", (context, _) => context.WaitForSignal("end"));
        await using var host = await InProcessHost.StartAsync(registry);
        var client = new DurableReleaseClient(host.Client);
        var (over, running) = (ReleaseId.Parse("one"), ReleaseId.Parse("two"));
        await host.Client.ScheduleNewOrchestrationInstanceAsync(DurableNames.FunctionOf(parent.Value), WorkflowRegistry.ToJson(1), new StartOrchestrationOptions { InstanceId = "one" });
        await host.Client.ScheduleNewOrchestrationInstanceAsync(DurableNames.FunctionOf(parent.Value), WorkflowRegistry.ToJson(2), new StartOrchestrationOptions { InstanceId = "one:aftercare" });
        await host.Client.ScheduleNewOrchestrationInstanceAsync(DurableNames.FunctionOf(waiting.Value), WorkflowRegistry.ToJson(0), new StartOrchestrationOptions { InstanceId = "two" });
        foreach (var instance in new[] { "one", "one:aftercare" }) await host.Client.WaitForInstanceCompletionAsync(instance, default);

        await client.PurgeAsync(over, default);
        await client.PurgeAsync(over, default);
        await client.PurgeAsync(running, default);
        Assert.Equal(OrchestrationHealth.Missing, await client.HealthAsync(over, default));
        foreach (var instance in new[] { "one:aftercare", "one:watch:1", "one:watch:2" }) Assert.Null(await host.Client.GetInstanceAsync(instance));
        Assert.NotEqual(OrchestrationHealth.Missing, await client.HealthAsync(running, default));
        await host.Client.RaiseEventAsync("two", "end", "");
        await host.Client.WaitForInstanceCompletionAsync("two", default);
    }
}
