using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Rehearsal.Randomness;

namespace Slipway.Rehearsal.Traffic;

/// <summary>
/// The application of one environment as its telemetry sees it: traffic splits by what its flags say, each arm fails and is slow by chance, and
/// the new version has its defect. Every count is drawn from a stream of its own (seed, service, region, interval, arm), so that it is the same
/// however often it is read.
/// </summary>
public sealed class SimulatedApplication
{
    private readonly ServiceProfile _profile;
    private readonly LatencyShape _shape;
    private readonly ulong _key;
    private readonly TimeSpan _refresh;
    private readonly TimeProvider _time;
    private readonly List<Change> _changes = [];
    private readonly List<(DateTimeOffset At, bool On)> _mirror = [];

    internal SimulatedApplication(ServiceProfile profile, PlannedEnvironment environment, ulong seed, TimeProvider time)
    {
        (_profile, Regions, _time) = (profile, environment.Regions, time);
        _shape = new LatencyShape(profile.LatencyP95);
        _key = RandomStream.KeyOf(seed, (long)RandomStream.KeyOf(environment.Watch.Service));

        // Applications ask for their flags every 30 s, or more often where less than that is planned for.
        _refresh = environment.Watch.Propagation / 2 < TimeSpan.FromSeconds(30) ? environment.Watch.Propagation / 2 : TimeSpan.FromSeconds(30);
    }

    /// <summary>The regions that report.</summary>
    public IReadOnlyList<string> Regions { get; }

    /// <summary>What is wrong with the new version here.</summary>
    public Defect Defect { get; set; } = Defect.None;

    /// <summary>The exposure with which the defect and the trouble begin.</summary>
    public Percentage From { get; set; } = Percentage.Zero;

    /// <summary>What happens to telemetry; null: nothing.</summary>
    public TelemetryTrouble? Trouble { get; set; }

    /// <summary>When users first met <see cref="From"/>; null: not yet.</summary>
    public DateTimeOffset? BeganAt { get; private set; }

    /// <summary>The largest share of users, 0 to 1, that had the new version at one time.</summary>
    public double Peak { get; private set; }

    /// <summary>Since when nobody has the new version; null: somebody has, or nobody ever had.</summary>
    public DateTimeOffset? SafeSince { get; private set; }

    /// <summary>The share that flags and pipeline last set, in percent.</summary>
    public Percentage Exposure { get; private set; } = Percentage.Zero;

    /// <summary>Flags or pipeline set another share; applications of a region, or of all, follow when they refresh.</summary>
    public void Expose(Percentage exposure, string? region = null)
    {
        var at = _time.GetUtcNow() + _refresh;
        _changes.Add(new Change(at, region, exposure.Fraction));
        Exposure = exposure;
        var share = Regions.Average(name => ShareAt(name, at));
        Peak = Math.Max(Peak, share);
        if (share > 0 && exposure >= From) BeganAt ??= at;
        SafeSince = share > 0 ? null : Peak > 0 ? SafeSince ?? at : null;
    }

    /// <summary>Sends the new version a copy of all traffic, or stops.</summary>
    public void Mirror(bool on)
    {
        _mirror.Add((_time.GetUtcNow(), on));
        if (on && From == Percentage.Zero) BeganAt ??= _time.GetUtcNow();
    }

    internal IReadOnlyList<Observation> Read(WatchPlan watch, DateTimeOffset from, DateTimeOffset to)
    {
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            if (!HasArrived(at + watch.Interval)) continue;
            for (var region = 0; region < Regions.Count; region++)
            {
                var share = Share(region, at, watch.Interval);
                var canary = Arm(true, region, at, watch, IsMirrored(at) ? 1 : share);
                var control = Arm(false, region, at, watch, 1 - share);
                if (canary is not null || control is not null) rows.Add(new Observation(at, watch.Interval, Regions[region], canary, control));
            }
        }

        return rows;
    }

    internal CohortReading ReadCohort(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to)
    {
        if (!_profile.KnowsUsers) return CohortReading.None(CohortSight.NoUsers);
        var rows = new List<Observation>();
        for (var at = from; at < to; at += watch.Interval)
        {
            if (_changes.Exists(change => change.Share > 0 && change.At < at + watch.Interval)) continue;
            for (var region = 0; region < Regions.Count; region++)
            {
                // Of those users who will be exposed, and of all others: as they are, neither differs.
                var stream = 2 + (long)(cohort.Percentage.Value * 100);
                rows.Add(new Observation(
                    at, watch.Interval, Regions[region],
                    Sample(stream, region, at, watch, cohort.Percentage.Fraction, Defect.None, TimeSpan.Zero, 0),
                    Sample(-stream, region, at, watch, 1 - cohort.Percentage.Fraction, Defect.None, TimeSpan.Zero, 0)));
            }
        }

        return rows.Count == 0 ? CohortReading.None(CohortSight.Exposed) : new CohortReading(CohortSight.Seen, rows);
    }

    /// <summary>Requests that the defect spoiled beyond those that fail or are slow anyway, up to a moment; expected, and not drawn.</summary>
    internal double HarmedUntil(DateTimeOffset until, TimeSpan interval)
    {
        if (BeganAt is not { } began || Defect == Defect.None) return 0;
        var harmed = 0.0;
        for (var at = began; at < until; at += interval)
        {
            for (var region = 0; region < Regions.Count; region++)
            {
                if (Defect.OneRegion && region > 0) continue;
                var requests = _profile.Rps / Regions.Count * interval.TotalSeconds * Share(region, at, interval);
                harmed += requests * Math.Max(0, ErrorRate(Defect, at - began) - _profile.ErrorRate);

                // Whatever the latency is, every request of a slower version is slower.
                if (Defect.Latency > 1) harmed += requests;
            }
        }

        return harmed;
    }

    private ArmSample? Arm(bool canary, int region, DateTimeOffset at, WatchPlan watch, double share)
    {
        var began = BeganAt;
        var defective = canary && began is not null && at + watch.Interval > began && !(Defect.OneRegion && region > 0);
        return Sample(canary ? 1 : 0, region, at, watch, share, defective ? Defect : Defect.None, defective && at > began ? at - began.Value : TimeSpan.Zero, canary ? share : 0);
    }

    private ArmSample? Sample(long stream, int region, DateTimeOffset at, WatchPlan watch, double share, Defect defect, TimeSpan exposed, double canaryShare)
    {
        if (share <= 0) return null;
        var random = new RandomStream(RandomStream.KeyOf(RandomStream.KeyOf(RandomStream.KeyOf(_key, region), stream), at.UtcTicks / TimeSpan.TicksPerSecond));
        var requests = Draws.Poisson(ref random, _profile.Rps / Regions.Count * watch.Interval.TotalSeconds * share);
        if (requests == 0) return null;
        var errors = Draws.Binomial(ref random, requests, ErrorRate(defect, exposed));
        var (latency, slower) = _shape.Draw(ref random, requests, defect.LatencyAfter(exposed), watch.Edges);
        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = latency,
            Slower = slower,
            Users = _profile.KnowsUsers ? Math.Max(1, requests / ServiceProfile.RequestsPerUser) : null,
            Kpis = Kpis(ref random, requests),
            Measurements = Measurements(ref random, canaryShare, watch.Interval),
        };
    }

    private double ErrorRate(Defect defect, TimeSpan exposed) =>
        Math.Clamp(Math.Max(_profile.ErrorRate * defect.ErrorsAfter(exposed), defect.ErrorsAtLeast), 0, 1);

    private Dictionary<string, KpiSample> Kpis(ref RandomStream random, long requests)
    {
        var kpis = new Dictionary<string, KpiSample>(_profile.Kpis.Count);
        foreach (var (name, share) in _profile.Kpis)
        {
            var count = Draws.Binomial(ref random, requests, share);
            kpis[name] = new KpiSample(requests, count, count);
        }

        return kpis;
    }

    private Dictionary<string, MeasurementSample> Measurements(ref RandomStream random, double canaryShare, TimeSpan length)
    {
        var measured = new Dictionary<string, MeasurementSample>(_profile.Measurements.Count);
        foreach (var spec in _profile.Measurements)
        {
            if (ServiceProfile.Healthy(spec, canaryShare, length) is not { } value) continue;

            // Events of regions add up, where gauges have a mean.
            if (spec.IsCounter) value /= Regions.Count;
            measured[spec.Name] = new MeasurementSample(1, value * (0.99 + (0.02 * random.Uniform())));
        }

        return measured;
    }

    private bool HasArrived(DateTimeOffset end)
    {
        if (Trouble is not { } trouble || BeganAt is not { } began || end <= began || end > began + (trouble.For ?? TimeSpan.MaxValue / 4)) return true;
        return trouble.Delay is { } delay && end + delay <= _time.GetUtcNow();
    }

    private bool IsMirrored(DateTimeOffset at) => _mirror.Count > 0 && _mirror.LastOrDefault(change => change.At <= at).On;

    /// <summary>The mean share over an interval.</summary>
    private double Share(int region, DateTimeOffset start, TimeSpan length)
    {
        if (_changes.Count == 0) return 0;
        var (end, name) = (start + length, Regions[region]);
        var (at, share, sum) = (start, ShareAt(name, start), 0.0);
        foreach (var change in _changes)
        {
            if (change.At <= start || change.At >= end || (change.Region is not null && change.Region != name)) continue;
            sum += share * (change.At - at).TotalSeconds;
            (at, share) = (change.At, change.Share);
        }

        return (sum + (share * (end - at).TotalSeconds)) / length.TotalSeconds;
    }

    private double ShareAt(string region, DateTimeOffset at)
    {
        for (var i = _changes.Count - 1; i >= 0; i--)
        {
            if (_changes[i].At <= at && (_changes[i].Region is null || _changes[i].Region == region)) return _changes[i].Share;
        }

        return 0;
    }

    private sealed record Change(DateTimeOffset At, string? Region, double Share);
}
