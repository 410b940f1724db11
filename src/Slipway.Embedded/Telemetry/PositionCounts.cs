using Slipway.Core.Analysis;
using Slipway.Core.Releases;

namespace Slipway.Embedded.Telemetry;

/// <summary>
/// What the users in one slice of a flag's rollout did: all that is kept of single users, so that the cohort of a percentage can be
/// compared with the others. A slice is <see cref="Width"/> wide; whole hundredths of a percent fall on its edges.
/// </summary>
/// <param name="Slice">Slice <c>i</c> holds the positions in [i/100, (i+1)/100) percent; 0 to <see cref="Slices"/> - 1.</param>
/// <param name="Requests">Requests, 0 or more.</param>
/// <param name="Errors">Failed requests, 0 to <paramref name="Requests"/>.</param>
/// <param name="Latency">Latencies of the requests.</param>
/// <param name="FailedUsers">The users with a failed request, as <see cref="UserHash"/>, so that one of two rows counts once.</param>
public sealed record PositionCounts(int Slice, long Requests, long Errors, LatencyHistogram Latency, IReadOnlyList<ulong> FailedUsers)
{
    /// <summary>How many slices there are.</summary>
    public const int Slices = 10_000;

    /// <summary>Width of a slice in percent.</summary>
    public const double Width = 100.0 / Slices;

    /// <summary>The slice of a user in a flag's default rollout.</summary>
    public static int SliceOf(string user, string flag)
    {
        var position = TargetingHash.PositionOf(user, flag);
        var slice = Math.Clamp((int)(position * 100), 0, Slices - 1);

        // Compared as targeting compares, since a product may be rounded over the edge.
        while (slice > 0 && position < slice / 100.0) slice--;
        while (slice < Slices - 1 && position >= (slice + 1) / 100.0) slice++;
        return slice;
    }

    /// <summary>The first slice that a percentage does not include, 1 to <see cref="Slices"/> - 1: a percentage with more than two decimals is
    /// rounded.</summary>
    public static int EdgeOf(Percentage percentage) => Math.Clamp((int)Math.Round(percentage.Value * 100, MidpointRounding.AwayFromZero), 1, Slices - 1);
}
