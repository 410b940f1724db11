using Slipway.Core.Releases;

namespace Slipway.Core.Analysis.Calibrating;

/// <summary>Whose requests are to be told from the others': the users that a flag's default rollout will expose.</summary>
/// <param name="Flag">The flag's name, as its hash takes it.</param>
/// <param name="Percentage">The default rollout, above 0 and below 100. A source may know positions only to 0.01 % and then rounds to that.</param>
public sealed record CohortQuery(string Flag, Percentage Percentage);

/// <summary>What a metric source says of a cohort that nobody has exposed yet.</summary>
/// <param name="Sight">Whether it can tell the cohort from the others.</param>
/// <param name="Observations">
/// Ascending by start and then region: the cohort as canary, all other users as control. Only intervals and regions in which nobody got
/// the new version, and only requests whose user is known. Empty unless <paramref name="Sight"/> is <see cref="CohortSight.Seen"/>.
/// </param>
public sealed record CohortReading(CohortSight Sight, IReadOnlyList<Observation> Observations)
{
    /// <summary>A reading without observations.</summary>
    public static CohortReading None(CohortSight sight) => new(sight, []);
}

/// <summary>Whether a cohort can be told from the others.</summary>
public enum CohortSight
{
    /// <summary>It can.</summary>
    Seen,

    /// <summary>There are no rows at all.</summary>
    NoRows,

    /// <summary>No row says which user its requests came from, or the source cannot tell.</summary>
    NoUsers,

    /// <summary>Rows know users, but not where they fall in this flag's rollout.</summary>
    OtherFlag,

    /// <summary>Somebody was on the new version all the time.</summary>
    Exposed,
}
