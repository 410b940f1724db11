using System.Diagnostics;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Engine;

namespace Slipway.Faults.Crowds;

/// <summary>
/// A host over weeks: releases come and go, some bake for days, some are rolled back, aftercare lasts a week. What it keeps in memory must not grow
/// with what is over.
/// </summary>
internal static class QuietWeek
{
    /// <summary>What the last day may need more than the first.</summary>
    private const double Flat = 1.10;

    /// <summary>Aftercare lasts a week, and reminds for four more where nobody ticks off what is to do, as here: only then as much ends as begins.</summary>
    private const int WarmUpDays = 39;

    private static readonly TimeSpan Between = TimeSpan.FromHours(6);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(10);

    public static async Task RunAsync()
    {
        await using var world = new CrowdWorld();
        var watch = Stopwatch.StartNew();
        var services = new Queue<(string Name, DateTimeOffset Until)>();
        var sizes = new List<(long Bytes, int Running)>();
        var releases = new List<ReleaseId>();
        for (var day = 0; day < WarmUpDays + 7; day++)
        {
            // The first of each day bakes for two days, under watch all along.
            for (var number = 0; number < 24 / Between.Hours; number++)
            {
                while (services.TryPeek(out var old) && old.Until < world.Time.GetUtcNow()) world.Services.Remove(services.Dequeue().Name);
                var name = $"r{releases.Count:0000}";
                services.Enqueue((name, world.Time.GetUtcNow().AddDays(12)));
                var (breaks, begun) = (number % 4 == 1, world.Time.GetUtcNow());
                releases.Add(await world.StartAsync(
                    number == 0 ? Long(CrowdWorld.Request(name)) : CrowdWorld.Request(name), (canary, at) => breaks && canary && at >= begun.AddMinutes(20) ? 0.3 : 0.002));
                await world.RunAsync(Between, Sweep);
            }

            sizes.Add((GC.GetTotalMemory(forceFullCollection: true), (await world.Engine.ListAsync(InstanceStatus.Running, take: 10_000)).Count));
            if (day >= WarmUpDays || day % 5 == 4) Console.WriteLine($"day {day + 1 - WarmUpDays,3}: {sizes[^1].Bytes / 1e6:0.0} MB of managed memory, {sizes[^1].Running} orchestrations run, {releases.Count} releases so far, {watch.Elapsed:mm\\:ss}");
        }

        var ended = 0;
        foreach (var release in releases) ended += await world.HasEndedAsync(release) ? 1 : 0;
        Assert.True(ended > releases.Count * 0.9, $"{ended} of {releases.Count} releases have ended");
        var (first, last) = (sizes[WarmUpDays], sizes[^1]);
        Assert.True(last.Bytes <= first.Bytes * Flat, $"{last.Bytes:N0} bytes on day 7, {first.Bytes:N0} on day 1");
        Console.WriteLine($"a week after {WarmUpDays} days of warm-up: {first.Bytes / 1e6:0.0} MB on day 1, {last.Bytes / 1e6:0.0} MB on day 7; {ended} of {releases.Count} releases ended, {world.Mails.Sent} mails, {world.Incidents.Count} incidents");
    }

    private static ReleaseRequest Long(ReleaseRequest request) => request with
    {
        Stages = [new StageSpec { Percentage = new(5), Bake = TimeSpan.FromDays(1) }, new StageSpec { Percentage = new(100), Bake = TimeSpan.FromDays(1) }],
    };
}
