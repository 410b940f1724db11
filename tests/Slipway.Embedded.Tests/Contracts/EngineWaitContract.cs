using System.Collections.Concurrent;
using Slipway.Embedded.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>Time, signals, status and ids: the same on every engine.</summary>
public abstract class EngineWaitContract : EngineContractBase
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task After_a_sleep_it_is_never_earlier_than_what_was_slept_until()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var early = 0;
            for (var i = 0; i < 10; i++)
            {
                var due = context.Now + (Moment / 3);
                await context.SleepUntil(due);
                if (context.Now < due) early++;
            }

            return $"{early} early, offset {context.Now.Offset}";
        });
        Assert.Equal("0 early, offset 00:00:00", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_due_time_with_an_offset_is_the_same_moment()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var before = context.Now;
            await context.SleepUntil((before + Moment).ToOffset(TimeSpan.FromHours(9)));
            return context.Now - before < TimeSpan.FromMinutes(1) && context.Now >= before + Moment ? "right" : $"after {context.Now - before}";
        });
        Assert.Equal("right", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_timer_that_is_past_fires_at_once()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var before = context.Now;
            await context.SleepUntil(before.AddDays(-3));
            await context.SleepUntil(DateTimeOffset.UnixEpoch);
            return context.Now - before < TimeSpan.FromMinutes(1) ? "at once" : $"after {context.Now - before}";
        });
        Assert.Equal("at once", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_cancelled_timer_cancels_its_task_and_does_not_keep_the_instance()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var far = context.SleepUntil(context.Now.AddDays(30), cancel.Token);
            await context.SleepUntil(context.Now + Moment);
            cancel.Cancel();
            var first = await Ended(far);
            return $"{first}, {await Ended(context.SleepUntil(context.Now.AddHours(1), cancel.Token))}";
        });
        Assert.Equal("cancelled, cancelled", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_timer_that_nobody_cancelled_does_not_keep_the_instance_either()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var unused = context.SleepUntil(context.Now.AddHours(9));
            await context.SleepUntil(context.Now + Moment);
            return unused.IsCompleted ? "fired" : "over";
        });
        Assert.Equal("over", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task Cancelling_after_the_timer_fired_changes_nothing()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var near = context.SleepUntil(context.Now + Moment, cancel.Token);
            await context.SleepUntil(context.Now + (Moment * 3));
            cancel.Cancel();
            return await Ended(near);
        });
        Assert.Equal("fired", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task The_first_to_end_wins_and_the_loser_is_not_waited_for()
    {
        var quick = Registry.Activity<int, string>("quick.v1", _ => "done");
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var work = context.RunActivity(quick, 0);
            var timer = context.SleepUntil(context.Now.AddHours(1), cancel.Token);
            var first = await Task.WhenAny(work, timer);
            cancel.Cancel();
            return first == work ? $"activity {await work}" : "timer";
        });
        Assert.Equal("activity done", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task Signals_are_kept_in_order_until_somebody_waits()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            context.PublishStatus("started");
            await context.WaitForSignal("go");
            var heard = "";
            for (var i = 0; i < 3; i++) heard += await context.WaitForSignal("letter");
            return heard;
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", 0);
        await engine.UntilStatusAsync("one", "started");
        foreach (var letter in "abc") await engine.SignalAsync("one", "letter", $"{letter}");
        await engine.SignalAsync("one", "go", "");
        Assert.Equal("abc", (await engine.EndAsync("one")).Text);
    }

    [Fact]
    public async Task One_waiter_that_is_renewed_loses_no_signal_while_other_things_happen()
    {
        var quick = Registry.Activity<int, int>("quick.v1", number => number);
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, expected) =>
        {
            var heard = new List<string>();
            var wake = context.WaitForSignal("wake");
            context.PublishStatus("started");
            while (heard.Count < expected)
            {
                using var cancel = new CancellationTokenSource();
                var timer = context.SleepUntil(context.Now + (Moment / 2), cancel.Token);
                var work = context.RunActivity(quick, heard.Count);
                await Task.WhenAny(wake, timer, work);
                await Task.WhenAny(wake, timer);
                cancel.Cancel();
                if (!wake.IsCompleted) continue;
                heard.Add(await wake);
                wake = context.WaitForSignal("wake");
            }

            return string.Join(' ', heard);
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", 8);
        await engine.UntilStatusAsync("one", "started");
        for (var i = 0; i < 8; i++) await engine.SignalAsync("one", "wake", $"{i}");
        Assert.Equal("0 1 2 3 4 5 6 7", (await engine.EndAsync("one")).Text);
    }

    [Fact]
    public async Task A_second_waiter_beside_the_first_is_refused()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var first = context.WaitForSignal("wake");
            try
            {
                await context.WaitForSignal("wake");
            }
            catch (InvalidOperationException error)
            {
                context.PublishStatus("refused");
                return $"{error.Message} {await first}";
            }

            return "taken";
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", 0);
        await engine.UntilStatusAsync("one", "refused");
        await engine.SignalAsync("one", "wake", "up");
        Assert.Equal("Somebody waits for the signal wake already; wait for it again only after that completed. up", (await engine.EndAsync("one")).Text);
    }

    [Fact]
    public async Task Ids_are_distinct_and_come_out_the_same_at_every_replay()
    {
        var seen = new ConcurrentBag<Guid>();
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            var first = context.NewGuid();
            seen.Add(first);
            await context.SleepUntil(context.Now + Moment);
            var second = context.NewGuid();
            await context.SleepUntil(context.Now + Moment);
            return $"{first != second && first != Guid.Empty}";
        });
        Assert.Equal("True", (await RunOne(workflow, 0)).Text);
        Assert.Single(seen.Distinct());
    }

    [Fact]
    public async Task The_status_is_what_was_published_last_in_the_same_json()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            context.PublishStatus(new { StageIndex = 1 });
            await context.SleepUntil(context.Now + Moment);
            context.PublishStatus(new { StageIndex = 2 });
            return "done";
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", 0);
        Assert.Equal("done", (await engine.EndAsync("one")).Text);
        Assert.Equal(WorkflowRegistry.ToJson(new { StageIndex = 2 }).GetRawText(), (await engine.StatusAsync("one"))!.Value.GetRawText());
    }

    [Fact]
    public async Task A_status_that_is_too_long_is_refused()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", (context, length) =>
        {
            try
            {
                context.PublishStatus(new string('x', length));
                return Task.FromResult("taken");
            }
            catch (ArgumentException)
            {
                return Task.FromResult("refused");
            }
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "long", WorkflowRules.MostStatusCharacters);
        await engine.StartAsync(workflow, "short", WorkflowRules.MostStatusCharacters - 2);
        Assert.Equal("refused taken", $"{(await engine.EndAsync("long")).Text} {(await engine.EndAsync("short")).Text}");
    }

    private static async Task<string> Ended(Task timer)
    {
        try
        {
            await timer;
            return "fired";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }
}
