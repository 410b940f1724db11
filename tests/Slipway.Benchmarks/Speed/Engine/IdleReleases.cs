using System.Diagnostics;
using Slipway.Benchmarks.Speed.Hosts;
using Slipway.Core.Releases;

namespace Slipway.Benchmarks.Speed.Engine;

/// <summary>A host with many releases that wait for people: what each costs in memory, and how long the host takes to start.</summary>
internal sealed class IdleReleases : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly int _releases;

    private IdleReleases(int releases) => _releases = releases;

    /// <summary>How large the file is, in MB.</summary>
    public double MegaBytes => _data.DatabaseBytes / 1e6;

    /// <summary>A file with so many, all of which wait.</summary>
    public static async Task<IdleReleases> MakeAsync(int releases)
    {
        var idle = new IdleReleases(releases);
        await using (var host = ReleaseHost.Start(idle._data.Path))
        {
            var first = await host.StartAsync(ReleaseShapes.Waiting(ReleaseCopies.Id(0)));
            await host.UntilAsync(first, ReleasePhase.Approving);
            await SettleAsync(host, first);
        }

        await using var still = ReleaseHost.Start(idle._data.Path);
        await ReleaseCopies.MakeAsync(still.Database, releases - 1);
        return idle;
    }

    /// <summary>
    /// Starts a host as <c>slipway serve</c> does: opens the file with all its checks, lets the engine take over, repairs what may have been lost, and has
    /// the last release obey a command. Then, after a sweep over all of them, what the heap has grown by.
    /// </summary>
    /// <returns>Seconds until it started, seconds until the engine was ready to, and the bytes of each release.</returns>
    public async Task<(double Start, double Open, double Bytes)> StartAsync()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        await using var host = ReleaseHost.Start(_data.Path);
        var open = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await host.Desk.RepairAsync(default);
        var last = ReleaseId.Parse(ReleaseCopies.Id(_releases - 1));
        var command = new ReleaseCommand($"look-{Guid.NewGuid():n}", ReleaseCommandKind.Promote, "dana@example.com", "nobody may promote what waits for approval");
        await host.Desk.CommandAsync(last, command, default);
        while ((await host.Journal.StateAsync(last, default))!.PendingCommands.Any(pending => pending.Command.Id == command.Id)) await Task.Delay(5);
        var ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await host.Sweeper.SweepAsync(default);
        await SettleAsync(host, last);
        return (ready, open, (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)_releases);
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    /// <summary>Waits until nothing more is written: until a second went by in which a release's ledger did not grow and the engine used no processor to speak of.</summary>
    private static async Task SettleAsync(ReleaseHost host, ReleaseId release)
    {
        for (var seen = 0L; ;)
        {
            var before = SpeedRun.Processor();
            await Task.Delay(1000);
            var (sequence, used) = ((await host.Journal.StateAsync(release, default))!.Sequence, SpeedRun.Processor() - before);
            if (sequence == seen && used < TimeSpan.FromMilliseconds(100)) return;
            seen = sequence;
        }
    }
}
