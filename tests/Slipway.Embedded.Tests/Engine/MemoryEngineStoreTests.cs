using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>What an engine stores in memory is what it stores in a database.</summary>
public sealed class MemoryEngineStoreTests
{
    private sealed record Order(string Item, IReadOnlyList<int> Parts);

    [Fact]
    public async Task Histories_in_memory_and_in_a_database_are_the_same_to_the_letter()
    {
        var memory = await HistoryOf(new MemoryEngineStore());
        Assert.Equal(await HistoryOf(null), memory);
        Assert.Contains("activity_completed", memory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_engine_hands_values_on_as_they_are_and_the_next_one_as_their_json_says()
    {
        var store = new MemoryEngineStore();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var registry = new WorkflowRegistry();
        var given = new Order("a", [1, 2]);
        var seen = new List<Order>();
        var keep = registry.Activity<int, Order>("keep.v1", _ => given);
        var workflow = registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            seen.Add(await context.RunActivity(keep, input));
            return await context.WaitForSignal("go");
        });
        await using (var engine = new EmbeddedEngine(store, registry, time))
        {
            await engine.StartAsync(workflow, "one", 0);
            await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        }

        store.Reopen();
        await using var next = new EmbeddedEngine(store, registry, time);
        await next.SignalAsync("one", "go", "on");
        await next.RunUntilIdleAsync(TestContext.Current.CancellationToken);

        Assert.Equal("on", (await next.GetAsync("one"))!.Output!.Value.GetString());
        Assert.Same(given, seen[0]);
        Assert.NotSame(given, seen[1]);
        Assert.Equal(given.Item, seen[1].Item);
        Assert.Equal(given.Parts, seen[1].Parts);
    }

    [Fact]
    public async Task Purging_forgets_an_instance_and_what_is_below_it_and_nothing_else()
    {
        await using var harness = new EngineHarness { Store = new MemoryEngineStore() };
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
    public async Task A_faulted_instance_stands_still_and_goes_on_when_it_is_told_to()
    {
        var store = new MemoryEngineStore();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var (right, wrong) = (new WorkflowRegistry(), new WorkflowRegistry());
        var name = right.Workflow<int, string>("w.v1", (context, _) => context.WaitForSignal("go"));
        wrong.Workflow<int, string>("w.v1", (context, _) => context.WaitForSignal("stop"));
        await using (var engine = new EmbeddedEngine(store, right, time))
        {
            await engine.StartAsync(name, "one", 0);
            await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        }

        store.Reopen();
        await using (var engine = new EmbeddedEngine(store, wrong, time))
        {
            await engine.SignalAsync("one", "go", "on");
            await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
            Assert.Equal(InstanceStatus.Faulted, (await engine.GetAsync("one"))!.Status);
        }

        store.Reopen();
        await using var next = new EmbeddedEngine(store, right, time);
        Assert.True(await next.ResumeFaultedAsync("one"));
        Assert.False(await next.ResumeFaultedAsync("one"));
        await next.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("on", (await next.GetAsync("one"))!.Output!.Value.GetString());
    }

    private static async Task<string> HistoryOf(IEngineStore? store)
    {
        await using var harness = new EngineHarness { Store = store };
        var pack = harness.Registry.Activity<Order, Order>("pack.v1", order => order with { Parts = [.. order.Parts, 3] });
        var fail = harness.Registry.Activity<int, int>("fail.v1", _ => throw new InvalidOperationException("no"));
        var child = harness.Registry.Workflow<Order, int>("child.v1", async (context, order) => (await context.RunActivity(pack, order)).Parts.Count);
        var workflow = harness.Registry.Workflow<Order, string>("w.v1", async (context, order) =>
        {
            var packed = await context.RunActivity(pack, order);
            var parts = await context.RunChild(child, "kid", packed);
            await context.SleepUntil(context.Now.AddMinutes(parts));
            try
            {
                await context.RunActivity(fail, 1, new ActivityRetry(2, TimeSpan.FromSeconds(5), 1, TimeSpan.FromSeconds(5)));
            }
            catch (ActivityFailedException error)
            {
                return error.ErrorMessage + await context.WaitForSignal("go");
            }

            return "";
        });
        await harness.Engine.SignalAsync("one", "go", "lost: nobody is there yet");
        await harness.Engine.StartAsync(workflow, "one", new Order("a", [1, 2]));
        await harness.Engine.SignalAsync("one", "go", "!");
        await harness.Run();
        Assert.Equal("no!", await harness.Output("one"));
        return HistoryJson.ToLines(await harness.Engine.ReadHistoryAsync("one")) + HistoryJson.ToLines(await harness.Engine.ReadHistoryAsync("kid"));
    }
}
