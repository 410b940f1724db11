using System.Diagnostics;
using Slipway.Cli.Tests;
using Slipway.Cli.Tests.Hosting;

namespace Slipway.Faults.Kills;

/// <summary>
/// A real <c>slipway serve</c> is killed again and again at moments that a seed draws, while people start releases and give commands; then
/// everything that was acknowledged has to be there, done once and ended right.
/// </summary>
internal static class KillLoop
{
    private const int LongestMomentMs = 1_500;

    /// <summary>Enough that a kill hits many phases, and few enough for two busy processors.</summary>
    private const int AtOnce = 5;

    /// <summary>The last kills hit what is under way already, so that the end does not wait for many that have only begun.</summary>
    private const int LastKills = 5;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(int kills, int seed)
    {
        Console.WriteLine($"{kills} kills, --seed {seed}");
        var watch = Stopwatch.StartNew();
        var random = new Random(seed);
        var outages = new List<(DateTimeOffset From, DateTimeOffset To)>();
        var phases = new Dictionary<string, int>(StringComparer.Ordinal);
        using var data = new TemporaryData();
        await using var service = await FedService.StartAsync();
        var fleet = new KillFleet(service, random);
        var early = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            // One in four dies while it starts; the others live until a release was seen under way, and a moment longer.
            var atStart = kill > 1 && random.Next(4) == 0;
            var moment = TimeSpan.FromMilliseconds(random.Next(LongestMomentMs));
            early += atStart ? 1 : 0;
            fleet.AtLeast = kill == 1 || kill <= kills - LastKills ? AtOnce : 1;
            await LiveAndDieAsync(data, service, fleet, atStart, moment, outages);
            foreach (var phase in fleet.Phases) phases[$"{phase}"] = phases.GetValueOrDefault($"{phase}") + 1;
            if (kill % 20 == 0) Console.WriteLine($"{kill} kills, {fleet.Releases.Count} releases, {watch.Elapsed:hh\\:mm\\:ss}");
        }

        fleet.AtLeast = 0;
        var aftermath = new KillAftermath(data, fleet.Releases);
        using (var last = await StartAsync(data, outages))
        {
            service.Connect(last.File);
            using var limit = new CancellationTokenSource(Limit);
            await fleet.RunAsync(last, limit.Token);
            Assert.True(fleet.HasEnded, $"not ended in time: {fleet.Describe()}");
            await aftermath.CheckServedAsync(last, default);
        }

        await aftermath.CheckFlagsAsync(default);
        var (entries, verdicts) = await KilledLedgers.CheckAsync(data.Path, fleet.Releases, outages);
        Console.WriteLine($"{kills} kills ({early} of them while it started) in {watch.Elapsed:hh\\:mm\\:ss}; releases hit, by phase: {string.Join(", ", phases.OrderByDescending(phase => phase.Value).Select(phase => $"{phase.Key} {phase.Value}"))}");
        Console.WriteLine($"{fleet.Releases.Count} releases ended right: {string.Join(", ", fleet.Releases.GroupBy(release => release.Fate).Select(fate => $"{fate.Count()} {fate.Key.ToString().ToLowerInvariant()}"))}");
        Console.WriteLine($"checked: {entries} ledger entries, {verdicts} verdicts computed again, {aftermath.Changes} flag changes, {aftermath.Hooks} hook effects, {aftermath.Mails} mails");
    }

    private static async Task LiveAndDieAsync(
        TemporaryData data, FedService service, KillFleet fleet, bool atStart, TimeSpan moment, List<(DateTimeOffset From, DateTimeOffset To)> outages)
    {
        using var server = await StartAsync(data, outages);
        service.Connect(server.File);
        using var dead = new CancellationTokenSource();
        var before = fleet.Looks;
        var people = fleet.RunAsync(server, dead.Token);
        if (!atStart) await Deadline.UntilAsync(() => Task.FromResult(fleet.Looks > before), "a release is under way", default, TimeSpan.FromSeconds(60));

        // Not a wait for something: the drawn moment itself.
        await Task.Delay(moment);
        outages.Add((DateTimeOffset.UtcNow, DateTimeOffset.MaxValue));
        await server.KillAsync();
        await dead.CancelAsync();
        await people;
    }

    private static async Task<ServeProcess> StartAsync(TemporaryData data, List<(DateTimeOffset From, DateTimeOffset To)> outages)
    {
        var server = await ServeProcess.StartAsync(data.Path, default);
        if (outages is [.., var last]) outages[^1] = (last.From, DateTimeOffset.UtcNow);
        return server;
    }
}
