using Slipway.Embedded.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Tests.Engine;

public sealed class ActivityTests
{
    [Fact]
    public async Task Activities_in_sequence_hand_on_their_results()
    {
        await using var harness = new EngineHarness();
        var add = harness.Registry.Activity<string, string>("add.v1", text => text + "+");
        var workflow = harness.Registry.Workflow<string, string>("w.v1", async (context, input) =>
        {
            for (var i = 0; i < 3; i++)
                input = await context.RunActivity(add, input);
            return input;
        });
        await harness.RunOne(workflow, "a");
        Assert.Equal("a+++", await harness.Output("one"));
        Assert.Equal(0, await harness.Count("engine_outbox"));
    }

    [Fact]
    public async Task Parallel_activities_all_run_and_come_back_in_their_own_places()
    {
        await using var harness = new EngineHarness();
        var slow = harness.Registry.Activity<int, string>("slow.v1", async (minutes, stop) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(minutes), harness.Time, stop);
            return $"{minutes}@{harness.Time.GetUtcNow():HH:mm}";
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
            string.Join(' ', await Task.WhenAll(new[] { 3, 1, 2 }.Select(minutes => context.RunActivity(slow, minutes)))));
        await harness.RunOne(workflow, 0);
        Assert.Equal("3@09:03 1@09:01 2@09:02", await harness.Output("one"));
        var ends = (await harness.Engine.ReadHistoryAsync("one")).Where(line => line.Kind == HistoryEventKind.ActivityCompleted);
        Assert.Equal([1, 2, 0], ends.Select(line => line.Step!.Value));
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        await using var harness = new EngineHarness(options: new EngineOptions { MaxConcurrentActivities = 2 });
        var (now, most) = (0, 0);
        var slow = harness.Registry.Activity<int, int>("slow.v1", async (_, stop) =>
        {
            most = Math.Max(most, ++now);
            await Task.Delay(TimeSpan.FromMinutes(1), harness.Time, stop);
            now--;
            return 0;
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, _) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.RunActivity(slow, i)));
            return $"{context.Now:HH:mm}";
        });
        await harness.RunOne(workflow, 0);
        Assert.Equal(2, most);
        Assert.Equal("09:03", await harness.Output("one"));
    }

    [Fact]
    public async Task A_failing_activity_is_tried_again_with_growing_bounded_pauses()
    {
        await using var harness = new EngineHarness();
        var tries = new List<double>();
        var flaky = harness.Registry.Activity<int, string>("flaky.v1", _ =>
        {
            tries.Add((harness.Time.GetUtcNow() - EngineHarness.Start).TotalSeconds);
            return tries.Count < 5 ? throw new InvalidOperationException("not yet") : "done";
        });
        var retry = new ActivityRetry(Attempts: 6, First: TimeSpan.FromSeconds(10), Factor: 2, Longest: TimeSpan.FromSeconds(35));
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, input) => context.RunActivity(flaky, input, retry));
        await harness.RunOne(workflow, 0);
        Assert.Equal("done", await harness.Output("one"));
        Assert.Equal([0, 10, 30, 65, 100], tries);
        Assert.Equal(4, harness.Incidents.Count);
        Assert.Contains("flaky.v1 failed (attempt 1 of 6), next attempt in 00:00:10: not yet", harness.Incidents[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_failure_reaches_the_workflow_as_type_and_message()
    {
        await using var harness = new EngineHarness();
        var tries = 0;
        var broken = harness.Registry.Activity<int, string>("broken.v1", _ => throw new InvalidOperationException($"try {++tries}"));
        var retry = new ActivityRetry(2, TimeSpan.FromSeconds(1), 1, TimeSpan.FromSeconds(1));
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            try
            {
                return await context.RunActivity(broken, input, retry);
            }
            catch (ActivityFailedException error)
            {
                return $"{error.Name} {error.ErrorType} {error.ErrorMessage}";
            }
        });
        await harness.RunOne(workflow, 0);
        Assert.Equal("broken.v1 System.InvalidOperationException try 2", await harness.Output("one"));
        Assert.Equal(0, await harness.Count("engine_outbox"));
    }

    [Fact]
    public async Task An_uncaught_failure_fails_the_instance()
    {
        await using var harness = new EngineHarness();
        var broken = harness.Registry.Activity<int, string>("broken.v1", _ => throw new InvalidOperationException("no"));
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, input) => context.RunActivity(broken, input));
        var info = await harness.RunOne(workflow, 0);
        Assert.Equal(InstanceStatus.Failed, info.Status);
        Assert.Equal("broken.v1 failed: no", info.ErrorMessage);
        Assert.Equal(typeof(ActivityFailedException).FullName, info.ErrorType);
    }

    [Fact]
    public async Task An_activity_that_is_not_registered_fails_by_name()
    {
        await using var harness = new EngineHarness();
        var workflow = harness.Registry.Workflow<int, string>("w.v1", (context, input) =>
            context.RunActivity(new ActivityName<int, string>("nowhere.v1"), input));
        Assert.Equal("nowhere.v1 failed: No activity with the name nowhere.v1 is registered.", (await harness.RunOne(workflow, 0)).ErrorMessage);
    }

    [Fact]
    public async Task A_hanging_activity_runs_into_its_timeout_on_the_virtual_clock()
    {
        await using var harness = new EngineHarness();
        var hanging = harness.Registry.Activity<int, string>("hang.v1", async (_, stop) =>
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), harness.Time);
            await Task.Delay(Timeout.Infinite, timeout.Token);
            return "never";
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            try
            {
                return await context.RunActivity(hanging, input);
            }
            catch (ActivityFailedException)
            {
                return $"gave up at {context.Now:HH:mm:ss}";
            }
        });
        await harness.RunOne(workflow, 0);
        Assert.Equal("gave up at 09:00:30", await harness.Output("one"));
    }

    [Fact]
    public async Task Time_stands_still_while_an_activity_waits_for_the_real_world()
    {
        await using var harness = new EngineHarness();
        var outside = new TaskCompletionSource();
        var real = harness.Registry.Activity<int, string>("real.v1", async (_, _) =>
        {
            await outside.Task;
            return $"{harness.Time.GetUtcNow():HH:mm}";
        });
        var workflow = harness.Registry.Workflow<int, string>("w.v1", async (context, input) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.SleepUntil(context.Now.AddMinutes(5), cancel.Token);
            var result = await context.RunActivity(real, input);
            cancel.Cancel();
            return result;
        });
        await harness.Engine.StartAsync(workflow, "one", 0);
        var running = harness.Run();
        outside.SetResult();
        Assert.Equal(VirtualRunEnd.Idle, await running);
        Assert.Equal("09:00", await harness.Output("one"));
    }
}
