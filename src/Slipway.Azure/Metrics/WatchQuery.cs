using Slipway.Core.Planning;

namespace Slipway.Azure.Metrics;

/// <summary>What one question is about.</summary>
/// <param name="Watch">Whose requests.</param>
/// <param name="Logs">Where they stand.</param>
/// <param name="From">Start of the first interval, inclusive.</param>
/// <param name="To">End of the last one, exclusive.</param>
internal sealed record WatchQuery(WatchPlan Watch, LogsPlan Logs, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How much later than a request its evaluations, exceptions and calls may be dated, which carry the time at which they happened.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The request's own query of that name; null: there is none.</summary>
    public string? Own(string name) => Watch.Queries.GetValueOrDefault(name);
}
