using System.Globalization;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis;

/// <summary>
/// Whether the exposure that telemetry shows is the one that was set: an application that never picked a flag up, or that shows it to
/// everybody, gives evidence about something else than the stage. Each region and the pool is compared.
/// <para>
/// The share of distinct users (of requests, where there are no ids or the lever rolls anew at each evaluation) has to lie within
/// <see cref="Factor"/> of the stage's percentage. Outside of it counts as a mismatch only where sampling error does not explain it. Users
/// come again and again, so that many looks at them are one: the one-sided 99.99 % Clopper-Pearson bound of their share has to exclude the
/// percentage (a share just outside the factor takes about 125 expected canary users for that, none at all takes ten). Requests are new
/// at every look: the sequential multinomial test, made for that, has to give their split a chance of at most <see cref="Chance"/>. Users of
/// one interval are draws; the same users come again in the next, so that the largest interval counts as the sample. Requests of one user come in bundles:
/// <see cref="RequestsPerDraw"/> of them count as one draw, and below <see cref="FewestRequests"/> one busy user could make the share.
/// </para>
/// </summary>
public static class ExposureCheck
{
    /// <summary>How far the share may be off, either way.</summary>
    public const double Factor = 1.5;

    /// <summary>A split less likely than this is not the one that was set.</summary>
    public const double Chance = 1e-4;

    /// <summary>How many requests count as one independent draw.</summary>
    public const int RequestsPerDraw = 10;

    /// <summary>Without user ids, fewer requests than this are not compared.</summary>
    public const int FewestRequests = 1000;

    /// <summary>Where segments of unknown size see the flag beside the default rollout, only more than this is too many.</summary>
    public const double NearlyEverybody = 0.95;

    /// <summary>What is wrong with the exposure, in one sentence; null when it fits, when too little was seen, or when the percentage does
    /// not say what telemetry should show (nobody by default, or a strategy that moves servers and not users).</summary>
    /// <param name="plan">The plan of the environment.</param>
    /// <param name="stage">The stage under judgement.</param>
    /// <param name="rows">Observations that count for the stage.</param>
    public static string? Mismatch(ReleasePlan plan, StageUnderJudgement stage, IReadOnlyList<Observation> rows)
    {
        if (stage.Index < 0 || stage.Unsettled || stage.Percentage == Percentage.Zero || rows.Count == 0) return null;
        if (plan.Strategy is RolloutStrategy.Rolling or RolloutStrategy.Shadow) return null;

        var sticky = plan.Flags.All(flag => flag.Lever == FlagLever.Targeting);
        if (rows.All(row => row.Region == rows[0].Region)) return Off(stage, rows, sticky, "");
        var regions = rows.GroupBy(row => row.Region, StringComparer.Ordinal).OrderBy(region => region.Key, StringComparer.Ordinal).ToList();
        var off = regions.Select(region => Off(stage, [.. region], sticky, $" in {region.Key}")).OfType<string>().ToList();

        // Where some regions are off and others are not, the pool would hide which.
        return off.Count > 0 && off.Count < regions.Count ? off[0] : Off(stage, rows, sticky, "") ?? off.FirstOrDefault();
    }

    private static string? Off(StageUnderJudgement stage, IReadOnlyList<Observation> rows, bool sticky, string where)
    {
        var byUsers = sticky && rows.All(row => HasUsers(row.Canary) && HasUsers(row.Control));
        long canary = 0, all = 0;
        var intervals = new Dictionary<DateTimeOffset, long>();
        foreach (var row in rows)
        {
            var (ours, theirs) = (CountOf(row.Canary, byUsers), CountOf(row.Control, byUsers));
            canary += ours;
            all += ours + theirs;
            intervals[row.Start] = intervals.GetValueOrDefault(row.Start) + ours + theirs;
        }

        if (all == 0) return null;
        var draws = byUsers ? intervals.Values.Max() : all / RequestsPerDraw;
        var hits = Math.Min(draws, (long)Math.Round((double)canary / all * draws));
        if (draws == 0 || (!byUsers && all < FewestRequests)) return null;

        var set = stage.Percentage.Fraction;
        var few = hits * Factor < set * draws && (byUsers ? BinomialBounds.FallsBelow(hits, draws, set) : Unlikely(hits, draws, set));

        // Who sees it by name is not of the default rollout; a group may be of any size below everybody.
        var (others, rest) = (Math.Max(0, hits - stage.Overrides), Math.Max(1, draws - stage.Overrides));
        var most = stage.Segments ? Math.Max(NearlyEverybody, set * Factor) : set * Factor;
        var many = others > most * rest && (byUsers
            ? BinomialBounds.Exceeds(Math.Min(others, rest), rest, stage.Segments ? most : set)
            : Unlikely(Math.Min(others, rest), rest, stage.Segments ? most : set));
        return !few && !many ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{100.0 * canary / all:0.##} % of {(byUsers ? "users" : "requests")} ({(byUsers ? hits : canary):N0} of {(byUsers ? draws : all):N0}) are seen on the new version{where}, {stage.Percentage} is set");
    }

    private static bool Unlikely(long hits, long draws, double share) =>
        share >= 1 || SequentialMultinomial.PValue([hits, draws - hits], [share, 1 - share]) <= Chance;

    private static bool HasUsers(ArmSample? arm) => arm is not { Requests: > 0 } || arm.Users > 0;

    private static long CountOf(ArmSample? arm, bool users) => arm is null ? 0 : users ? arm.Users ?? 0 : arm.Requests;
}
