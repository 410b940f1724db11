using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

/// <summary>A commit that fails leaves nothing half done, and the step is taken again.</summary>
public sealed class FailedCommitTests
{
    [Theory, InlineData("engine_outbox"), InlineData("engine_timers"), InlineData("engine_history"), InlineData("engine_instances")]
    public async Task A_turn_whose_commit_fails_is_invisible_and_is_taken_again(string table)
    {
        await using var harness = new EngineHarness();
        var runs = new List<string>();
        var effect = harness.Registry.Activity<string, string>("effect.v1", key =>
        {
            runs.Add($"{key} {harness.Time.GetUtcNow():HH:mm:ss}");
            return key;
        });
        var child = harness.Registry.Workflow<int, string>("child.v1", (_, _) => Task.FromResult("kid"));
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await context.WaitForSignal("go");
            var timer = context.SleepUntil(context.Now.AddMinutes(1));
            var kid = context.RunChild(child, "kid", 0);
            var done = await context.RunActivity(effect, "a");
            await timer;
            return done + await kid;
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run(minutes: 1);
        var before = await harness.Engine.ReadHistoryAsync("one");
        await BreakAsync(harness, $"BEFORE {(table == "engine_instances" ? "UPDATE" : "INSERT")} ON {table}");
        await harness.Engine.SignalAsync("one", "go", "");
        await harness.Engine.RunUntilIdleAsync();

        Assert.Equal(before, await harness.Engine.ReadHistoryAsync("one"), (one, other) => HistoryJson.ToLine(one) == HistoryJson.ToLine(other));
        Assert.Equal((0, 0, 1), (await harness.Count("engine_outbox"), await harness.Count("engine_timers"), await harness.Count("engine_inbox")));
        Assert.Null(await harness.Engine.GetAsync("kid"));
        Assert.Empty(runs);
        Assert.Contains("disk on fire", Assert.Single(harness.Incidents).Message, StringComparison.Ordinal);

        await MendAsync(harness);
        await harness.Run();
        Assert.Equal("akid", await harness.Output("one"));
        Assert.Equal(["a 09:00:01"], runs); // After the rest of one second.
    }

    [Fact]
    public async Task A_result_whose_commit_fails_is_kept_and_the_activity_does_not_run_again()
    {
        await using var harness = new EngineHarness();
        var runs = 0;
        var effect = harness.Registry.Activity<int, string>("effect.v1", async (_, stop) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), harness.Time, stop);
            return $"run {++runs}";
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, input) => context.RunActivity(effect, input));
        var healthy = harness.Registry.Workflow<int, string>("healthy.v1", (context, _) => context.WaitForSignal("go"));
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run(minutes: 0.5);
        await BreakAsync(harness, "BEFORE INSERT ON engine_history WHEN NEW.instance = 'one'");
        await harness.Engine.StartAsync(healthy, "two", 0);
        await harness.Engine.SignalAsync("two", "go", "unharmed");
        await harness.Run(minutes: 11);
        Assert.Equal("unharmed", await harness.Output("two"));
        Assert.Equal((InstanceStatus.Running, 1), ((await harness.Info("one")).Status, runs));
        Assert.True(harness.Incidents.Count > 500, $"{harness.Incidents.Count} tries to store it");

        await MendAsync(harness);
        await harness.Run(minutes: 11.1);
        Assert.Equal("run 1", await harness.Output("one"));
        Assert.Equal((0, 1), (await harness.Count("engine_outbox"), runs));
    }

    [Fact]
    public async Task An_activity_that_fails_while_nothing_can_be_stored_is_tried_again_after_its_pause_and_no_more_often_than_asked_for()
    {
        await using var harness = new EngineHarness();
        var runs = new List<string>();
        var effect = harness.Registry.Activity<int, string>("effect.v1", _ =>
        {
            runs.Add($"{harness.Time.GetUtcNow():mm:ss}");
            return runs.Count > 2 ? "done" : throw new InvalidOperationException("no");
        });
        var minute = TimeSpan.FromMinutes(1);
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, input) => context.RunActivity(effect, input, new ActivityRetry(3, minute, 1, minute)));
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Run(minutes: 0.5);
        await BreakAsync(harness, "BEFORE INSERT ON engine_history", "BEFORE UPDATE ON engine_outbox");
        await harness.Run(minutes: 11);
        await MendAsync(harness);
        await harness.Run();

        Assert.Equal("done", await harness.Output("one"));
        Assert.Equal(["00:00", "01:00", "02:00"], runs);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_activity_that_ends_in_the_moment_in_which_its_instance_is_loaded_again_runs_once(bool fails)
    {
        await using var harness = new EngineHarness();
        var runs = 0;
        var effect = harness.Registry.Activity<int, string>("effect.v1", async (_, stop) =>
        {
            var run = ++runs;
            await Task.Delay(TimeSpan.FromSeconds(31), harness.Time, stop);
            return fails && run == 1 ? throw new InvalidOperationException("no") : $"run {run} at {harness.Time.GetUtcNow():mm:ss}";
        });
        var hour = TimeSpan.FromHours(1);
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            var (word, done) = (context.WaitForSignal("go"), context.RunActivity(effect, input, new ActivityRetry(2, hour, 1, hour)));
            return $"{await word}: {await done}";
        });
        await harness.Engine.StartAsync(workflow, "one", 0);

        // One second before the activity ends: in the moment in which the rest of a second is over.
        await harness.Run(minutes: 0.5);
        await BreakAsync(harness, "BEFORE INSERT ON engine_history");
        await harness.Engine.SignalAsync("one", "go", "on");
        await harness.Engine.RunUntilIdleAsync(TestContext.Current.CancellationToken);
        await MendAsync(harness);
        Assert.Single(harness.Incidents);
        await harness.Run(minutes: 30);
        Assert.Equal(1, runs);
        await harness.Run();

        Assert.Equal(fails ? "on: run 2 at 01:02" : "on: run 1 at 00:31", await harness.Output("one"));
    }

    private static Task BreakAsync(EngineHarness harness, params IReadOnlyList<string> moments) => harness.Database.WriteAsync(connection =>
    {
        for (var index = 0; index < moments.Count; index++)
            connection.Execute($"CREATE TRIGGER broken{index} {moments[index]} BEGIN SELECT RAISE(ABORT, 'disk on fire'); END");
    });

    private static Task MendAsync(EngineHarness harness) => harness.Database.WriteAsync(connection =>
    {
        foreach (var trigger in connection.Rows("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'broken%'", row => row.GetString(0)))
            connection.Execute($"DROP TRIGGER {trigger}");
    });
}
