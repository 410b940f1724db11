using Slipway.Core.Analysis.Latency;
using Slipway.Core.Analysis.Sequential;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Judging;

/// <summary>One metric that sequential tests watch: how its bad events are counted, what is tolerated, and what the limit is. Pure.</summary>
internal sealed record Guardrail
{
    private Guardrail(string metric, MatrixRow row, double tolerance, double limit) =>
        (Metric, Row, Tolerance, Limit) = (metric, row, tolerance, limit);

    /// <summary>error_rate or latency_p95.</summary>
    public string Metric { get; }

    /// <summary>Its row of the decision matrix.</summary>
    public MatrixRow Row { get; }

    /// <summary>How many times the control arm is tolerated, 1 or more: in the rate of errors, or in milliseconds.</summary>
    public double Tolerance { get; }

    /// <summary>Bad events among requests that are just allowed.</summary>
    public double Limit { get; }

    /// <summary>Whether bad events are slow requests.</summary>
    public bool IsLatency => Metric == MetricNames.LatencyP95;

    /// <summary>The tolerated ratio of the rates of bad events. For latency 1: its tolerance is in what counts as slow.</summary>
    public double ToleratedRatio => IsLatency ? 1 : Tolerance;

    /// <summary>Errors first, latency second.</summary>
    public static IReadOnlyList<Guardrail> Of(EvidencePlan evidence) =>
    [
        new(MetricNames.ErrorRate, MatrixRow.ErrorRate, evidence.ErrorTolerance, evidence.ErrorLimit),
        new(MetricNames.LatencyP95, MatrixRow.LatencyP95, evidence.LatencyTolerance, SlowRequests.Share) { LatencyLimit = evidence.LatencyLimit },
    ];

    /// <summary>The absolute limit in milliseconds; for latency.</summary>
    public double LatencyLimit { get; private init; }

    /// <summary>The guardrail that a trigger's metric belongs to; null: a business metric.</summary>
    public static string? MetricOf(string trigger) =>
        MetricNames.IsLatency(trigger) ? MetricNames.LatencyP95 : MetricNames.IsShare(trigger) ? MetricNames.ErrorRate : null;

    /// <summary>Both arms' bad events; null where they cannot be told yet.</summary>
    /// <param name="canary">The canary's interval.</param>
    /// <param name="control">The control arm's.</param>
    /// <param name="usual">The control arm's latencies of all earlier intervals.</param>
    public ArmCounts? Count(ArmSample canary, ArmSample control, LatencyHistogram usual) => IsLatency
        ? SlowRequests.Count(canary.Latency, control.Latency, usual, Tolerance)
        : Failures.Count(canary, control);

    /// <summary>One arm's bad events against the limit.</summary>
    public (long Bad, long Requests) AgainstLimit(ArmSample arm) => IsLatency
        ? (arm.SlowerThan(LatencyLimit), arm.Latency.Total)
        : (Math.Min(arm.Errors, arm.Requests), arm.Requests);
}
