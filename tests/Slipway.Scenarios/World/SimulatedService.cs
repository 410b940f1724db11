using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.World;

/// <summary>
/// The application under release, as telemetry sees it: traffic splits by the flag's exposure at each moment, and each arm has an error
/// rate and a latency. Counts are expected values rounded so that they add up over time: no noise, so a scenario shows the workflow and
/// not the luck.
/// </summary>
internal sealed class SimulatedService(DateTimeOffset start) : IMetricSource
{
    private readonly List<(DateTimeOffset At, Percentage Exposure)> _exposures = [(start.AddYears(-1), Percentage.Zero)];

    /// <summary>Requests a second of everybody.</summary>
    public double Rps { get; set; } = 100;

    /// <summary>The error rate of an arm at a moment, as a fraction.</summary>
    public Func<bool, DateTimeOffset, double> ErrorRate { get; set; } = (_, _) => 0.002;

    /// <summary>The latency of every request of an arm at a moment, in milliseconds.</summary>
    public Func<bool, DateTimeOffset, double> Latency { get; set; } = (_, _) => 40;

    /// <summary>Whether an arm's telemetry arrives for an interval that starts then.</summary>
    public Func<bool, DateTimeOffset, bool> Reports { get; set; } = (_, _) => true;

    /// <summary>The exposure that applications see now.</summary>
    public Percentage Exposure => _exposures[^1].Exposure;

    public void Expose(DateTimeOffset at, Percentage exposure) => _exposures.Add((at, exposure));

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            var share = _exposures.Last(change => change.At <= at).Exposure.Fraction;
            var canary = Arm(true, at, watch.Interval, share);
            var control = Arm(false, at, watch.Interval, 1 - share);
            if (canary is not null || control is not null) rows.Add(new Observation(at, watch.Interval, "global", canary, control));
        }

        return Task.FromResult<IReadOnlyList<Observation>>(rows);
    }

    private ArmSample? Arm(bool canary, DateTimeOffset at, TimeSpan length, double share)
    {
        if (!Reports(canary, at)) return null;
        var requests = (long)Math.Round(Rps * length.TotalSeconds * share);
        if (requests == 0) return null;

        // The n-th interval gets the difference of two rounded totals, so that low rates are not rounded away for ever.
        var index = at.UtcTicks / length.Ticks;
        var expected = requests * ErrorRate(canary, at);
        var errors = Math.Clamp((long)(Math.Floor((index + 1) * expected) - Math.Floor(index * expected)), 0, requests);
        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(Latency(canary, at))] = requests }),
            Users = requests / 10,
        };
    }
}
