namespace Slipway.Core.Analysis.Bands;

/// <summary>What one stage has shown so far, over all regions: what its own values are compared with targets, baseline and the next stage by.</summary>
public sealed record StageTotals
{
    /// <summary>Nothing yet.</summary>
    public static StageTotals Empty { get; } = new();

    /// <summary>Those whose requests the stage is judged on; null: none was seen.</summary>
    public ArmSample? Subject { get; init; }

    /// <summary>The latencies of the control arm at the same time.</summary>
    public LatencyHistogram Control { get; init; } = LatencyHistogram.Empty;

    /// <summary>For how long the stage was seen.</summary>
    public TimeSpan Seen { get; init; }

    /// <summary>The gauges' and counters' totals, by name.</summary>
    public IReadOnlyDictionary<string, MeasurementSample> Measurements { get; init; } = new Dictionary<string, MeasurementSample>();

    /// <summary>One interval more.</summary>
    /// <param name="subject">Whose requests count in it.</param>
    /// <param name="pool">Both arms.</param>
    internal StageTotals Add(ArmSample? subject, Observation pool) => this with
    {
        // Only what is compared is kept: the state goes into the workflow's history.
        Subject = subject is null ? Subject : IntervalPools.Sum(Subject, new ArmSample { Requests = subject.Requests, Errors = subject.Errors, Latency = subject.Latency, Slower = subject.Slower }),
        Control = pool.Control is { } control && !ReferenceEquals(control, subject) ? Control.Add(control.Latency) : Control,
        Seen = Seen + pool.Length,
    };
}
