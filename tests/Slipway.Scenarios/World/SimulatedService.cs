using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
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

    /// <summary>The kinds of errors in an interval, whatever its arm.</summary>
    public Func<DateTimeOffset, IReadOnlyList<string>> ErrorTypes { get; set; } = _ => [];

    /// <summary>The error rate of an arm at a moment, as a fraction.</summary>
    public Func<bool, DateTimeOffset, double> ErrorRate { get; set; } = (_, _) => 0.002;

    /// <summary>The error rate of an arm in a region; null: as everywhere.</summary>
    public Func<string, bool, DateTimeOffset, double?> RegionErrorRate { get; set; } = (_, _, _) => null;

    /// <summary>The error rate, as a fraction, of the users that a percentage will expose, while nobody is; null: telemetry knows no users.</summary>
    public Func<Percentage, DateTimeOffset, double>? CohortErrorRate { get; set; }

    /// <summary>The share of users that the application really shows the new version to in a region, given what its flag says.</summary>
    public Func<string, DateTimeOffset, double, double> Shows { get; set; } = (_, _, share) => share;

    /// <summary>The latency of every request of an arm at a moment, in milliseconds.</summary>
    public Func<bool, DateTimeOffset, double> Latency { get; set; } = (_, _) => 40;

    /// <summary>The share of requests of an arm after which a user does what a business metric counts, by the metric's name.</summary>
    public Dictionary<string, Func<bool, DateTimeOffset, double>> Kpis { get; } = new(StringComparer.Ordinal);

    /// <summary>What an arm's telemetry measures beside its requests in an interval that starts then, by name; null: it does not report it.</summary>
    public Dictionary<string, Func<bool, DateTimeOffset, double?>> Measurements { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether an arm's telemetry arrives for an interval that starts then.</summary>
    public Func<bool, DateTimeOffset, bool> Reports { get; set; } = (_, _) => true;

    /// <summary>How long after an interval's end an arm's rows of it arrive; read by <see cref="Now"/>.</summary>
    public Func<bool, DateTimeOffset, TimeSpan> Delay { get; set; } = (_, _) => TimeSpan.Zero;

    /// <summary>The time, for rows that are late; null: none is.</summary>
    public Func<DateTimeOffset>? Now { get; set; }

    /// <summary>The exposure that applications see now.</summary>
    public Percentage Exposure => _exposures[^1].Exposure;

    /// <summary>Applications of a region (null: of all) see another exposure from now on.</summary>
    public void Expose(DateTimeOffset at, Percentage exposure, string? region = null) => _exposures.Add((at, region, exposure));

    /// <summary>Sends the new version a copy of all traffic, or stops.</summary>
    public void Mirror(DateTimeOffset at, bool on) => _mirror.Add((at, on));

    /// <summary>What the pipeline does to traffic. Where a flag carries the exposure, a swap to the new version adds nothing to it.</summary>
    public void Route(DateTimeOffset now, HookStep step)
    {
        switch (step.Action)
        {
            case DeployAction.Shift or DeployAction.Swap when step.Percentage == Percentage.Zero || step.Percentage > Exposure:
                Expose(now, step.Percentage);
                break;
            case DeployAction.Deploy or DeployAction.Rollback when step.IsRegional:
                Expose(now, step.Action == DeployAction.Deploy ? Percentage.Full : Percentage.Zero, step.Region);
                break;
            case DeployAction.Rollback:
                Expose(now, Percentage.Zero);
                break;
            case DeployAction.ShadowStart or DeployAction.ShadowStop:
                Mirror(now, step.Action == DeployAction.ShadowStart);
                break;
            default:
                break;
        }
    }

    public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            var mirrored = _mirror.Last(change => change.At <= at).On;
            foreach (var region in Regions)
            {
                var share = Shows(region, at, _exposures.Last(change => change.At <= at && (change.Region is null || change.Region == region)).Exposure.Fraction);
                var canary = Arm(true, region, at, watch, mirrored ? 1 : share);
                var control = Arm(false, region, at, watch, 1 - share);
                if (canary is not null || control is not null) rows.Add(new Observation(at, watch.Interval, region, canary, control));
            }
        }

        return Task.FromResult<IReadOnlyList<Observation>>(rows);
    }

    /// <summary>The end of the newest interval of the last day of which an arm's rows have arrived; null where <see cref="Now"/> is not known.</summary>
    public Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation)
    {
        if (Now is null) return Task.FromResult<IngestionWatermark?>(null);
        var last = new DateTimeOffset(Now().UtcTicks - (Now().UtcTicks % watch.Interval.Ticks), TimeSpan.Zero);
        for (var end = last; end > last.AddDays(-1); end -= watch.Interval)
        {
            var at = end - watch.Interval;
            if (Rps > 0 && new[] { true, false }.Any(canary => Reports(canary, at) && end + Delay(canary, at) <= Now())) return Task.FromResult<IngestionWatermark?>(new IngestionWatermark(end));
        }

        return Task.FromResult<IngestionWatermark?>(null);
    }

    public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (CohortErrorRate is not { } rate) return Task.FromResult(CohortReading.None(CohortSight.NoUsers));
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            if (_exposures.Last(change => change.At <= at).Exposure > Percentage.Zero) continue;
            rows.AddRange(Regions.Select(region => new Observation(
                at, watch.Interval, region,
                Sample(false, at, watch.Interval, cohort.Percentage.Fraction, rate(cohort.Percentage, at)),
                Sample(false, at, watch.Interval, 1 - cohort.Percentage.Fraction, RegionErrorRate(region, false, at) ?? ErrorRate(false, at)))));
        }

        return Task.FromResult(rows.Count == 0 ? CohortReading.None(CohortSight.Exposed) : new CohortReading(CohortSight.Seen, rows));
    }

    private ArmSample? Arm(bool canary, string region, DateTimeOffset at, WatchPlan watch, double share) =>
        Reports(canary, at) && (Now is null || at + watch.Interval + Delay(canary, at) <= Now()) ? Sample(canary, at, watch.Interval, share, RegionErrorRate(region, canary, at) ?? ErrorRate(canary, at), watch.Edges) : null;

    private ArmSample? Sample(bool canary, DateTimeOffset at, TimeSpan length, double share, double errorRate, IReadOnlyList<double>? edges = null)
    {
        var requests = (long)Math.Round(Rps / Regions.Count * length.TotalSeconds * share);
        if (requests == 0 && (Rps > 0 || canary || Measurements.Count == 0)) return null;

        // The n-th interval gets the difference of two rounded totals, so that low rates are not rounded away for ever.
        var index = at.UtcTicks / length.Ticks;
        var expected = requests * errorRate;
        var errors = Math.Clamp((long)(Math.Floor((index + 1) * expected) - Math.Floor(index * expected)), 0, requests);
        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(Latency(canary, at))] = requests }),
            Slower = [.. (edges ?? []).Select(edge => new SlowCount(edge, Latency(canary, at) > edge ? requests : 0))],
            Measurements = Measurements.Select(entry => (entry.Key, Value: entry.Value(canary, at))).Where(entry => entry.Value is not null)
                .ToDictionary(entry => entry.Key, entry => new MeasurementSample(1, entry.Value!.Value)),
            Users = requests / 10,
            ErrorTypes = ErrorTypes(at),
            Kpis = Kpis.ToDictionary(kpi => kpi.Key, kpi => new KpiSample(requests, requests * kpi.Value(canary, at), requests * kpi.Value(canary, at))),
        };
    }
}
