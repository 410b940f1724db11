using Slipway.Embedded.Engine;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>What cannot be read of one instance concerns that one alone: the engine goes on, and so does the instance once it can be read.</summary>
public sealed class UnreadableInstanceTests
{
    private static readonly EngineOptions NoneIdle = new() { MaxIdleInMemory = 0 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(IEngineStore.LoadAsync))]
    [InlineData(nameof(IEngineStore.InboxAsync))]
    [InlineData(nameof(IEngineStore.CommitAsync), nameof(IEngineStore.LoadAsync))]
    [InlineData(nameof(IEngineStore.CommitAsync), nameof(IEngineStore.InboxAsync))]
    [InlineData(nameof(IEngineStore.CommitAsync), nameof(IEngineStore.TimersAsync))]
    [InlineData(nameof(IEngineStore.CommitAsync), nameof(IEngineStore.OutboxAsync))]
    public async Task A_read_that_fails_once_costs_its_instance_a_rest_and_nobody_else_anything(params string[] failing)
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var store = new FailingEngineStore(new SqliteEngineStore(database), "one");
        await using var harness = new EngineHarness(database, NoneIdle) { Store = store };
        var workflow = Working(harness, out var effects);
        foreach (var id in (string[])["one", "two"]) await harness.Engine.StartAsync(workflow, id, 10);
        await harness.Run(minutes: 1);

        store.Fail(failing);
        foreach (var id in (string[])["one", "two"]) await harness.Engine.SignalAsync(id, "go", "on", Stop);
        await harness.Engine.RunUntilIdleAsync(Stop);
        Assert.Equal(["two"], effects);
        await harness.Run();

        Assert.True(store.HasFailed);
        Assert.Equal(("on at 09:10", "on at 09:10"), (await harness.Output("one"), await harness.Output("two")));
        Assert.Equal(["two", "one"], effects);
        Assert.Equal(failing.Length, harness.Incidents.Count);
        Assert.All(harness.Incidents, incident => Assert.Equal("one", incident.InstanceId));
    }

    [Fact]
    public async Task An_end_and_a_timer_that_come_while_their_instance_cannot_be_read_are_not_lost()
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var store = new FailingEngineStore(new SqliteEngineStore(database), "one");
        await using var harness = new EngineHarness(database, NoneIdle) { Store = store };
        var runs = 0;
        var slow = harness.Registry.Activity<int, string>("slow.v1", async (_, stop) =>
        {
            runs++;
            await Task.Delay(TimeSpan.FromMinutes(1), harness.Time, stop);
            return "done";
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            var timer = context.SleepUntil(context.Now.AddMinutes(1));
            var done = await context.RunActivity(slow, input);
            await timer;
            return $"{done} at {context.Now:mm:ss}";
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run(minutes: 0.5);
        store.Fail(nameof(IEngineStore.InboxAsync));
        await harness.Run(minutes: 0.75);

        // The signal wakes it in the round in which both come.
        harness.Time.AdvanceTo(harness.At(1));
        await harness.Engine.SignalAsync("one", "go", "", Stop);
        await harness.Run();

        Assert.True(store.HasFailed);
        Assert.Equal(("done at 01:01", 1), (await harness.Output("one"), runs));
    }

    [Theory, InlineData("engine_history"), InlineData("engine_inbox")]
    public async Task One_whose_history_or_message_this_version_cannot_read_stands_still_and_the_other_completes(string table)
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        var workflow = Working(harness, out _);
        foreach (var id in (string[])["one", "two"]) await harness.Engine.StartAsync(workflow, id, 10);
        await harness.Run(minutes: 1);
        foreach (var id in (string[])["one", "two"]) await harness.Engine.SignalAsync(id, "go", "on", Stop);
        var line = (string)(await harness.Database.ReadAsync(connection => connection.Scalar($"SELECT event FROM {table} WHERE instance = 'one' LIMIT 1"), Stop))!;
        await WriteAsync("""{"kind":"from_the_future","at":"2026-03-02T09:00:00+00:00"}""");
        await harness.Run();

        Assert.Equal("on at 09:10", await harness.Output("two"));
        var faulted = await harness.Info("one");
        Assert.Equal(InstanceStatus.Faulted, faulted.Status);
        Assert.Contains("cannot be read by this version", faulted.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("one", Assert.Single(harness.Incidents).InstanceId, StringComparison.Ordinal);

        // A version that can read it lets it go on.
        await WriteAsync(line);
        Assert.True(await harness.Engine.ResumeFaultedAsync("one", Stop));
        await harness.Run(minutes: 48 * 60);
        Assert.StartsWith("on at ", await harness.Output("one"), StringComparison.Ordinal);

        Task WriteAsync(string text) => harness.Database.WriteAsync(connection => connection.Execute(
            $"UPDATE {table} SET event = $1 WHERE instance = 'one'{(table == "engine_history" ? " AND sequence = 0" : "")}", text), Stop);
    }

    [Theory]
    [InlineData("retry", """{"attempts":"x"}""")]
    [InlineData("input", "{")]
    public async Task An_activity_that_an_engine_cannot_read_at_its_start_stops_its_instance_alone(string column, string unreadable)
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = await LeaveAsync(database);
        await SetAsync(unreadable);
        await using var next = new EngineHarness(database) { Time = time };
        Flaky(next, failures: 0);
        await next.Run();

        Assert.Equal("two", await next.Output("two"));
        var faulted = await next.Info("one");
        Assert.Equal(InstanceStatus.Faulted, faulted.Status);
        Assert.Contains("An activity that it asked for cannot be read by this version", faulted.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("one", Assert.Single(next.Incidents).InstanceId);

        // A version that can read it lets it go on.
        await SetAsync(column == "input" ? "\"one\"" : null);
        Assert.True(await next.Engine.ResumeFaultedAsync("one", Stop));
        await next.Run();
        Assert.Equal("one", await next.Output("one"));

        Task SetAsync(string? text) => database.WriteAsync(connection => connection.Execute($"UPDATE engine_outbox SET {column} = $1 WHERE instance = 'one'", text), Stop);
    }

    [Theory]
    [InlineData(nameof(IEngineStore.TimersAsync))]
    [InlineData(nameof(IEngineStore.OutboxAsync))]
    [InlineData(nameof(IEngineStore.AwakeAsync))]
    [InlineData(nameof(IEngineStore.RunningAsync))]
    public async Task What_an_engine_cannot_read_at_its_start_it_reads_after_a_rest(string failing)
    {
        await using var database = SlipwayDatabase.OpenInMemory();
        var time = await LeaveAsync(database);
        var store = new FailingEngineStore(new SqliteEngineStore(database), null);
        await using var next = new EngineHarness(database) { Store = store, Time = time };
        Flaky(next, failures: 0);
        store.Fail(failing);
        await next.Run();

        Assert.True(store.HasFailed);
        Assert.Equal(("one", "two"), (await next.Output("one"), await next.Output("two")));
        Assert.Contains(failing, Assert.Single(next.Incidents).Message, StringComparison.Ordinal);
    }

    /// <summary>An engine that ends while two instances wait for the second attempt of an activity.</summary>
    private static async Task<VirtualTimeProvider> LeaveAsync(SlipwayDatabase database)
    {
        var time = new VirtualTimeProvider(EngineHarness.Start);
        var first = new EngineHarness(database) { Time = time };
        var workflow = Flaky(first, failures: int.MaxValue);
        foreach (var id in (string[])["one", "two"]) await first.Engine.StartAsync(workflow, id, id);
        await first.Run(minutes: 1);
        await first.Engine.DisposeAsync();
        return time;
    }

    /// <summary>Does something outside that fails so often.</summary>
    private static WorkflowName<string, string> Flaky(EngineHarness harness, int failures)
    {
        var tried = 0;
        var flaky = harness.Registry.Activity<string, string>("flaky.v1", id => tried++ < failures ? throw new InvalidOperationException("not yet") : id);
        return harness.Registry.Workflow<string, string>("flaky.w.v1", (context, id) =>
            context.RunActivity(flaky, id, new ActivityRetry(9, TimeSpan.FromMinutes(5), 1, TimeSpan.FromMinutes(5))));
    }

    [Fact]
    public async Task A_parent_hears_of_a_child_whose_history_this_version_cannot_read()
    {
        await using var harness = new EngineHarness(options: NoneIdle);
        var child = harness.Registry.Workflow<int, string>("child.v1", (context, _) => context.WaitForSignal("go"));
        var parent = harness.Registry.Workflow<int, string>("parent.v1", async (context, _) =>
        {
            try
            {
                return await context.RunChild(child, "kid", 0);
            }
            catch (ActivityFailedException error)
            {
                return error.ErrorMessage;
            }
        });
        await harness.Engine.StartAsync(parent, "one", 0);
        await harness.Engine.RunUntilIdleAsync(Stop);
        await harness.Database.WriteAsync(connection => connection.Execute("UPDATE engine_history SET event = '{}' WHERE instance = 'kid'"), Stop);
        await harness.Engine.SignalAsync("kid", "go", "", Stop);
        await harness.Run();

        Assert.Contains("cannot be read by this version", await harness.Output("one"), StringComparison.Ordinal);
    }

    /// <summary>Waits for a signal, does something outside, and sleeps for some minutes.</summary>
    private static WorkflowName<double, string> Working(EngineHarness harness, out List<string> effects)
    {
        var done = effects = [];
        var effect = harness.Registry.Activity<string, string>("effect.v1", id =>
        {
            done.Add(id);
            return id;
        });
        return harness.Registry.Workflow<double, string>("working.v1", async (context, minutes) =>
        {
            var word = await context.WaitForSignal("go");
            var until = context.Now.AddMinutes(minutes);
            await context.RunActivity(effect, context.InstanceId);
            await context.SleepUntil(until);
            return $"{word} at {context.Now:HH:mm}";
        });
    }
}
