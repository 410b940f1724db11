using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Tests.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>The engine may be killed at any step: the next one goes on, and the outcome is the same.</summary>
public sealed class RestartTests
{
    /// <summary>A workflow with everything in it, and what its activities did, counted by key.</summary>
    private sealed class Everything
    {
        public Everything(TimeProvider time)
        {
            var tries = 0;
            var effect = Registry.Activity<string, string>("effect.v1", key =>
            {
                Effects[key] = Effects.GetValueOrDefault(key) + 1;
                return key.ToUpperInvariant();
            });
            var flaky = Registry.Activity<int, int>("flaky.v1", input => ++tries % 3 == 0 ? input : throw new InvalidOperationException("again"));
            var slow = Registry.Activity<int, string>("slow.v1", async (seconds, stop) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds), time, stop);
                return "slow";
            });
            var child = Registry.Workflow<int, string>("child.v1", async (context, left) =>
            {
                await context.SleepUntil(context.Now.AddSeconds(20));
                var done = await context.RunActivity(effect, $"child {left}");
                if (left > 0)
                    context.ContinueAsNew(left - 1);
                return done;
            });
            Workflow = Registry.Workflow<int, string>("everything.v1", async (context, _) =>
            {
                context.PublishStatus("begun");
                var parts = new List<string> { await context.RunActivity(effect, "first") };
                var watching = context.RunChild(child, "kid", 2);
                parts.AddRange(await Task.WhenAll(context.RunActivity(effect, "left"), context.RunActivity(effect, "right")));
                using var cancel = new CancellationTokenSource();
                var timer = context.SleepUntil(context.Now.AddSeconds(30), cancel.Token);
                var race = await Task.WhenAny(timer, context.RunActivity(slow, 50));
                parts.Add(race == timer ? "timer" : "slow");
                var first = await context.WaitForSignal("go");
                using var other = new CancellationTokenSource();
                var far = context.SleepUntil(context.Now.AddHours(5), other.Token);
                parts.Add($"{first}{await context.WaitForSignal("go")}");
                other.Cancel();
                parts.Add($"{far.Status}");
                parts.Add($"{await context.RunActivity(flaky, 7, new ActivityRetry(9, TimeSpan.FromSeconds(5), 1, TimeSpan.FromSeconds(5)))}");
                parts.Add(await watching);
                context.PublishStatus("ending");
                return string.Join(' ', parts) + ' ' + await context.RunActivity(effect, "last");
            });
        }

        public WorkflowRegistry Registry { get; } = new();

        public Dictionary<string, int> Effects { get; } = [];

        public WorkflowName<int, string> Workflow { get; }
    }

    private sealed class Killed : Exception;

    private const string Outcome = "FIRST LEFT RIGHT timer xy Canceled 7 CHILD 0 LAST";

    private static readonly string[] Keys = ["child 0", "child 1", "child 2", "first", "last", "left", "right"];

    /// <summary>Runs to the end, killing the engine at the moments that <paramref name="kills"/> picks; returns the number of commits.</summary>
    private static async Task<int> Run(Func<int, bool> kills, bool afterCommit, SlipwayDatabase? given = null, Func<Task<SlipwayDatabase>>? reopen = null, MemoryEngineStore? memory = null, int mostIdle = 256)
    {
        var database = given ?? SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var everything = new Everything(time);
        var moments = 0;
        void Moment()
        {
            if (kills(++moments))
                throw new Killed();
        }

        var options = new EngineOptions { MaxIdleInMemory = mostIdle };
        options = afterCommit ? options with { AfterCommit = Moment } : options with { BeforeCommit = Moment };
        var first = true;
        while (true)
        {
            var engine = new EmbeddedEngine(memory ?? (IEngineStore)new SqliteEngineStore(database), everything.Registry, time, options);
            if (first)
            {
                await engine.StartAsync(everything.Workflow, "one", 0);
                await engine.SignalAsync("one", "go", "x");
                await engine.SignalAsync("one", "go", "y");
                first = false;
            }

            try
            {
                Assert.Equal(VirtualRunEnd.Idle, await engine.RunVirtualAsync(EngineHarness.Start.AddDays(1)));
                var info = (await engine.GetAsync("one"))!;
                Assert.Equal((InstanceStatus.Completed, Outcome), (info.Status, info.Output?.GetString()));
                Assert.Equal("ending", info.CustomStatus!.Value.GetString());
                Assert.Equal(Keys, everything.Effects.Keys.Order());
                await engine.DisposeAsync();
                await database.DisposeAsync();
                return moments;
            }
            catch (Killed)
            {
                await engine.DisposeAsync();
                memory?.Reopen();
                if (reopen is not null)
                {
                    await database.DisposeAsync();
                    database = await reopen();
                }
            }
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Killed_once_at_every_commit_in_turn_the_outcome_is_the_same(bool afterCommit)
    {
        var commits = await Run(_ => false, afterCommit);
        Assert.True(commits > 12, $"{commits} commits");
        for (var kill = 1; kill <= commits; kill++)
            await Run(moment => moment == kill, afterCommit);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Never_in_memory_while_it_waits_and_killed_once_at_every_commit_in_turn_the_outcome_is_the_same(bool afterCommit)
    {
        var commits = await Run(_ => false, afterCommit, mostIdle: 0);
        Assert.Equal(await Run(_ => false, afterCommit), commits);
        for (var kill = 1; kill <= commits; kill++)
            await Run(moment => moment == kill, afterCommit, mostIdle: 0);
    }

    [Fact]
    public async Task Killed_after_every_single_commit_the_outcome_is_the_same() => await Run(_ => true, afterCommit: true);

    [Fact]
    public async Task Killed_before_every_second_commit_the_outcome_is_the_same() => await Run(moment => moment % 2 == 0, afterCommit: false);

    [Theory, InlineData(true), InlineData(false)]
    public async Task In_memory_killed_once_at_every_commit_in_turn_the_outcome_is_the_same(bool afterCommit)
    {
        var commits = await Run(_ => false, afterCommit, memory: new MemoryEngineStore());
        Assert.Equal(await Run(_ => false, afterCommit), commits);
        for (var kill = 1; kill <= commits; kill++)
            await Run(moment => moment == kill, afterCommit, memory: new MemoryEngineStore());
    }

    [Fact]
    public async Task In_memory_killed_after_every_single_commit_the_outcome_is_the_same() =>
        await Run(_ => true, afterCommit: true, memory: new MemoryEngineStore());

    [Fact]
    public async Task On_a_file_that_is_opened_again_after_every_commit_the_outcome_is_the_same()
    {
        using var folder = new TemporaryFolder();
        await Run(_ => true, afterCommit: true, SlipwayDatabase.Open(folder.Path), () => Task.FromResult(SlipwayDatabase.Open(folder.Path)));
    }

    [Fact]
    public async Task The_pauses_between_attempts_survive_a_restart()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var tries = new List<double>();
        var registry = new WorkflowRegistry();
        var flaky = registry.Activity<int, string>("flaky.v1", _ =>
        {
            tries.Add((time.GetUtcNow() - EngineHarness.Start).TotalMinutes);
            return tries.Count < 3 ? throw new InvalidOperationException("not yet") : "done";
        });
        var workflow = registry.Workflow<int, string>("w.v1", (context, input) =>
            context.RunActivity(flaky, input, new ActivityRetry(3, TimeSpan.FromMinutes(10), 2, TimeSpan.FromHours(1))));
        await using (var engine = new EmbeddedEngine(database, registry, time))
        {
            await engine.StartAsync(workflow, "one", 0);
            await engine.RunVirtualAsync(EngineHarness.Start.AddMinutes(4));
        }

        await using (var engine = new EmbeddedEngine(database, registry, time))
        {
            await engine.RunVirtualAsync(EngineHarness.Start.AddDays(1));
            Assert.Equal("done", (await engine.GetAsync("one"))!.Output!.Value.GetString());
        }

        Assert.Equal([0, 10, 30], tries);
    }
}
