using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Promotion;

/// <summary>
/// One metric's counts over the bake of one stage, in at most <see cref="MostSegments"/> equally long segments: when they are full,
/// neighbours are added together and each becomes twice as long. So a bake of any length has a last half, and a bounded size.
/// </summary>
public sealed record StageSeries
{
    /// <summary>How many segments there are at most.</summary>
    public const int MostSegments = 16;

    /// <summary>A stage without evidence.</summary>
    public static StageSeries Empty { get; } = new();

    /// <summary>How many intervals a full segment has.</summary>
    public int SegmentLength { get; init; } = 1;

    /// <summary>The segments, oldest first; the last may not be full.</summary>
    public IReadOnlyList<CountSums> Segments { get; init; } = [];

    /// <summary>Everything.</summary>
    public CountSums Whole() => Sum(0);

    /// <summary>The newest segments that hold at least half of the intervals.</summary>
    public CountSums LastHalf()
    {
        var intervals = Segments.Sum(segment => segment.Intervals);
        var (from, taken) = (Segments.Count, 0);
        while (from > 0 && 2 * taken < intervals) taken += Segments[--from].Intervals;
        return Sum(from);
    }

    /// <summary>The series with one interval more; one that cannot be compared changes nothing.</summary>
    public StageSeries Add(in ArmCounts counts)
    {
        if (!counts.Comparable) return this;
        var sums = CountSums.Of(counts);
        if (Segments.Count > 0 && Segments[^1].Intervals < SegmentLength) return this with { Segments = [.. Segments.SkipLast(1), Segments[^1] + sums] };
        if (Segments.Count < MostSegments) return this with { Segments = [.. Segments, sums] };
        return new StageSeries
        {
            SegmentLength = 2 * SegmentLength,
            Segments = [.. Segments.Chunk(2).Select(pair => pair[0] + pair[1]), sums],
        };
    }

    private CountSums Sum(int from)
    {
        var sum = default(CountSums);
        for (var i = from; i < Segments.Count; i++) sum += Segments[i];
        return sum;
    }
}
