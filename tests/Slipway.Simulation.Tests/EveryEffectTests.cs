using Slipway.Core.Releases;
using Slipway.Embedded.Faults;
using Slipway.Rehearsal.Traffic;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Running;

namespace Slipway.Simulation.Tests;

/// <summary>A release that goes back over all its levels, and a process that dies before or after one effect of it: each effect, one after the other.</summary>
public sealed class EveryEffectTests
{
    /// <summary>With a flag, a pipeline, keys, a further level and a webhook, and nobody to wait for.</summary>
    private static readonly Lazy<SimulationCase> Drawn = new(() => Enumerable.Range(0, 100_000).Select(seed => CaseGenerator.Draw(seed)).First(run =>
        run.Releases is [{ Request: { Flags.Count: > 0, Deploy: not null, Approvals.Count: 0, Gates.Count: 0, Operations.Windows.Count: 0, Communications.Webhooks.Count: > 0, Rollback: { Configuration.Count: > 0, Code: not null } } }]));

    public static TheoryData<string, IncidentKind> Effects =>
        new([.. from operation in IncidentGenerator.Effects from kind in (IncidentKind[])[IncidentKind.CrashBefore, IncidentKind.CrashAfter] select (operation, kind)]);

    [Theory]
    [MemberData(nameof(Effects))]
    public async Task A_process_that_dies_at_any_effect_loses_nothing(string operation, IncidentKind kind)
    {
        var died = 0;
        // Of the ledger, which is written to a hundred times, each third.
        for (var skip = 0; ; skip += operation == "ledger.append" ? 3 : 1)
        {
            var crash = new Incident { Kind = kind, Phase = ReleasePhase.Received, Operation = operation, Skip = skip, Calls = 1, For = TimeSpan.FromSeconds(30) };
            var run = await SimulationRun.OfAsync(Case(crash), onDisk: false);
            Assert.True(run.Violations.Count == 0, $"{crash}: {string.Join('\n', run.Violations)}");
            if (run.Deaths == 0) break;
            died++;
        }

        Assert.True(died > 0, $"{operation} was never called");
    }

    [Fact]
    public async Task The_release_goes_back_over_all_its_levels()
    {
        var run = await SimulationRun.OfAsync(Case(null), onDisk: false);

        Assert.Empty(run.Violations);
        Assert.Equal([ReleasePhase.RolledBack], run.Ends);
        Assert.True(run.Happened[IncidentKind.Unavailable] > 0);
        Assert.Equal(1, run.Happened[IncidentKind.KeyDrift]);
    }

    /// <summary>Its first users get errors, its key is changed meanwhile, and its flag cannot be reached until the further levels have run.</summary>
    private static SimulationCase Case(Incident? crash) => Drawn.Value with
    {
        Releases = [Drawn.Value.Releases[0] with { Defect = new Defect { ErrorsAtLeast = 0.5 }, Stage = 0 }],
        Incidents =
        [
            new Incident { Kind = IncidentKind.KeyDrift, Phase = ReleasePhase.Shifting },
            new Incident { Kind = IncidentKind.Unavailable, Phase = ReleasePhase.RollingBack, Operation = FaultOperations.FlagRestore, For = TimeSpan.FromMinutes(7) },
            .. crash is null ? Array.Empty<Incident>() : [crash],
        ],
    };
}
