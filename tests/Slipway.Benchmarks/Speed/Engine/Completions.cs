using System.Diagnostics;
using Slipway.Benchmarks.Speed.Hosts;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>How many activities complete in a second, each of them durably before the next one of its orchestration begins.</summary>
internal static class Completions
{
    /// <summary>Many orchestrations at once, beside single commits on the same disk.</summary>
    public static async Task<(double ASecond, double Commits, double Ratio)> MeasureAsync(SpeedRun run, int orchestrations, int activities)
    {
        using var data = new TemporaryData();
        using var commits = new SingleCommits(data.Path);
        var stepper = new Stepper();
        await using var file = EngineFile.Start(data.Path, stepper.Registry);
        await Task.WhenAll(Enumerable.Range(0, orchestrations).Select(number => Stepper.StartAsync(file.Engine, Id(number))));
        await PassAsync();
        var (single, completions, ratio) = await run.SideBySideAsync(() => Task.FromResult(commits.ASecond(run.Size(2000, 400))), PassAsync);
        return (completions, single, ratio);

        async Task<double> PassAsync()
        {
            var start = Stopwatch.GetTimestamp();
            var told = await Task.WhenAll(Enumerable.Range(0, orchestrations).Select(number => stepper.TellAsync(file.Engine, Id(number), activities)));
            await file.UntilAsync(Task.WhenAll(told));
            return orchestrations * activities / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static string Id(int number) => FormattableString.Invariant($"steps-{number}");
}
