using Slipway.Core.Analysis;

namespace Slipway.Rehearsal.Backtesting.Splitting;

/// <summary>What a service was like in the last healthy hour, by region: what an incident is measured against. Keeps that hour and no more.</summary>
internal sealed class UsualService
{
    /// <summary>How many healthy intervals it remembers.</summary>
    public const int MostIntervals = 60;

    /// <summary>With fewer there is nothing to measure against.</summary>
    public const int FewestIntervals = 10;

    private readonly Dictionary<string, Queue<ArmSample>> _regions = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, ArmSample>? _sum;

    /// <summary>A healthy interval of the old version in a region.</summary>
    public void Add(string region, ArmSample sample)
    {
        if (!_regions.TryGetValue(region, out var samples)) _regions[region] = samples = new Queue<ArmSample>(MostIntervals + 1);
        samples.Enqueue(sample);
        if (samples.Count > MostIntervals) samples.Dequeue();
        _sum = null;
    }

    /// <summary>By region, all that is remembered, added up; regions with too little are not there.</summary>
    public IReadOnlyDictionary<string, ArmSample> Sum() => _sum ??= _regions
        .Where(region => region.Value.Count >= FewestIntervals && region.Value.Sum(sample => sample.Requests) > 0)
        .ToDictionary(region => region.Key, region => region.Value.Aggregate(new ArmSample(), Add), StringComparer.Ordinal);

    private static ArmSample Add(ArmSample left, ArmSample right) => new()
    {
        Requests = left.Requests + right.Requests,
        Errors = left.Errors + right.Errors,
        Latency = left.Latency.Add(right.Latency),
    };
}
