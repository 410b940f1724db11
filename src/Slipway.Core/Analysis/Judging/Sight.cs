using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Analysis.Judging;

/// <summary>Whether there is anything to judge by: whose requests count, and when sight is lost. Pure.</summary>
internal static class Sight
{
    /// <summary>A stage passes only on at least this many canary requests, whatever else is proven.</summary>
    public const int FewestRequests = 30;

    /// <summary>How many intervals in a row must be unusable, or show another exposure than was set, before sight counts as lost. The
    /// exposure is compared over as many.</summary>
    public const int BlindIntervals = 3;

    /// <summary>Whose requests count for the stage's promotion: the canary's, in a stage of regions only where users are new in it (each of
    /// these regions has to report); without users on the new version, everybody's. Null: they cannot be seen.</summary>
    public static ArmSample? Subject(IReadOnlyList<Observation> interval, Observation pool, StageSight sight)
    {
        if (sight.Kind == StageKind.Dark) return IntervalPools.Sum(pool.Canary, pool.Control);
        if (sight.Regions.Count == 0) return pool.Canary;
        var arms = sight.Regions.Select(region => interval
            .Where(row => string.Equals(row.Region, region, StringComparison.OrdinalIgnoreCase))
            .Select(row => row.Canary).Aggregate((ArmSample?)null, IntervalPools.Sum)).ToList();
        return arms.TrueForAll(arm => arm is { Requests: > 0 }) ? arms.Aggregate(IntervalPools.Sum) : null;
    }

    /// <summary>Before the first exposure the control arm alone is sight, unless a shadow answers as the canary; at 100 % the canary alone is.</summary>
    public static bool IsUsable(Observation pool, ArmSample? subject, StageUnderJudgement stage, StageSight sight, bool counts)
    {
        var canary = subject is { Requests: > 0 };
        var control = pool.Control is { Requests: > 0 };
        if (!counts || (stage.Percentage == Percentage.Zero && sight.Kind != StageKind.Shadow)) return pool.Canary is { Requests: > 0 } || control;
        return canary && (control || stage.Percentage == Percentage.Full);
    }

    /// <summary>Why sight is lost; null while it is not.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">What was seen.</param>
    /// <param name="mismatch">How the exposure seen differs from the exposure set; null: it does not.</param>
    /// <param name="lateUntil">End of the newest interval whose rows came only after it had been judged without them.</param>
    public static LostSight? Lost(ReleasePlan plan, JudgeState state, string? mismatch, DateTimeOffset? lateUntil)
    {
        var seen = state.SeenUntil ?? state.JudgedUntil;
        var tolerated = plan.Watch.Interval * BlindIntervals;
        // Before the exposure is compared: an arm whose rows are late looks like one that nobody was shown.
        if (lateUntil > seen && state.JudgedUntil - seen >= tolerated)
        {
            return new LostSight(
                BlindCause.Late,
                seen,
                string.Create(CultureInfo.InvariantCulture, $"{CauseText(BlindCause.Late)} of {DurationText.Format(plan.Watch.IngestionDelay)} since {seen.UtcDateTime:HH:mm:ss}Z: rows up to {lateUntil.Value.UtcDateTime:HH:mm:ss}Z came only after they had been judged without"),
                $"telemetry within its ingestion delay (telemetry.ingestion_delay is {DurationText.Format(plan.Watch.IngestionDelay)})");
        }

        if (mismatch is not null && state.ExposureOffSince is { } off && state.JudgedUntil - off >= tolerated)
        {
            return new LostSight(
                BlindCause.ExposureMismatch,
                off < seen ? off : seen,
                string.Create(CultureInfo.InvariantCulture, $"{CauseText(BlindCause.ExposureMismatch)} since {off.UtcDateTime:HH:mm:ss}Z: {mismatch}"),
                "the exposure that was set");
        }

        if (state.JudgedUntil - seen < tolerated) return null;
        var cause = state.Recent.Any(row => row.End > seen && row.Control is { Requests: > 0 }) ? BlindCause.NoTraffic : BlindCause.Dead;
        return new LostSight(cause, seen, string.Create(CultureInfo.InvariantCulture, $"{CauseText(cause)} since {seen.UtcDateTime:HH:mm:ss}Z"), "telemetry of both arms");
    }

    /// <summary>Whose requests a stage is judged on, for people.</summary>
    public static string Whose(StageSight sight) => sight.Kind switch
    {
        StageKind.Dark => "requests of everybody",
        StageKind.Shadow => "shadow requests",
        _ => "canary requests",
    };

    private static string CauseText(BlindCause cause) => cause switch
    {
        BlindCause.NoTraffic => "the canary has had no traffic",
        BlindCause.Late => "telemetry has been later than the ingestion delay",
        BlindCause.ExposureMismatch => "the exposure seen has not been the exposure set",
        _ => "telemetry has been silent for both arms",
    };
}

/// <summary>Lost sight.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Since">Since when.</param>
/// <param name="Sentence">The same for people.</param>
/// <param name="Missing">What is missing.</param>
internal sealed record LostSight(BlindCause Cause, DateTimeOffset Since, string Sentence, string Missing);
