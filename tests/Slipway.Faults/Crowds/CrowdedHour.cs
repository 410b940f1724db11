using System.Diagnostics;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Engine;
using Slipway.Scenarios.World;

namespace Slipway.Faults.Crowds;

/// <summary>Many releases at once on one host; half of them breach in the same minute. Each of those has to be back within its budget.</summary>
internal static class CrowdedHour
{
    /// <summary>Level 1 of compensation: flags off, from the moment the rollback begins.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(5);

    /// <summary>All are at their first or second stage then.</summary>
    private static readonly DateTimeOffset Breach = CrowdWorld.Epoch + TimeSpan.FromMinutes(14);

    public static async Task RunAsync(int releases)
    {
        await using var world = new CrowdWorld();
        var watch = Stopwatch.StartNew();
        var off = new Dictionary<string, (DateTimeOffset At, TimeSpan Real)>(StringComparer.Ordinal);
        world.OnFlag = flag =>
        {
            if (flag.Exposure == Percentage.Zero) off[flag.Key.Name] = (world.Time.GetUtcNow(), watch.Elapsed);
        };
        var (broken, healthy) = (new List<ReleaseId>(), new List<ReleaseId>());
        for (var index = 0; index < releases; index++)
        {
            var breaks = index % 2 == 1;
            (breaks ? broken : healthy).Add(await world.StartAsync(
                CrowdWorld.Request($"r{index:0000}"), (canary, at) => breaks && canary && at >= Breach ? 0.3 : 0.002));
        }

        await world.Engine.RunVirtualAsync(Breach);
        var started = watch.Elapsed;
        var exposed = 0;
        foreach (var release in broken) exposed += (await world.Journal.StateAsync(release, default))!.Exposure > Percentage.Zero ? 1 : 0;
        Assert.True(exposed == broken.Count, $"{exposed} of {broken.Count} showed the new version to somebody when it broke");
        await world.Engine.RunVirtualAsync(Breach + TimeSpan.FromHours(12), async () => await AllHaveEndedAsync(world, broken));
        var safe = watch.Elapsed;
        await world.Engine.RunVirtualAsync(Breach + TimeSpan.FromHours(12), async () => await AllHaveEndedAsync(world, healthy));

        var (slowest, found) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var release in broken)
        {
            var entries = await world.Ledger.ReadAsync(release, 0, default);
            await LedgerInvariants.CheckAsync(entries, world.Flags);
            var begun = Assert.Single(entries, entry => entry.Read() is RollbackBegun).At;
            Assert.Equal(ReleasePhase.RolledBack, ReleaseState.Fold(entries).Phase);
            Assert.True(off.TryGetValue(release.Value, out var when), $"the flag of {release} was never turned off");
            slowest = Longer(slowest, when.At - begun);
            found = Longer(found, when.At - Breach);
            Assert.True(when.At - begun <= Budget, $"{release}: its flag was off only {when.At - begun} after its rollback began");
        }

        foreach (var release in healthy)
        {
            var entries = await world.Ledger.ReadAsync(release, 0, default);
            await LedgerInvariants.CheckAsync(entries, world.Flags);
            Assert.True(ReleaseState.Fold(entries).Phase == ReleasePhase.Completed, $"{release} is healthy and ended {ReleaseState.Fold(entries).Phase}");
        }

        // Virtual time stands still while the engine works: what a real host would be late by is the real time that the work took.
        var real = off.Values.Max(when => when.Real) - started;
        Assert.True(real <= Budget, $"the host needed {real} of real time from the breach to the last flag");
        Assert.Empty(world.Incidents);
        Console.WriteLine($"{releases} releases at once, {broken.Count} breached in the same minute: every flag off, {slowest:mm\\:ss} of virtual time at most after its rollback began, {found:mm\\:ss} after the breach");
        Console.WriteLine($"real time: {started:mm\\:ss\\.f} to start them and bring them there, {real:mm\\:ss\\.f} from the breach to the last flag off, {safe - started:mm\\:ss\\.f} to the last verified end, {watch.Elapsed:mm\\:ss} in all");
        Console.WriteLine($"{world.Mails.Sent} mails; {(await world.Engine.ListAsync(InstanceStatus.Faulted)).Count} faulted instances");
    }

    private static async Task<bool> AllHaveEndedAsync(CrowdWorld world, List<ReleaseId> releases)
    {
        foreach (var release in releases)
        {
            if (!await world.HasEndedAsync(release)) return false;
        }

        return true;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
