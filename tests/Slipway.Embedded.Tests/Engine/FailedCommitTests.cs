using Slipway.Embedded.Engine;
using Slipway.Embedded.Storage;

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
        await harness.Database.WriteAsync(connection => connection.Execute(
            $"CREATE TRIGGER broken BEFORE {(table == "engine_instances" ? "UPDATE" : "INSERT")} ON {table} BEGIN SELECT RAISE(ABORT, 'disk on fire'); END"));
        await harness.Engine.SignalAsync("one", "go", "");
        await harness.Engine.RunUntilIdleAsync();

        Assert.Equal(before, await harness.Engine.ReadHistoryAsync("one"), (one, other) => HistoryJson.ToLine(one) == HistoryJson.ToLine(other));
        Assert.Equal((0, 0, 1), (await harness.Count("engine_outbox"), await harness.Count("engine_timers"), await harness.Count("engine_inbox")));
        Assert.Null(await harness.Engine.GetAsync("kid"));
        Assert.Empty(runs);
        Assert.Contains("disk on fire", Assert.Single(harness.Incidents).Message, StringComparison.Ordinal);

        await harness.Database.WriteAsync(connection => connection.Execute("DROP TRIGGER broken"));
        await harness.Run();
        Assert.Equal("akid", await harness.Output("one"));
        Assert.Equal(["a 09:00:01"], runs); // After the rest of one second.
    }

    [Fact]
    public async Task A_result_whose_commit_fails_is_lost_and_the_activity_runs_again()
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
        await harness.Database.WriteAsync(connection => connection.Execute(
            "CREATE TRIGGER broken BEFORE INSERT ON engine_history WHEN NEW.instance = 'one' BEGIN SELECT RAISE(ABORT, 'disk on fire'); END"));
        await harness.Engine.StartAsync(healthy, "two", 0);
        await harness.Engine.SignalAsync("two", "go", "unharmed");
        await harness.Run(minutes: 1.001);
        Assert.Equal("unharmed", await harness.Output("two"));
        await harness.Database.WriteAsync(connection => connection.Execute("DROP TRIGGER broken"));
        await harness.Run();
        Assert.Equal("run 2", await harness.Output("one"));
    }
}
