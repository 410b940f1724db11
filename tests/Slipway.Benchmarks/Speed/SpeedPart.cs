using Slipway.Benchmarks.Speed.Documents;
using Slipway.Benchmarks.Speed.Engine;
using Slipway.Benchmarks.Speed.Reaction;
using Slipway.Benchmarks.Speed.Web;

namespace Slipway.Benchmarks.Speed;

/// <summary>A group of rows that are measured together.</summary>
/// <param name="Name">The word that asks for it alone.</param>
/// <param name="Title">What stands above its rows.</param>
/// <param name="Measure">Measures it, row by row.</param>
internal sealed record SpeedPart(string Name, string Title, Func<SpeedRun, IAsyncEnumerable<SpeedRow>> Measure)
{
    /// <summary>All parts, in the order of the table.</summary>
    public static IReadOnlyList<SpeedPart> All { get; } =
    [
        new("verdicts", "Verdicts, on one core", VerdictSpeed.MeasureAsync),
        new("engine", "Engine, on its file", EngineSpeed.MeasureAsync),
        new("reaction", "Reaction, from a breach that is stored to its flag verified off", ReactionSpeed.MeasureAsync),
        new("rehearsals", "Rehearsals, processor time", RehearsalSpeed.MeasureAsync),
        new("web", "Web: a server with many releases, requests at a fixed rate, the client on the same cores", WebSpeed.MeasureAsync),
        new("documents", "Documents and report, on one core", DocumentSpeed.MeasureAsync),
    ];
}
