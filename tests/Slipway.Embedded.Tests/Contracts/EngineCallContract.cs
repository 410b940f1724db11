using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>Activities, children and what is recorded of them: the same on every engine.</summary>
public abstract class EngineCallContract : EngineContractBase
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Inputs_and_outputs_are_recorded_as_the_same_json()
    {
        var echo = Registry.Activity<Letter, Letter>("echo.letter.v1", letter => letter with { PageCount = letter.PageCount + 1 });
        var workflow = Registry.Workflow<Letter, Letter>("main.v1", (context, input) => context.RunActivity(echo, input));
        var ended = await RunOne(workflow, new Letter(ReleaseId.Parse("a-1.0"), 1, TimeSpan.FromMinutes(2), new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), null));
        Assert.True(ended.Completed, ended.ErrorMessage);
        Assert.Equal(WorkflowRegistry.ToJson(new Letter(ReleaseId.Parse("a-1.0"), 2, TimeSpan.FromMinutes(2), new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), null)).GetRawText(), ended.Output!.Value.GetRawText());
    }

    [Fact]
    public async Task A_megabyte_goes_in_and_comes_out()
    {
        var echo = Registry.Activity<string, string>("echo.v1", text => text);
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, length) => $"{(await context.RunActivity(echo, new string('x', length))).Length}");
        Assert.Equal("1000000", (await RunOne(workflow, 1_000_000)).Text);
    }

    [Fact]
    public async Task An_activitys_failure_arrives_with_persisted_name_type_and_whole_message()
    {
        var broken = Registry.Activity<int, string>("broken.thing.v1", _ => throw new InvalidOperationException("no: not\nthis, that", new TimeoutException("late")));
        var workflow = Registry.Workflow<int, string>("main.v1", (context, input) => Caught(() => context.RunActivity(broken, input)));
        Assert.Equal("broken.thing.v1 | System.InvalidOperationException | no: not\nthis, that", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_retried_activity_is_called_as_often_as_the_policy_says_and_the_last_failure_counts()
    {
        var tries = 0;
        var broken = Registry.Activity<int, string>("broken.v1", _ => throw new InvalidOperationException($"try {Interlocked.Increment(ref tries)}"));
        var retry = new ActivityRetry(3, Moment, 2, Moment / 2);
        var workflow = Registry.Workflow<int, string>("main.v1", (context, input) => Caught(() => context.RunActivity(broken, input, retry)));
        Assert.Equal("broken.v1 | System.InvalidOperationException | try 3", (await RunOne(workflow, 0)).Text);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_retried_activity_that_succeeds_gives_its_result()
    {
        var tries = 0;
        var flaky = Registry.Activity<int, string>("flaky.v1", _ => Interlocked.Increment(ref tries) < 3 ? throw new InvalidOperationException("not yet") : $"at try {tries}");
        var workflow = Registry.Workflow<int, string>("main.v1", (context, input) => context.RunActivity(flaky, input, new ActivityRetry(5, Moment, 1, Moment)));
        Assert.Equal("at try 3", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task Parallel_activities_come_back_in_their_own_places_whatever_their_order()
    {
        var slow = Registry.Activity<int, string>("slow.v1", async (moments, stop) =>
        {
            await Task.Delay(Moment * moments, Clock, stop);
            return $"{moments}";
        });
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
            string.Join(' ', await Task.WhenAll(new[] { 3, 1, 2 }.Select(moments => context.RunActivity(slow, moments)))));
        Assert.Equal("3 1 2", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task An_instance_that_throws_fails_with_the_exceptions_type_and_message()
    {
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
        {
            await context.SleepUntil(context.Now);
            throw new InvalidOperationException("a bug: here");
        });
        Assert.Equal("failed: System.InvalidOperationException: a bug: here", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_childs_failure_arrives_with_persisted_name_type_and_message()
    {
        var child = Registry.Workflow<int, string>("child.v1", (_, _) => throw new InvalidOperationException("lost"));
        var workflow = Registry.Workflow<int, string>("main.v1", (context, input) => Caught(() => context.RunChild(child, "one/kid", input)));
        Assert.Equal("child.v1 | System.InvalidOperationException | lost", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_failure_that_passes_through_a_child_names_the_activity_in_its_message()
    {
        var broken = Registry.Activity<int, string>("broken.v1", _ => throw new TimeoutException("no answer"));
        var child = Registry.Workflow<int, string>("child.v1", (context, input) => context.RunActivity(broken, input));
        var workflow = Registry.Workflow<int, string>("main.v1", (context, input) => Caught(() => context.RunChild(child, "one/kid", input)));
        Assert.Equal($"child.v1 | {typeof(ActivityFailedException).FullName} | broken.v1 failed: no answer", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_child_has_the_id_that_it_was_given_slashes_included()
    {
        var child = Registry.Workflow<int, string>("child.v1", (context, _) => Task.FromResult(context.InstanceId));
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, input) => $"{context.InstanceId} {await context.RunChild(child, "one/watch/1", input)}");
        Assert.Equal("one one/watch/1", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_child_that_continues_as_new_answers_with_its_last_run()
    {
        WorkflowName<int, string> child = null!;
        child = Registry.Workflow<int, string>("child.v1", async (context, left) =>
        {
            await context.SleepUntil(context.Now + (Moment / 10));
            if (left > 0) context.ContinueAsNew(left - 1);
            return $"{left} left";
        });
        var workflow = Registry.Workflow<int, string>("main.v1", (context, _) => context.RunChild(child, "one/kid", 5));
        Assert.Equal("0 left", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task What_a_run_left_open_is_not_heard_by_the_next_one()
    {
        var slow = Registry.Activity<int, string>("slow.v1", async (moments, stop) =>
        {
            await Task.Delay(Moment * moments, Clock, stop);
            return $"slow {moments}";
        });
        WorkflowName<int, string> child = null!;
        child = Registry.Workflow<int, string>("child.v1", async (context, run) =>
        {
            var mine = context.RunActivity(slow, run == 0 ? 3 : 9);
            if (run == 0)
            {
                await context.SleepUntil(context.Now + Moment);
                context.ContinueAsNew(1);
                return "";
            }

            return await mine;
        });
        var workflow = Registry.Workflow<int, string>("main.v1", (context, _) => context.RunChild(child, "one/kid", 0));
        Assert.Equal("slow 9", (await RunOne(workflow, 0)).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_a_child_left_open_does_not_keep_its_parent_waiting(bool fails)
    {
        var slow = Registry.Activity<int, string>("slow.v1", async (moments, stop) =>
        {
            await Task.Delay(Moment * moments, Clock, stop);
            return "at last";
        });
        var child = Registry.Workflow<int, string>("child.v1", async (context, _) =>
        {
            var left = context.RunActivity(slow, 40);
            await context.SleepUntil(context.Now + (Moment / 10));
            return fails ? throw new InvalidOperationException("lost") : left.IsCompleted ? "too late" : "ended";
        });
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, input) =>
        {
            var began = context.Now;
            var answer = await Caught(() => context.RunChild(child, "one/kid", input));
            return context.Now - began < Moment * 30 ? answer : $"{answer}, but after {context.Now - began}";
        });
        Assert.Equal(fails ? "child.v1 | System.InvalidOperationException | lost" : "ended", (await RunOne(workflow, 0)).Text);
    }

    [Fact]
    public async Task A_childs_id_is_used_once()
    {
        var child = Registry.Workflow<int, string>("child.v1", (_, input) => Task.FromResult($"{input}"));
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, _) =>
            $"{await context.RunChild(child, "one/kid", 1)} {await Caught(() => context.RunChild(child, "one/kid", 2))}");
        Assert.Equal("1 child.v1 | Slipway.InstanceAlreadyExists | An instance with the id \"one/kid\" exists already.", (await RunOne(workflow, 0)).Text);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_the_code_left_running_does_not_go_on_after_its_end(bool fails)
    {
        var (calls, atEnd) = (0, 0);
        var slow = Registry.Activity<int, int>("slow.v1", async (_, stop) =>
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(Moment, Clock, stop);
            return 0;
        });
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, input) =>
        {
            var forever = Task.WhenAll(Loop(context, slow), Loop(context, null));
            await context.SleepUntil(context.Now + (Moment * 3.5));
            atEnd = calls;
            return fails ? throw new InvalidOperationException("a bug") : $"over {forever.IsCompleted}";
        });
        Assert.Equal(fails ? "failed: System.InvalidOperationException: a bug" : "over False", (await RunOne(workflow, 0)).Text);
        Assert.Equal(atEnd, calls);

        static async Task Loop(IWorkflowContext context, ActivityName<int, int>? slow)
        {
            while (true)
            {
                if (slow is not null) await context.RunActivity(slow, 0);
                await context.SleepUntil(context.Now + (Moment / 10));
            }
        }
    }

    [Fact]
    public async Task A_parent_may_end_before_its_child()
    {
        var child = Registry.Workflow<int, string>("child.v1", async (context, _) =>
        {
            await context.SleepUntil(context.Now + (Moment * 3));
            return "late";
        });
        var workflow = Registry.Workflow<int, string>("main.v1", async (context, input) =>
        {
            _ = context.RunChild(child, "one/kid", input);
            await context.SleepUntil(context.Now + Moment);
            return "early";
        });
        await using var engine = await StartEngineAsync(Registry);
        await engine.StartAsync(workflow, "one", 0);
        Assert.Equal("early", (await engine.EndAsync("one")).Text);
        Assert.Equal("late", (await engine.EndAsync("one/kid")).Text);
    }

    /// <summary>The engine's clock, for activities that take time.</summary>
    private protected abstract TimeProvider Clock { get; }

    /// <summary>A record as workflows exchange them.</summary>
    /// <param name="Release">An id with its own form.</param>
    /// <param name="PageCount">Two words in its name.</param>
    /// <param name="Every">A duration.</param>
    /// <param name="At">A time.</param>
    /// <param name="Note">Null.</param>
    public sealed record Letter(ReleaseId Release, int PageCount, TimeSpan Every, DateTimeOffset At, string? Note);
}
