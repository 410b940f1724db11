using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Storage;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class EngineRunTests
{
    private sealed record Poll(int Number, string Release);

    [Fact]
    public async Task RunVirtual_ADayOfPollsWithAWatchChild_JumpsFromTimerToTimer()
    {
        await using var harness = new EngineHarness();
        var polls = 0;
        var read = harness.Registry.Activity<Poll, Poll>("poll.v1", poll =>
        {
            polls++;
            return poll;
        });
        var watch = harness.Registry.Workflow<int, int>("watch.v1", async (context, done) =>
        {
            for (var i = 0; i < 60; i++)
            {
                await context.RunActivity(read, new Poll(done, context.InstanceId));
                await context.RunActivity(read, new Poll(done, "ledger"));
                if (++done == 1440)
                    return done;
                await context.SleepUntil(context.Now.AddMinutes(1));
            }

            context.ContinueAsNew(done);
            return 0;
        });
        var release = harness.Registry.Workflow<int, string>("release.v1", async (context, _) => $"{await context.RunChild(watch, "watch", 0)} {context.Now:HH:mm}");
        await harness.Engine.StartAsync(release, "one", 0);
        Assert.Equal(VirtualRunEnd.Idle, await harness.Run(minutes: 2 * 24 * 60));
        Assert.Equal("1440 08:59", await harness.Output("one"));
        Assert.Equal(2880, polls);
    }

    [Fact]
    public async Task RunVirtual_StopsAtItsLimitAndAtItsCondition()
    {
        await using var harness = new EngineHarness();
        var beats = 0;
        var beat = harness.Registry.Activity<int, int>("beat.v1", _ => ++beats);
        var workflow = harness.Registry.Workflow<int, int>("w.v1", async (context, _) =>
        {
            await context.RunActivity(beat, 0);
            await context.SleepUntil(context.Now.AddMinutes(10));
            context.ContinueAsNew(0);
            return 0;
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        Assert.Equal(VirtualRunEnd.Limit, await harness.Engine.RunVirtualAsync(harness.At(25)));
        Assert.Equal((3, harness.At(25)), (beats, harness.Time.GetUtcNow()));
        Assert.Equal(VirtualRunEnd.Reached, await harness.Engine.RunVirtualAsync(harness.At(999), () => ValueTask.FromResult(beats == 5)));
        Assert.Equal((5, harness.At(40)), (beats, harness.Time.GetUtcNow()));
    }

    [Fact]
    public async Task RunVirtual_TimersOfTheSurroundingsCountAsDueWork()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, _) => context.WaitForSignal("go"));
        await harness.Engine.StartAsync(workflow, "one", 0);
        await using var sweeper = harness.Time.CreateTimer(
            _ => _ = harness.Engine.SignalAsync("one", "go", "swept"), null, TimeSpan.FromMinutes(3), Timeout.InfiniteTimeSpan);
        Assert.Equal(VirtualRunEnd.Idle, await harness.Run());
        Assert.Equal("swept", await harness.Output("one"));
        Assert.Equal(harness.At(3), harness.Time.GetUtcNow());
    }

    [Fact]
    public async Task RunAsync_OnAFileWithTheRealClock_GoesOnAfterAStop()
    {
        using var folder = new TemporaryFolder();
        var begun = new TaskCompletionSource();
        var finished = new TaskCompletionSource();
        var runs = 0;
        var registry = new WorkflowRegistry();
        var endless = registry.Activity<int, string>("endless.v1", async (_, stop) =>
        {
            if (Interlocked.Increment(ref runs) > 1)
                return "second run";
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop);
            return "never";
        });
        var end = registry.Activity<int, int>("end.v1", _ => { finished.SetResult(); return 0; });
        var workflow = registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            var result = await context.RunActivity(endless, input);
            await context.SleepUntil(context.Now.AddMilliseconds(20));
            await context.RunActivity(end, 0);
            return result;
        });
        await using (var database = SlipwayDatabase.Open(folder.Path))
        {
            await using var engine = new EmbeddedEngine(database, registry, TimeProvider.System);
            using var stop = new CancellationTokenSource();
            var running = engine.RunAsync(stop.Token);
            await engine.StartAsync(workflow, "one", 0);
            await begun.Task;
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.RunUntilIdleAsync());
            stop.Cancel();
            await running;
            await Assert.ThrowsAsync<InvalidOperationException>(() => engine.RunAsync(CancellationToken.None));
        }

        await using (var database = SlipwayDatabase.Open(folder.Path))
        {
            var engine = new EmbeddedEngine(database, registry, TimeProvider.System);
            var running = engine.RunAsync(CancellationToken.None);
            await finished.Task;
            await engine.DisposeAsync();
            await running;
            await using var reader = new EmbeddedEngine(database, registry, TimeProvider.System);
            await reader.RunUntilIdleAsync();
            Assert.Equal("second run", (await reader.GetAsync("one"))!.Output!.Value.GetString());
        }
    }

    [Fact]
    public async Task ListAsync_NewestFirstByState()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<bool, string>("w.v1", async (context, waits) => waits ? await context.WaitForSignal("go") : "done");
        foreach (var (id, waits) in new[] { ("a", true), ("b", false), ("c", true) })
        {
            await harness.Engine.StartAsync(workflow, id, waits);
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await harness.Run();
        Assert.Equal(["c", "b", "a"], (await harness.Engine.ListAsync()).Select(info => info.Id));
        Assert.Equal(["c", "a"], (await harness.Engine.ListAsync(InstanceStatus.Running)).Select(info => info.Id));
        Assert.Equal(["b"], (await harness.Engine.ListAsync(skip: 1, take: 1)).Select(info => info.Id));
    }

    [Fact]
    public async Task PublishStatus_IsReadableWhileRunningAndBounded()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            context.PublishStatus(new Poll(7, "r"));
            await context.WaitForSignal("go");
            context.PublishStatus(new string('x', 9000));
            return "";
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run();
        Assert.Equal("{\"number\":7,\"release\":\"r\"}", (await harness.Info("one")).CustomStatus!.Value.GetRawText());
        await harness.Engine.SignalAsync("one", "go", "");
        await harness.Run();
        Assert.Contains("at most 8192 characters of JSON, this one has 9002", (await harness.Info("one")).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_UnknownWorkflow_Throws()
    {
        await using var harness = new EngineHarness();
        await Assert.ThrowsAsync<ArgumentException>(() => harness.Engine.StartAsync(new WorkflowName<int, int>("nowhere.v1"), "one", 0));
        await using var real = new EmbeddedEngine(harness.Database, harness.Registry, TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => real.RunVirtualAsync(EngineHarness.Start));
    }
}
