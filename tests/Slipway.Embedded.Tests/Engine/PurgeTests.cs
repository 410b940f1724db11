using Slipway.Embedded.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class PurgeTests
{
    private static readonly string[] Tables = ["engine_instances", "engine_history", "engine_inbox", "engine_timers", "engine_outbox"];

    [Fact]
    public async Task Purging_forgets_an_instance_and_what_is_below_it_and_nothing_else()
    {
        await using var harness = new EngineHarness();
        var done = harness.Registry.Workflow<int, string>("done.v1", (context, _) => Task.FromResult(context.InstanceId));
        foreach (var id in (string[])["a", "a/watch/1", "a/aftercare", "a0", "a-b", "a.b/c", "b"]) await harness.Engine.StartAsync(done, id, 0);
        await harness.Run();

        Assert.Equal(3, await harness.Engine.PurgeAsync("a", TestContext.Current.CancellationToken));
        Assert.Equal(0, await harness.Engine.PurgeAsync("a", TestContext.Current.CancellationToken));

        Assert.Equal(["a-b", "a.b/c", "a0", "b"], (await harness.Engine.ListAsync()).Select(instance => instance.Id).Order(StringComparer.Ordinal));
        Assert.Empty(await harness.Engine.ReadHistoryAsync("a/watch/1"));
        Assert.NotEmpty(await harness.Engine.ReadHistoryAsync("a0"));
    }

    [Fact]
    public async Task What_runs_is_left_and_goes_on()
    {
        await using var harness = new EngineHarness();
        var waits = harness.Registry.Workflow<int, string>("waits.v1", (context, _) => context.WaitForSignal("go"));
        await harness.Engine.StartAsync(waits, "a", 0);
        await harness.Engine.StartAsync(waits, "a/watch/1", 0);
        await harness.Run();
        await harness.Engine.SignalAsync("a", "go", "x");
        await harness.Run();

        Assert.Equal(1, await harness.Engine.PurgeAsync("a", TestContext.Current.CancellationToken));
        Assert.Null(await harness.Engine.GetAsync("a"));
        await harness.Engine.SignalAsync("a/watch/1", "go", "y");
        await harness.Run();
        Assert.Equal("y", await harness.Output("a/watch/1"));

        Assert.Equal(1, await harness.Engine.PurgeAsync("a", TestContext.Current.CancellationToken));
        foreach (var table in Tables) Assert.Equal(0, await harness.Count(table));
    }

    [Fact]
    public async Task A_timer_and_an_activity_that_an_instance_left_behind_go_with_it_and_disturb_nobody()
    {
        await using var harness = new EngineHarness();
        var slow = harness.Registry.Activity<int, string>("slow.v1", async (_, cancellation) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(5), harness.Time, cancellation);
            return "late";
        });
        var leaves = harness.Registry.Workflow<int, string>("leaves.v1", (context, input) =>
        {
            _ = context.RunActivity(slow, input);
            _ = context.SleepUntil(context.Now.AddMinutes(3));
            return Task.FromResult("gone");
        });
        await harness.Engine.StartAsync(leaves, "a", 0);
        await harness.Run(1);
        Assert.Equal(InstanceStatus.Completed, (await harness.Info("a")).Status);

        Assert.Equal(1, await harness.Engine.PurgeAsync("a", TestContext.Current.CancellationToken));
        Assert.Equal(VirtualRunEnd.Idle, await harness.Run());
        foreach (var table in Tables) Assert.Equal(0, await harness.Count(table));
        Assert.Empty(harness.Incidents);
    }
}
