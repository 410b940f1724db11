using Slipway.Core.Analysis;

namespace Slipway.Core.Ledgers;

/// <summary>The judged interval of one region in which the smallest share of requests succeeded, with old and new version together.</summary>
/// <param name="Percent">Successful requests, percent; 0: users of that region got nothing.</param>
/// <param name="At">Start of the interval.</param>
/// <param name="Region">The region.</param>
public sealed record LowAvailability(double Percent, DateTimeOffset At, string Region)
{
    /// <summary>The lower of two; an interval without requests says nothing, and of two alike the earlier stays.</summary>
    internal static LowAvailability? Lower(LowAvailability? lowest, Observation observation)
    {
        var requests = (observation.Canary?.Requests ?? 0) + (observation.Control?.Requests ?? 0);
        if (requests == 0) return lowest;
        var percent = 100 - (100.0 * ((observation.Canary?.Errors ?? 0) + (observation.Control?.Errors ?? 0)) / requests);
        return lowest is not null && lowest.Percent <= percent ? lowest : new LowAvailability(percent, observation.Start, observation.Region);
    }
}
