using Slipway.Benchmarks.Measuring;
using Slipway.Benchmarks.Reporting;
using Slipway.Benchmarks.Statistics;
using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Rows;

/// <summary>Healthy releases of one kind at several base rates and traffics: how often each judge rolls one back.</summary>
/// <param name="Section">The part of the table.</param>
/// <param name="Case">The row's name.</param>
/// <param name="Cells">The combinations.</param>
/// <param name="Runs">Releases of each.</param>
/// <param name="RivalRuns">So many of them are shown to the rivals.</param>
internal sealed record NullFamily(string Section, string Case, IReadOnlyList<StreamCase> Cells, int Runs, int RivalRuns)
{
    /// <summary>The tolerated ratios.</summary>
    public IReadOnlyList<double> Tolerances { get; init; } = [1.25, 1.0];

    /// <summary>How many minutes are judged as one.</summary>
    public int Block { get; init; } = 1;

    /// <summary>Whether A/A offsets are allowed for.</summary>
    public bool Offsets { get; init; }

    /// <summary>Draws a run.</summary>
    public Func<StreamCase, int, ReleaseStream> Draw { get; init; } = MinuteStream.Draw;

    /// <summary>The goals, given the tolerance, all runs, the worst cell and releases with two metrics.</summary>
    public Func<double, Share, Share, Share, IReadOnlyList<Goal>> Goals { get; init; } = (_, _, _, _) => [];

    /// <summary>A row for each tolerated ratio.</summary>
    public IEnumerable<Row> Measure()
    {
        var cells = Cells.Select(cell => (Cell: cell, Results: Judging.Run(
            Runs, 0, run => Draw(cell, run), Rivals.Judges(Tolerances, cell.Minutes, Block, Offsets), Tolerances.Count, RivalRuns))).ToArray();
        JudgedRun[][] all = [.. cells[0].Results.Select((_, judge) => cells.SelectMany(cell => cell.Results[judge]).ToArray())];
        for (var i = 0; i < Tolerances.Count; i++)
        {
            var index = i;
            var worst = cells.Select(cell => (Name: cell.Cell.Cell, Share: RolledBack(cell.Results[index]))).MaxBy(cell => cell.Share.Rate);
            var worstShare = worst.Share.WorstOf(Cells.Count);
            var (result, two) = (RolledBack(all[i]), RolledBackOfTwo(all[i]));
            yield return new Row
            {
                Section = Section,
                Case = Case,
                Tolerance = Tolerances[i],
                Runs = Runs * Cells.Count,
                Result = result,
                Worst = Cells.Count > 1 ? worstShare : null,
                WorstCell = Cells.Count > 1 ? worst.Name : null,
                TwoMetrics = two,
                Goals = Goals(Tolerances[i], result, worstShare, two),
                Rivals = Rivals.Of(all, i, Tolerances.Count, 0),
            };
        }
    }

    private static Share RolledBack(JudgedRun[] runs) => new(runs.Count(run => run.Alarm is not null), runs.Length);

    /// <summary>Two runs in a row are the two metrics of one release.</summary>
    private static Share RolledBackOfTwo(JudgedRun[] runs) => new(
        Enumerable.Range(0, runs.Length / 2).Count(i => runs[2 * i].Alarm is not null || runs[(2 * i) + 1].Alarm is not null), runs.Length / 2);
}
