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
    private readonly List<(DateTimeOffset At, string? Region, Percentage Exposure)> _exposures = [(start.AddYears(-1), null, Percentage.Zero)];
    private readonly List<(DateTimeOffset At, bool On)> _mirror = [(start.AddYears(-1), false)];

    /// <summary>The regions that report, each with its part of the traffic.</summary>
    public IReadOnlyList<string> Regions { get; set; } = ["global"];

    /// <summary>Requests a second of everybody, in all regions together.</summary>
    public double Rps { get; set; } = 100;

    /// <summary>The error rate of an arm at a moment, as a fraction.</summary>
    public Func<bool, DateTimeOffset, double> ErrorRate { get; set; } = (_, _) => 0.002;

    /// <summary>The error rate of an arm in a region; null: as everywhere.</summary>
    public Func<string, bool, DateTimeOffset, double?> RegionErrorRate { get; set; } = (_, _, _) => null;

    /// <summary>The share of users that the application really shows the new version to in a region, given what its flag says.</summary>
    public Func<string, DateTimeOffset, double, double> Shows { get; set; } = (_, _, share) => share;

    /// <summary>The latency of every request of an arm at a moment, in milliseconds.</summary>
    public Func<bool, DateTimeOffset, double> Latency { get; set; } = (_, _) => 40;

    /// <summary>Whether an arm's telemetry arrives for an interval that starts then.</summary>
    public Func<bool, DateTimeOffset, bool> Reports { get; set; } = (_, _) => true;

    /// <summary>The exposure that applications see now.</summary>
    public Percentage Exposure => _exposures[^1].Exposure;

    /// <summary>Applications of a region (null: of all) see another exposure from now on.</summary>
    public void Expose(DateTimeOffset at, Percentage exposure, string? region = null) => _exposures.Add((at, region, exposure));

    /// <summary>Sends the new version a copy of all traffic, or stops.</summary>
    public void Mirror(DateTimeOffset at, bool on) => _mirror.Add((at, on));

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            var mirrored = _mirror.Last(change => change.At <= at).On;
            foreach (var region in Regions)
            {
                var share = Shows(region, at, _exposures.Last(change => change.At <= at && (change.Region is null || change.Region == region)).Exposure.Fraction);
                var canary = Arm(true, region, at, watch.Interval, mirrored ? 1 : share);
                var control = Arm(false, region, at, watch.Interval, 1 - share);
                if (canary is not null || control is not null) rows.Add(new Observation(at, watch.Interval, region, canary, control));
            }
        }

        return Task.FromResult<IReadOnlyList<Observation>>(rows);
    }

    private ArmSample? Arm(bool canary, string region, DateTimeOffset at, TimeSpan length, double share)
    {
        if (!Reports(canary, at)) return null;
        var requests = (long)Math.Round(Rps / Regions.Count * length.TotalSeconds * share);
        if (requests == 0) return null;

        // The n-th interval gets the difference of two rounded totals, so that low rates are not rounded away for ever.
        var index = at.UtcTicks / length.Ticks;
        var expected = requests * (RegionErrorRate(region, canary, at) ?? ErrorRate(canary, at));
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
