namespace Slipway.Core.Analysis;

/// <summary>What one sequential test said after an interval: enough to see, and to compute again, how the evidence stood.</summary>
public sealed record TestReading
{
    /// <summary>ratio (against the control arm), limit (against an absolute limit) or kpi.</summary>
    public required TestKind Kind { get; init; }

    /// <summary>The metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The region; <c>all</c> for the pool.</summary>
    public string Region { get; init; } = "all";

    /// <summary>The natural logarithm of the evidence E; for a business metric by how much the band clears the tolerated difference.</summary>
    public required double LogEvidence { get; init; }

    /// <summary>The natural logarithm of the evidence that rolls back; 0 for a business metric.</summary>
    public required double LogThreshold { get; init; }

    /// <summary>Bad events of the canary that count in this stage, or values of a business metric.</summary>
    public long CanaryBad { get; init; }

    /// <summary>Requests of the canary that count in this stage.</summary>
    public long Canary { get; init; }

    /// <summary>Bad events of the control arm.</summary>
    public long ControlBad { get; init; }

    /// <summary>Requests of the control arm.</summary>
    public long Control { get; init; }

    /// <summary>The canary's rate over the control arm's, or the relative difference of a business metric; null where they cannot be compared.</summary>
    public double? Ratio { get; init; }

    /// <summary>The 99 % bound of the ratio on the worse side; null where nothing is known.</summary>
    public double? Upper { get; init; }

    /// <summary>The margin that a promotion has to exclude; null where none can be proven.</summary>
    public double? Margin { get; init; }
}

/// <summary>What a test compares with.</summary>
public enum TestKind
{
    /// <summary>The control arm.</summary>
    Ratio,

    /// <summary>An absolute limit.</summary>
    Limit,

    /// <summary>A business metric of the control arm.</summary>
    Kpi,
}
