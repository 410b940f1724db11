using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>An instance that waits need not be in memory: whatever comes for it finds it in the store.</summary>
public sealed class UnloadTests
{
    private static readonly EngineOptions NoneIdle = new() { MaxIdleInMemory = 0 };

    private static WorkflowName<double, string> Sleeper(WorkflowRegistry registry) => registry.Workflow<double, string>("sleeper.v1", async (context, minutes) =>
    {
        await context.SleepUntil(context.Now.AddMinutes(minutes));
        var word = await context.WaitForSignal("go");
        await context.SleepUntil(context.Now.AddMinutes(minutes));
        return $"{word} at {context.Now:HH:mm}";
    });

    [Fact]
    public async Task One_that_is_not_in_memory_wakes_by_its_timer_and_by_its_signal()
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        var sleeper = Sleeper(harness.Registry);
        foreach (var minutes in (int[])[10, 20, 30]) await harness.Engine.StartAsync(sleeper, $"s{minutes}", minutes);
        await harness.Run(minutes: 5);
        Assert.Equal(0, harness.Engine.InMemory);
        Assert.Equal(VirtualRunEnd.Idle, await harness.Run(minutes: 60));
        foreach (var id in (string[])["s10", "s20", "s30"]) await harness.Engine.SignalAsync(id, "go", "woken");
        await harness.Run(minutes: 35);
        Assert.Equal(0, harness.Engine.InMemory);
        await harness.Run();
        Assert.Equal(["woken at 09:40", "woken at 09:50", "woken at 10:00"], [await harness.Output("s10"), await harness.Output("s20"), await harness.Output("s30")]);
        Assert.Empty(harness.Incidents);
    }

    [Fact]
    public async Task A_signal_that_came_while_one_slept_elsewhere_is_kept_for_it()
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        await harness.Engine.StartAsync(Sleeper(harness.Registry), "one", 30);
        await harness.Run(minutes: 1);
        await harness.Engine.SignalAsync("one", "go", "early");
        await harness.Run(minutes: 2);
        Assert.Equal((0, 0), (harness.Engine.InMemory, await harness.Count("engine_inbox")));
        await harness.Run();
        Assert.Equal("early at 10:00", await harness.Output("one"));
    }

    [Fact]
    public async Task Of_those_that_wait_the_ones_that_did_something_last_stay()
    {
        await using var harness = new EngineHarness(options: new EngineOptions { MaxIdleInMemory = 2 });
        var runs = new List<(string Id, bool Replaying)>();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await context.WaitForSignal("go");
            runs.Add((context.InstanceId, context.IsReplaying));
            await context.WaitForSignal("end");
            return "";
        });
        foreach (var id in (string[])["a", "b", "c"])
        {
            await harness.Engine.StartAsync(workflow, id, 0);
            await harness.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        }

        foreach (var (id, signal, left) in ((string, string, int)[])[("b", "go", 2), ("a", "go", 2), ("b", "end", 1), ("a", "end", 0)])
        {
            await harness.Engine.SignalAsync(id, signal, "");
            await harness.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
            Assert.Equal(left, harness.Engine.InMemory);
        }

        // Neither b nor a was rebuilt after it had run: c had to go for a.
        Assert.Equal([("b", false), ("a", false)], runs);
        Assert.Equal(InstanceStatus.Completed, (await harness.Info("a")).Status);
        Assert.Equal(InstanceStatus.Running, (await harness.Info("c")).Status);
    }

    [Fact]
    public async Task One_whose_activity_or_child_is_under_way_stays()
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        var slow = harness.Registry.Activity<int, string>("slow.v1", async (minutes, stop) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(minutes), harness.Time, stop);
            return "slow";
        });
        var replays = 0;
        var child = harness.Registry.Workflow<int, string>("child.v1", async (context, minutes) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(minutes));
            return "child";
        });
        var parent = harness.Registry.Workflow<int, string>("parent.v1", async (context, _) =>
        {
            if (context.IsReplaying) replays++;
            return $"{await context.RunActivity(slow, 10)} {await context.RunChild(child, "kid", 10)}";
        });
        await harness.Engine.StartAsync(parent, "one", 0);
        await harness.Run(minutes: 5);
        Assert.Equal(1, harness.Engine.InMemory);
        await harness.Run(minutes: 15);
        Assert.Equal(1, harness.Engine.InMemory);
        await harness.Run();
        Assert.Equal(("slow child", 0), (await harness.Output("one"), replays));
    }

    [Theory, InlineData(4.9, 1), InlineData(5, 0)]
    public async Task One_that_a_timer_asks_for_again_within_five_seconds_stays(double seconds, int inMemory)
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        var workflow = harness.Registry.Workflow<double, string>("w.v1", async (context, wait) =>
        {
            await context.SleepUntil(context.Now.AddSeconds(wait));
            return "";
        });
        await harness.Engine.StartAsync(workflow, "one", seconds);
        await harness.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(inMemory, harness.Engine.InMemory);
    }

    [Fact]
    public async Task An_activity_that_ends_before_its_instance_was_looked_at_finds_it()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var registry = new WorkflowRegistry();
        var slow = registry.Activity<int, string>("slow.v1", async (minutes, stop) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(minutes), time, stop);
            return $"{time.GetUtcNow():HH:mm}";
        });
        var workflow = registry.Workflow<int, string>("w.v1", (context, minutes) => context.RunActivity(slow, minutes));
        await using (var engine = new EmbeddedEngine(database, registry, time))
        {
            await engine.StartAsync(workflow, "one", 10);
            await engine.RunVirtualAsync(EngineHarness.Start.AddMinutes(4));
        }

        await using var next = new EmbeddedEngine(database, registry, time, NoneIdle);
        await next.RunVirtualAsync(EngineHarness.Start.AddDays(1));
        Assert.Equal("09:14", (await next.GetAsync("one"))!.Output!.Value.GetString());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Killed_at_every_commit_while_it_slept_elsewhere_nothing_is_lost(bool afterCommit)
    {
        var commits = await SleepsAsync(_ => false, afterCommit);
        Assert.True(commits > 5, $"{commits} commits");
        for (var kill = 1; kill <= commits; kill++) await SleepsAsync(moment => moment == kill, afterCommit);
    }

    [Fact]
    public async Task What_an_earlier_engine_left_is_looked_at_behind_what_has_something_to_do()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var registry = new WorkflowRegistry();
        EmbeddedEngine? engine = null;
        var found = new List<int>();
        var look = registry.Activity<int, int>("look.v1", _ =>
        {
            found.Add(engine!.InMemory);
            return 0;
        });
        var workflow = registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await context.WaitForSignal("go");
            await context.RunActivity(look, 0);
            return "done";
        });
        await using (engine = new EmbeddedEngine(database, registry, time))
        {
            for (var i = 0; i < 50; i++) await engine.StartAsync(workflow, $"w{i:00}", 0);
            await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        }

        await using (engine = new EmbeddedEngine(database, registry, time))
        {
            await engine.SignalAsync("w49", "go", "");
            await engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
            Assert.Equal([1], found);
            Assert.Equal("done", (await engine.GetAsync("w49"))!.Output!.Value.GetString());
            Assert.Equal(49, engine.InMemory);
        }
    }

    [Fact]
    public async Task Where_values_are_kept_memory_is_the_store_and_all_stay()
    {
        await using var harness = new EngineHarness(options: NoneIdle) { Store = new MemoryEngineStore() };
        var sleeper = Sleeper(harness.Registry);
        foreach (var id in (string[])["a", "b", "c"]) await harness.Engine.StartAsync(sleeper, id, 10);
        await harness.Run(minutes: 5);
        Assert.Equal(3, harness.Engine.InMemory);
    }

    private sealed class Killed : Exception;

    /// <summary>Runs one to its end with a new engine after each kill, always out of memory while it waits; returns the number of commits.</summary>
    private static async Task<int> SleepsAsync(Func<int, bool> kills, bool afterCommit)
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var registry = new WorkflowRegistry();
        var sleeper = Sleeper(registry);
        var effects = 0;
        var effect = registry.Activity<int, int>("effect.v1", _ => ++effects);
        var workflow = registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(5));
            await context.RunActivity(effect, 0);
            await context.WaitForSignal("go");
            var slept = await context.RunChild(sleeper, "kid", 10);
            await context.RunActivity(effect, 0);
            return slept;
        });
        var moments = 0;
        void Moment()
        {
            if (kills(++moments)) throw new Killed();
        }

        var options = NoneIdle with { AfterCommit = afterCommit ? Moment : static () => { }, BeforeCommit = afterCommit ? static () => { } : Moment };
        for (var begun = false; ;)
        {
            await using var engine = new EmbeddedEngine(database, registry, time, options);
            if (!begun)
            {
                await engine.StartAsync(workflow, "one", 0);
                begun = true;
            }

            try
            {
                await engine.RunVirtualAsync(EngineHarness.Start.AddMinutes(8));
                if (moments > 0 && (await engine.GetAsync("kid")) is null) await engine.SignalAsync("one", "go", "");
                await engine.RunVirtualAsync(EngineHarness.Start.AddMinutes(40));
                await engine.SignalAsync("kid", "go", "woken");
                Assert.Equal(VirtualRunEnd.Idle, await engine.RunVirtualAsync(EngineHarness.Start.AddDays(1)));
                Assert.StartsWith("woken at ", (await engine.GetAsync("one"))!.Output!.Value.GetString(), StringComparison.Ordinal);
                Assert.InRange(effects, 2, 3);
                return moments;
            }
            catch (Killed)
            {
                // The next engine goes on.
            }
        }
    }
}
