using Slipway.Benchmarks.Streams;

namespace Slipway.Benchmarks.Judges;

/// <summary>
/// An absolute limit on the canary's last minute, without a control arm: an Argo Rollouts metric with <c>failureCondition</c> on an error
/// rate, or a Flagger metric with <c>thresholdRange.max</c>, at an interval of one minute. A minute counts with at least
/// <see cref="FewestRequests"/> requests in the canary. The limit is twice the healthy error rate, or 1.5 times the healthy p95: that of
/// somebody who knows what is healthy exactly. One crossing rolls back (Argo's default <c>failureLimit: 0</c>), or so many in a row: a
/// minute within the limit starts the count anew, a minute without enough requests leaves it (as Argo's <c>consecutiveErrorLimit</c>
/// counts).
/// </summary>
/// <param name="Name">For a column.</param>
/// <param name="InARow">Crossings that roll back.</param>
internal sealed record LimitJudge(string Name, int InARow) : IStreamJudge
{
    /// <summary>Requests of the canary in a minute that counts.</summary>
    public const int FewestRequests = 100;

    private const double RateLimit = 2, LatencyLimit = 1.5;

    /// <summary>One crossing rolls back.</summary>
    public static LimitJudge Threshold { get; } = new("limit", 1);

    /// <summary>Three crossings in a row do.</summary>
    public static LimitJudge Consecutive { get; } = new("3 in row", 3);

    /// <inheritdoc/>
    public int? FirstAlarm(ReleaseStream stream)
    {
        var limit = stream.Latencies is null ? RateLimit * stream.HealthyRate : LatencyLimit * stream.HealthyLatency;
        var crossings = 0;
        for (var minute = 0; minute < stream.Minutes.Length; minute++)
        {
            if (stream.Minutes[minute].Canary < FewestRequests) continue;
            crossings = stream.CanaryValue(minute) > limit ? crossings + 1 : 0;
            if (crossings >= InARow) return minute;
        }

        return null;
    }
}
