using Slipway.Core.Analysis.Limits;
using Slipway.Core.Analysis.Promotion;
using Slipway.Core.Analysis.Sequential;

namespace Slipway.Core.Analysis.Judging;

/// <summary>What is remembered of one guardrail in one region, or in the pool of all. A value: it is handed on as a copy.</summary>
public sealed record GuardrailMemory
{
    /// <summary>The test against the control arm; over all stages.</summary>
    public RatioTestState Ratio { get; init; } = new();

    /// <summary>The test against the limit; over all intervals without a control arm. Null before the first.</summary>
    public LimitTestState? Limit { get; init; }

    /// <summary>What counts for the promotion of the present stage.</summary>
    public StageSeries Stage { get; init; } = StageSeries.Empty;

    /// <summary>What was compared with the limit in the present stage, as canary.</summary>
    public ArmCounts StageLimit { get; init; }

    /// <summary>The control arm's latencies of all intervals; empty for errors.</summary>
    public LatencyHistogram Usual { get; init; } = LatencyHistogram.Empty;

    /// <summary>Counts of a block of intervals that is not complete.</summary>
    public ArmCounts Block { get; init; }

    /// <summary>How many intervals that block has.</summary>
    public int BlockIntervals { get; init; }

    /// <summary>Both arms' counts since the evidence has been speaking against the canary; the limit's in the canary alone.</summary>
    public ArmCounts Against { get; init; }

    /// <summary>Since when; null while it does not.</summary>
    public DateTimeOffset? AgainstSince { get; init; }

    /// <summary>When the evidence first sufficed for a rollback; null: it does not.</summary>
    public DateTimeOffset? CrossedAt { get; init; }

    /// <summary>A copy whose test, that against the control arm or that against the limit, can be updated.</summary>
    internal GuardrailMemory Fresh(bool compares) => compares ? this with { Ratio = Ratio.Copy() } : this with { Limit = Limit?.Copy() };
}

/// <summary>What is remembered of one business metric in the present stage.</summary>
public sealed record KpiMemory
{
    /// <summary>The canary's values.</summary>
    public KpiSample Canary { get; init; } = new(0, 0, 0);

    /// <summary>The control arm's values.</summary>
    public KpiSample Control { get; init; } = new(0, 0, 0);

    /// <summary>How many intervals had values in both arms.</summary>
    public int Intervals { get; init; }

    /// <summary>When its band first excluded what is tolerated; null: it does not.</summary>
    public DateTimeOffset? CrossedAt { get; init; }
}
