using Slipway.Embedded.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class ChildTests
{
    private static async Task<string> Try<TInput, TOutput>(IWorkflowContext context, WorkflowName<TInput, TOutput> child, string id, TInput input)
    {
        try
        {
            return $"{await context.RunChild(child, id, input)}";
        }
        catch (ActivityFailedException error)
        {
            return $"{error.Name} {error.ErrorType}: {error.ErrorMessage}";
        }
    }

    [Fact]
    public async Task A_childs_result_comes_back_to_its_parent()
    {
        await using var harness = new EngineHarness();
        var child = harness.Registry.Workflow<int, string>("child.v1", async (context, minutes) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(minutes));
            return $"{context.InstanceId} after {minutes}";
        });
        var parent = harness.Registry.Workflow<int, string>("parent.v1", (context, _) => context.RunChild(child, "kid", 3));
        await harness.RunOne(parent, 0);
        Assert.Equal("kid after 3", await harness.Output("one"));
        Assert.Equal("one", (await harness.Info("kid")).Parent);
    }

    [Fact]
    public async Task A_childs_failure_reaches_its_parent_as_type_and_message()
    {
        await using var harness = new EngineHarness();
        var child = harness.Registry.Workflow<int, string>("child.v1", (_, _) => throw new InvalidOperationException("lost"));
        var parent = harness.Registry.Workflow<int, string>("parent.v1", (context, input) => Try(context, child, "kid", input));
        await harness.RunOne(parent, 0);
        Assert.Equal("child.v1 System.InvalidOperationException: lost", await harness.Output("one"));
        Assert.Equal(InstanceStatus.Failed, (await harness.Info("kid")).Status);
    }

    [Fact]
    public async Task A_child_that_continues_as_new_answers_with_its_last_run_and_keeps_a_short_history()
    {
        await using var harness = new EngineHarness();
        WorkflowName<int, string> child = null!;
        child = harness.Registry.Workflow<int, string>("child.v1", async (context, left) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(1));
            context.PublishStatus(new { left });
            if (left > 0)
                context.ContinueAsNew(left - 1);
            return $"{context.Now:HH:mm} {context.NewGuid()}";
        });
        var parent = harness.Registry.Workflow<int, string>("parent.v1", (context, _) => context.RunChild(child, "kid", 99));
        await harness.RunOne(parent, 0);
        Assert.StartsWith("10:40 ", await harness.Output("one"), StringComparison.Ordinal);
        var kid = await harness.Info("kid");
        Assert.Equal((99, 0, 0), (kid.Run, kid.Input.GetInt32(), kid.CustomStatus!.Value.GetProperty("left").GetInt32()));
        Assert.Equal(4, (await harness.Engine.ReadHistoryAsync("kid")).Count);
        Assert.Equal(0, await harness.Count("engine_timers"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Scheduling_an_id_that_exists_fails_the_task_whether_it_runs_or_is_over(bool over)
    {
        await using var harness = new EngineHarness();
        var child = harness.Registry.Workflow<bool, string>("child.v1", async (context, ends) => ends ? "over" : await context.WaitForSignal("never"));
        var parent = harness.Registry.Workflow<bool, string>("parent.v1", (context, input) => Try(context, child, "kid", input));
        await harness.Engine.StartAsync(child, "kid", over);
        await harness.Run();
        await harness.RunOne(parent, false);
        Assert.Equal("child.v1 Slipway.InstanceAlreadyExists: An instance with the id \"kid\" exists already.", await harness.Output("one"));
        Assert.Equal(over ? InstanceStatus.Completed : InstanceStatus.Running, (await harness.Info("kid")).Status);
    }

    [Fact]
    public async Task A_parent_may_end_before_its_child()
    {
        await using var harness = new EngineHarness();
        var child = harness.Registry.Workflow<int, string>("child.v1", async (context, _) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(30));
            return "late";
        });
        var parent = harness.Registry.Workflow<int, string>("parent.v1", async (context, input) =>
        {
            _ = context.RunChild(child, "kid", input);
            await context.SleepUntil(context.Now.AddMinutes(1));
            return "early";
        });
        await harness.RunOne(parent, 0);
        Assert.Equal("early", await harness.Output("one"));
        Assert.Equal("late", await harness.Output("kid"));
        Assert.Equal(0, await harness.Count("engine_inbox"));
    }

    [Fact]
    public async Task ContinueAsNew_KeepsUnreadSignalsInOrder()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<string, string>("w.v1", async (context, heard) =>
        {
            await context.SleepUntil(context.Now.AddMinutes(1));
            heard += await context.WaitForSignal("letter");
            if (heard.Length < 4)
                context.ContinueAsNew(heard);
            return heard;
        });
        await harness.Engine.StartAsync(workflow, "one", "");
        foreach (var letter in "abcd")
            await harness.Engine.SignalAsync("one", "letter", letter.ToString());
        await harness.Run();
        Assert.Equal("abcd", await harness.Output("one"));
    }
}
