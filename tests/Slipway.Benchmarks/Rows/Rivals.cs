using Slipway.Benchmarks.Judges;
using Slipway.Benchmarks.Measuring;

namespace Slipway.Benchmarks.Rows;

/// <summary>The other judges, in the order of their columns.</summary>
internal static class Rivals
{
    /// <summary>Those that know no tolerated ratio.</summary>
    public static IReadOnlyList<IStreamJudge> Plain { get; } =
        [LimitJudge.Threshold, LimitJudge.Consecutive, MannWhitneyJudge.EveryFive, MannWhitneyJudge.StageEnd, new RepeatedZJudge()];

    /// <summary>The names of all columns.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Plain.Select(judge => judge.Name), "plain e"];

    /// <summary>The judges of rows at several tolerated ratios: ours and the plain e-process at each, then the others.</summary>
    public static IReadOnlyList<IStreamJudge> Judges(IReadOnlyList<double> tolerances, int minutes, int block = 1, bool offsets = false) =>
    [
        .. tolerances.Select(tolerated => RatioJudge.Ours(tolerated, minutes, block) with { UsesOffsets = offsets }),
        .. tolerances.Select(tolerated => RatioJudge.PlainBinomial(tolerated, minutes)),
        .. Plain,
    ];

    /// <summary>The rivals' part of what <see cref="Judges"/> gave, for the tolerance at an index.</summary>
    public static IReadOnlyList<(string Name, Detections Result)> Of(IReadOnlyList<JudgedRun[]> results, int index, int tolerances, int from) =>
    [
        .. Plain.Select((judge, i) => (judge.Name, Detections.Of(results[(2 * tolerances) + i], from))),
        ("plain e", Detections.Of(results[tolerances + index], from)),
    ];
}
