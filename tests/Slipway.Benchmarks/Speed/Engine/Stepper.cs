using System.Collections.Concurrent;
using System.Globalization;
using Slipway.Embedded.Engine;
using Slipway.Workflow.Engine;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>
/// An orchestration that runs as many activities as it is told to, so many at a time, and then waits to be told again: with it a history gets as long as
/// it is wanted, and one more event is one more event of it.
/// </summary>
internal sealed class Stepper
{
    private static readonly WorkflowName<int, int> Name = new("speed.stepper.v1");
    private static readonly ActivityName<int, int> Step = new("speed.step.v1");
    private static readonly ActivityName<string, int> Done = new("speed.done.v1");

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    public Stepper() => Registry = new WorkflowRegistry()
        .Add(Name, () => new Orchestration())
        .Add(Step, new Activity<int>(_ => { }))
        .Add(Done, new Activity<string>(id => _waiting[id].TrySetResult()));

    /// <summary>What an engine needs to run it.</summary>
    public WorkflowRegistry Registry { get; }

    /// <summary>Starts one.</summary>
    public static Task StartAsync(EmbeddedEngine engine, string id) => engine.StartAsync(Name, id, 0);

    /// <summary>Has one run activities; completes when they are done, and durably so.</summary>
    /// <param name="engine">Where it runs, or will.</param>
    /// <param name="id">Which one.</param>
    /// <param name="activities">How many.</param>
    /// <param name="atATime">How many of them are under way at the same time.</param>
    public async Task<Task> TellAsync(EmbeddedEngine engine, string id, int activities, int atATime = 1)
    {
        var done = _waiting[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await engine.SignalAsync(id, "go", string.Create(CultureInfo.InvariantCulture, $"{activities} {atATime}"));
        return done.Task;
    }

    /// <summary>Ends one.</summary>
    public static Task EndAsync(EmbeddedEngine engine, string id) => engine.SignalAsync(id, "go", "");

    private sealed class Orchestration : IWorkflow<int, int>
    {
        public async Task<int> RunAsync(IWorkflowContext context, int input)
        {
            while (await context.WaitForSignal("go") is { Length: > 0 } told)
            {
                int[] numbers = [.. told.Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
                for (var done = 0; done < numbers[0]; done += numbers[1])
                    await Task.WhenAll(Enumerable.Range(done, Math.Min(numbers[1], numbers[0] - done)).Select(number => context.RunActivity(Step, number)));
                await context.RunActivity(Done, context.InstanceId);
            }

            return 0;
        }
    }

    private sealed class Activity<T>(Action<T> run) : IActivity<T, int>
    {
        public Task<int> RunAsync(T input, CancellationToken cancellation)
        {
            run(input);
            return Task.FromResult(0);
        }
    }
}
