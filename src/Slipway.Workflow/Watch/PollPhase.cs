using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Watch;

/// <summary>
/// When in its interval a release asks for what the interval before has brought. Intervals begin at the same moments everywhere, so that without it all
/// releases would ask in the same second, and of a service that takes so many questions at a time most would get none. Pure: the same release asks
/// at the same place of each interval, on every host.
/// </summary>
public static class PollPhase
{
    /// <summary>The polls of many releases are spread over this share of the interval; on average half of that is what it costs a release in time.</summary>
    public const double Share = 0.5;

    /// <summary>How long after the moment at which an interval can be judged it is asked for: whole seconds, zero or more and less than
    /// <see cref="Share"/> of the interval. Zero where telemetry is asked on this machine, which has nothing to share.</summary>
    /// <param name="release">The release.</param>
    /// <param name="environment">The environment that is watched, 0 first.</param>
    /// <param name="watch">How it is watched.</param>
    public static TimeSpan Of(ReleaseId release, int environment, WatchPlan watch)
    {
        var places = (uint)(watch.Interval.TotalSeconds * Share);
        if (watch.Source != TelemetrySource.LogAnalytics || places == 0) return TimeSpan.Zero;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{release}/{environment}")));
        return TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32LittleEndian(hash) % places);
    }
}
