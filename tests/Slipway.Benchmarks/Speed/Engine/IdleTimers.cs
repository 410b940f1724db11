using System.Collections.Concurrent;
using Slipway.Benchmarks.Speed.Hosts;
using Slipway.Workflow.Engine;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>Many orchestrations that wait for a moment each: how late they are when it has come.</summary>
internal static class IdleTimers
{
    private static readonly WorkflowName<DateTimeOffset, int> Name = new("speed.sleeper.v1");
    private static readonly ActivityName<DateTimeOffset, int> Woken = new("speed.woken.v1");

    /// <summary>Activities of each before it sleeps, so that it has something to remember.</summary>
    private const int Before = 10;

    /// <summary>Lets so many sleep at once, and wakes them one after the other, evenly over a time.</summary>
    /// <returns>How late each was, in milliseconds: until its next activity ran, behind the commit that it woke.</returns>
    public static async Task<IReadOnlyList<double>> MeasureAsync(int sleepers, TimeSpan over, TimeSpan ahead)
    {
        using var data = new TemporaryData();
        var late = new ConcurrentBag<double>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registry = new WorkflowRegistry().Add(Name, () => new Sleeper()).Add(Woken, new Wake(due =>
        {
            if (due == default) return;
            late.Add((DateTimeOffset.UtcNow - due).TotalMilliseconds);
            if (late.Count == sleepers) all.TrySetResult();
        }));
        await using var file = EngineFile.Start(data.Path, registry);
        var first = DateTimeOffset.UtcNow + ahead;
        await Task.WhenAll(Enumerable.Range(0, sleepers).Select(number => file.Engine.StartAsync(Name, FormattableString.Invariant($"sleeper-{number}"), first + (over * ((double)number / sleepers)))));
        await file.UntilAsync(all.Task);
        return [.. late];
    }

    private sealed class Sleeper : IWorkflow<DateTimeOffset, int>
    {
        public async Task<int> RunAsync(IWorkflowContext context, DateTimeOffset due)
        {
            for (var i = 0; i < Before; i++) await context.RunActivity(Woken, default);
            if (context.Now >= due) throw new InvalidOperationException("It was not asleep when its moment came; it has to lie further ahead.");
            await context.SleepUntil(due);
            return await context.RunActivity(Woken, due);
        }
    }

    private sealed class Wake(Action<DateTimeOffset> run) : IActivity<DateTimeOffset, int>
    {
        public Task<int> RunAsync(DateTimeOffset input, CancellationToken cancellation)
        {
            run(input);
            return Task.FromResult(0);
        }
    }
}
