using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Commands, meddling and faults in whatever order a seed gives: every invariant holds, and the release ends.</summary>
public class OddOrderStories
{
    private const string Second = "search-v2-cache";

    private static readonly ReleaseCommandKind[] Kinds =
    [
        ReleaseCommandKind.Pause, ReleaseCommandKind.Resume, ReleaseCommandKind.Resume, ReleaseCommandKind.Resume, ReleaseCommandKind.Promote,
        ReleaseCommandKind.Promote, ReleaseCommandKind.Promote, ReleaseCommandKind.Extend, ReleaseCommandKind.AcknowledgeNotices,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SLIPWAY_SEEDS") ?? "12", System.Globalization.CultureInfo.InvariantCulture))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_the_order_the_invariants_hold_and_the_release_ends(int seed)
    {
        var random = new Random(seed);
        await using var world = new ReleaseWorld(Faults(random));
        var appends = new Random(seed + 1_000);
        world.Ledger.AppendDelay = _ => TimeSpan.FromSeconds(appends.Next(4) == 0 ? appends.Next(3) : 0);
        var request = Requests.Canary() with { Flags = [new FlagSpec { Name = Requests.Flag, KillSwitch = true }, new FlagSpec { Name = Second, KillSwitch = true }] };
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { BlindThen = random.Next(2) == 0 ? BlindAction.Pause : BlindAction.Rollback } });
        var now = TimeSpan.Zero;
        for (var step = 0; step < 40 && !(await world.StateAsync(release)).IsTerminal; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(1, 40) : random.Next(30, 300));
            await world.RunUntilAsync(now);
            for (var count = random.Next(1, 4); count > 0; count--) await ActAsync(world, release, random);
        }

        now += TimeSpan.FromSeconds(20);
        await world.RunUntilAsync(now);
        if (!(await world.StateAsync(release)).IsTerminal) await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);
        await world.RunUntilAsync(now + TimeSpan.FromDays(4));

        if (state.Phase == ReleasePhase.Completed) Assert.Equal(Percentage.Full, await world.ExposureAsync());
        if (state.Phase == ReleasePhase.RolledBack) Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        if (state.Phase == ReleasePhase.RolledBack) Assert.Equal(Percentage.Zero, await world.ExposureAsync(Second));
        await Invariants.CheckAsync(world, release);
    }

    private static FaultRule[] Faults(Random random)
    {
        var rules = new List<FaultRule>();
        foreach (var operation in new[] { FaultOperations.FlagSet, FaultOperations.FlagRead, FaultOperations.MetricRead, FaultOperations.Mail, FaultOperations.Probe })
        {
            var from = ReleaseWorld.Epoch.AddMinutes(random.Next(1, 90));
            var when = FaultRule.Between(from, from.AddMinutes(random.Next(1, operation == FaultOperations.Mail ? 600 : 9)));
            if (random.Next(3) == 0) rules.Add(FaultRule.Unavailable(operation, when));
        }

        if (random.Next(2) == 0)
        {
            var (first, slow) = (random.Next(1, 8), TimeSpan.FromSeconds(random.Next(5, 60)));
            rules.Add(FaultRule.Slow(FaultOperations.FlagSet, slow, FaultRule.Calls(first, first + random.Next(4))));
        }

        if (random.Next(3) == 0) rules.Add(FaultRule.Slow(FaultOperations.MetricRead, TimeSpan.FromSeconds(25)));
        if (random.Next(4) == 0) rules.Add(FaultRule.AnswerLost(FaultOperations.FlagSet, FaultRule.Call(random.Next(1, 8))));
        return [.. rules];
    }

    private static async Task ActAsync(ReleaseWorld world, ReleaseId release, Random random)
    {
        var dice = random.Next(60);
        if ((await world.StateAsync(release)).IsTerminal) return;
        if (dice < 2) await world.CommandBeginAsync(release, dice == 0 ? ReleaseCommandKind.RollBack : ReleaseCommandKind.Abort);
        else if (dice < 4) await world.MeddleAsync(random.Next(2) == 0 ? Requests.Flag : Second, new Percentage(random.Next(101)));
        else if (dice < 12)
        {
            // Somebody puts the flags back to where the release left them.
            var state = await world.StateAsync(release);
            foreach (var flag in state.DriftedFlags.Concat([Requests.Flag, Second]).Distinct())
            {
                if (state.Flags.TryGetValue(flag, out var left) && (await world.ExposureAsync(flag)) != left.Exposure) await world.MeddleAsync(flag, left.Exposure);
            }
        }
        else await world.CommandBeginAsync(release, Kinds[random.Next(Kinds.Length)], TimeSpan.FromMinutes(random.Next(1, 15)));
    }
}
