using Slipway.Core.Releases;
using Slipway.Simulation.Cases;
using Slipway.Simulation.Running;

namespace Slipway.Simulation.Reporting;

/// <summary>Something that was broken.</summary>
/// <param name="Seed">The seed of the run.</param>
/// <param name="Violations">What it broke.</param>
internal sealed record Finding(long Seed, IReadOnlyList<string> Violations);

/// <summary>The sum of many runs.</summary>
internal sealed class SimulationReport
{
    private static readonly ReleasePhase[] Phases = [.. Enum.GetValues<ReleasePhase>().Except([ReleasePhase.Completed, ReleasePhase.RolledBack, ReleasePhase.Failed])];

    public required long First { get; init; }

    public int Runs { get; private set; }

    public long Steps { get; private set; }

    public long Entries { get; private set; }

    public long Deaths { get; private set; }

    public int Refused { get; private set; }

    public SortedDictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<ReleasePhase, int> Ends { get; } = [];

    public SortedDictionary<IncidentKind, long> Faults { get; } = [];

    public HashSet<(ReleasePhase Phase, ReleaseCommandKind? Command, IncidentKind Fault)> Met { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <summary>The triples of phase that a release moves in, command (or none), and kind of incident before it (or none).</summary>
    public static int Triples => Phases.Length * (Enum.GetValues<ReleaseCommandKind>().Length + 1) * Enum.GetValues<IncidentKind>().Length;

    /// <summary>How many of them were met.</summary>
    public int TriplesMet => Met.Count(triple => Phases.Contains(triple.Phase));

    public void Add(SimulationRun run)
    {
        Runs++;
        Steps += run.Steps;
        Entries += run.Entries;
        Deaths += run.Deaths;
        Refused += run.Refused;
        foreach (var why in run.Refusals) Refusals[why] = Refusals.GetValueOrDefault(why) + 1;
        foreach (var end in run.Ends) Ends[end] = Ends.GetValueOrDefault(end) + 1;
        foreach (var (kind, count) in run.Happened) Faults[kind] = Faults.GetValueOrDefault(kind) + count;
        Met.UnionWith(run.Met);
    }
}
