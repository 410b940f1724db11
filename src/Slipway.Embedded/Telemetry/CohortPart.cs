using System.Runtime.InteropServices;
using Slipway.Core.Analysis;

namespace Slipway.Embedded.Telemetry;

/// <summary>What the users of a cohort, or all others, did in one interval and region.</summary>
internal sealed class CohortPart
{
    private readonly Dictionary<int, long> _latency = [];

    public long Requests { get; set; }

    public long Errors { get; set; }

    public HashSet<ulong> FailedUsers { get; } = [];

    public void AddLatency(int bucket, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_latency, bucket, out _) += count;

    public ArmSample ToSample() =>
        new() { Requests = Requests, Errors = Errors, Latency = new LatencyHistogram(_latency), FailedUsers = FailedUsers.Count };
}
