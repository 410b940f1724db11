using Slipway.Embedded.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class TimerAndSignalTests
{
    private static WorkflowName<double, string> Race(EngineHarness harness)
    {
        var slow = harness.Registry.Activity<double, string>("slow.v1", async (minutes, stop) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(minutes), harness.Time, stop);
            return "";
        });
        return harness.Registry.Workflow<double, string>("race.v1", async (context, minutes) =>
        {
            using var cancel = new CancellationTokenSource();
            var activity = context.RunActivity(slow, minutes);
            var timer = context.SleepUntil(context.Now.AddMinutes(10), cancel.Token);
            var signal = context.WaitForSignal("stop");
            var first = await Task.WhenAny(activity, timer, signal);
            cancel.Cancel();
            var winner = first == activity ? "activity" : first == timer ? "timer" : "signal " + await signal;
            return $"{winner} at {context.Now:HH:mm}, timer {timer.Status}";
        });
    }

    [Theory, InlineData(4, "activity at 09:04, timer Canceled"), InlineData(15, "timer at 09:10, timer RanToCompletion")]
    public async Task The_first_of_an_activity_a_timer_and_a_signal_wins(double minutes, string expected)
    {
        await using var harness = new EngineHarness();
        await harness.RunOne(Race(harness), minutes);
        Assert.Equal(expected, await harness.Output("one"));
        Assert.Equal(0, await harness.Count("engine_timers"));
        Assert.Equal(0, await harness.Count("engine_outbox"));
    }

    [Fact]
    public async Task A_signal_wins_when_it_comes_first_and_the_late_activity_is_not_heard()
    {
        await using var harness = new EngineHarness();
        await harness.Engine.StartAsync(Race(harness), "one", 15);
        await harness.Run(minutes: 7);
        Assert.True(await harness.Engine.SignalAsync("one", "stop", "now"));
        await harness.Run();
        Assert.Equal("signal now at 09:07, timer Canceled", await harness.Output("one"));
        Assert.Equal(0, await harness.Count("engine_outbox"));
    }

    [Fact]
    public async Task A_cancelled_timer_is_gone_and_the_clock_does_not_jump_to_it()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var far = context.SleepUntil(context.Now.AddHours(9), cancel.Token);
            await context.SleepUntil(context.Now.AddMinutes(1));
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => far);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.SleepUntil(context.Now.AddHours(1), cancel.Token));
            return $"{context.Now:HH:mm}";
        });
        await harness.RunOne(workflow, 0);
        Assert.Equal("09:01", await harness.Output("one"));
        Assert.Equal(harness.At(1), harness.Time.GetUtcNow());
        Assert.Null(harness.Time.NextTimerDue);
    }

    [Fact]
    public async Task A_timer_that_is_past_fires_at_once_and_Now_is_constant_between_two_awaits()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            var before = context.Now;
            await context.SleepUntil(before.AddHours(-1));
            return $"{(context.Now - before).TotalSeconds} {context.Now:HH:mm}";
        });
        await harness.RunOne(workflow, 0);
        Assert.Equal("0 09:00", await harness.Output("one"));
    }

    [Fact]
    public async Task Signals_are_kept_in_order_until_someone_waits_for_them()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(5));
            var texts = new List<string>();
            for (var i = 0; i < 3; i++)
                texts.Add(await context.WaitForSignal("word"));
            texts.Add(await context.WaitForSignal("other"));
            texts.Add(await context.WaitForSignal("word"));
            return string.Join(' ', texts);
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        await harness.Engine.SignalAsync("one", "word", "a"); // Before the first turn.
        await harness.Run(minutes: 1);
        await harness.Engine.SignalAsync("one", "other", "x");
        await harness.Engine.SignalAsync("one", "word", "b");
        await harness.Engine.SignalAsync("one", "word", "c");
        await harness.Run(minutes: 6);
        Assert.Equal(InstanceStatus.Running, (await harness.Info("one")).Status);
        await harness.Engine.SignalAsync("one", "word", "d");
        await harness.Run();
        Assert.Equal("a b c x d", await harness.Output("one"));
    }

    [Fact]
    public async Task SignalAsync_UnknownOrFinishedInstance_IsFalse()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (_, _) => Task.FromResult("done"));
        await harness.RunOne(workflow, 0);
        Assert.False(await harness.Engine.SignalAsync("one", "wake", ""));
        Assert.False(await harness.Engine.SignalAsync("nobody", "wake", ""));
        Assert.Equal(0, await harness.Count("engine_inbox"));
    }

    [Fact]
    public async Task StartAsync_ExistingId_IsFalseInEveryState()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, _) => context.WaitForSignal("go"));
        Assert.True(await harness.Engine.StartAsync(workflow, "one", 1));
        Assert.False(await harness.Engine.StartAsync(workflow, "one", 2));
        await harness.Engine.SignalAsync("one", "go", "gone");
        await harness.Run();
        Assert.False(await harness.Engine.StartAsync(workflow, "one", 3));
        Assert.Equal("gone", await harness.Output("one"));
        Assert.Equal(1, (await harness.Info("one")).Input.GetInt32());
    }

    [Fact]
    public async Task Many_idle_timers_cost_nothing_when_one_fires()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, minutes) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(minutes));
            return $"{context.Now:HH:mm}";
        });
        for (var i = 0; i < 10_000; i++)
            await harness.Engine.StartAsync(workflow, $"idle-{i}", 600);
        await harness.Engine.StartAsync(workflow, "early", 5);
        await harness.Run(minutes: 4);
        var before = await harness.Count("engine_history");
        await harness.Run(minutes: 6);
        Assert.Equal("09:05", await harness.Output("early"));
        Assert.Equal(before + 2, await harness.Count("engine_history"));
        Assert.Equal(10_000, await harness.Count("engine_timers"));
    }
}
