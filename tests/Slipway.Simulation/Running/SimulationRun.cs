using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Simulation.Cases;
using Slipway.Simulation.World;
using Slipway.Web.Words;

namespace Slipway.Simulation.Running;

/// <summary>How one run went.</summary>
internal sealed record SimulationRun
{
    /// <summary>What was broken; empty: nothing.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>How many commits the engine made.</summary>
    public required int Steps { get; init; }

    /// <summary>How many entries the ledgers have.</summary>
    public required int Entries { get; init; }

    /// <summary>How often the process died.</summary>
    public required int Deaths { get; init; }

    /// <summary>How many releases were not taken.</summary>
    public required int Refused { get; init; }

    /// <summary>Why releases were not taken.</summary>
    public required IReadOnlyList<string> Refusals { get; init; }

    /// <summary>How the releases ended.</summary>
    public required IReadOnlyList<ReleasePhase> Ends { get; init; }

    /// <summary>The hashes of the newest entries: two runs with the same are the same entry for entry.</summary>
    public IReadOnlyList<string> Heads { get; init; } = [];

    /// <summary>How often each kind of incident happened.</summary>
    public required IReadOnlyDictionary<IncidentKind, int> Happened { get; init; }

    /// <summary>Where commands met which phase while what was wrong.</summary>
    public required IReadOnlySet<(ReleasePhase Phase, ReleaseCommandKind? Command, IncidentKind Fault)> Met { get; init; }

    /// <summary>What happened, for people; null unless something was broken.</summary>
    public IReadOnlyList<string>? Log { get; init; }

    /// <summary>A run takes a fraction of a second; one that takes so long waits for something that never comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a case; that it does not end is a violation too.</summary>
    public static async Task<SimulationRun> BeforeItHangsAsync(SimulationCase run, Mutation? mutation = null)
    {
        var running = OfAsync(run, mutation);
        if (await Task.WhenAny(running, Task.Delay(Patience)) == running) return await running;
        return new SimulationRun
        {
            Violations = ["7: the run hangs"],
            Steps = 0,
            Entries = 0,
            Deaths = 0,
            Refused = 0,
            Refusals = [],
            Ends = [],
            Happened = new Dictionary<IncidentKind, int>(),
            Met = new HashSet<(ReleasePhase, ReleaseCommandKind?, IncidentKind)>(),
        };
    }

    /// <summary>Runs a case.</summary>
    /// <param name="run">The case.</param>
    /// <param name="mutation">A planted bug; null: none.</param>
    /// <param name="onDisk">Whether the engine stores in a database, or in memory; null: as the case says.</param>
    public static async Task<SimulationRun> OfAsync(SimulationCase run, Mutation? mutation = null, bool? onDisk = null)
    {
        await using var world = new SimulatedWorld(run, mutation, onDisk);
        var violations = new List<string>();
        try
        {
            await world.RunAsync();
        }
        catch (Exception failure)
        {
            violations.Add($"the run ended with {failure.GetType().Name}: {failure.Message}\n{failure.StackTrace}");
        }

        violations.AddRange(world.Monitor.Violations);
        if (violations.Count == 0) violations.AddRange(await OutsideRecords.CheckAsync(world));
        var releases = world.Ledgers.Releases.ToList();
        return new SimulationRun
        {
            Violations = violations,
            Steps = world.Steps,
            Entries = releases.Sum(release => world.Ledgers.EntriesOf(release).Count),
            Deaths = world.Deaths,
            Refused = world.Refused,
            Refusals = world.Refusals,
            Ends = [.. releases.Select(release => world.Monitor.PhaseOf(release))],
            Heads = [.. releases.Select(release => world.Ledgers.EntriesOf(release)[^1].Hash)],
            Happened = world.Director.Happened,
            Met = world.Met,
            Log = violations.Count == 0 ? null : [.. releases.SelectMany(release => world.Ledgers.EntriesOf(release)).OrderBy(entry => entry.At).Select(Line)],
        };
    }

    private static string Line(LedgerEntry entry) => $"{entry.At:yyyy-MM-dd HH:mm:ss.fff}Z {LedgerText.Of(entry) ?? entry.Type}";
}
