using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Outlook;

/// <summary>One thing that a promotion still needs.</summary>
/// <param name="Sentence">What it is, in numbers where there are some.</param>
/// <param name="Until">When it will be there by itself, or when it is too late; null: nobody knows.</param>
public sealed record PromotionNeed(string Sentence, DateTimeOffset? Until = null);

/// <summary>
/// What it would take to promote a release now: every condition that is not met, with the samples, minutes or people still missing. CLI,
/// page, mail and API show the same. Pure.
/// </summary>
/// <param name="Possible">Whether a promotion can still come at all.</param>
/// <param name="Headline">The answer in one sentence.</param>
/// <param name="Needs">What is missing, what stands in the way for longest first where that is known; empty where nothing is missing or nothing helps.</param>
public sealed record PromotionOutlook(bool Possible, string Headline, IReadOnlyList<PromotionNeed> Needs)
{
    /// <summary>The outlook of a recorded release.</summary>
    /// <param name="state">Where it stands. Its ledger has at least its first entry.</param>
    /// <param name="now">The moment to say it for.</param>
    public static PromotionOutlook Of(ReleaseState state, DateTimeOffset now)
    {
        if (Never(state) is { } never) return new PromotionOutlook(false, $"Cannot happen: {never}", []);
        IReadOnlyList<PromotionNeed> needs =
        [
            .. Hold(state), .. Questions(state), .. Drift(state), .. Approvals(state, now), .. Bake(state, now), .. Evidence(state),
            .. Gates(state), .. Waiting(state, now), .. NextApproval(state),
        ];
        var goal = Goal(state);
        return needs.Count == 0
            ? new PromotionOutlook(true, $"Nothing is missing: {goal} comes next.", needs)
            : new PromotionOutlook(true, $"For {goal}, {(needs.Count == 1 ? "one thing is" : string.Create(CultureInfo.InvariantCulture, $"{needs.Count} things are"))} missing.", needs);
    }

    /// <summary>What a gate still needs, in the same words on page and in mail.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="approved">How many have approved.</param>
    /// <param name="since">Since when it is asked, with a comma before it; may be empty.</param>
    public static string MissingApprovals(ApprovalGate gate, int approved, string since = "")
    {
        var missing = Math.Max(0, gate.Quorum - approved);
        return string.Create(CultureInfo.InvariantCulture, $"{missing} more {(missing == 1 ? "approval" : "approvals")} by {gate.Group}{since}; without it the release stops");
    }

    private static string? Never(ReleaseState state) => state.Phase switch
    {
        ReleasePhase.Completed => "the release is completed; every user has it",
        ReleasePhase.RolledBack => "the release was rolled back, and a release that is over never changes",
        ReleasePhase.Failed => "the release failed, and a release that is over never changes",
        ReleasePhase.RollingBack => "the release is being rolled back, and nothing stops that",
        _ => null,
    };

    private static string Goal(ReleaseState state) => state.Phase switch
    {
        ReleasePhase.Validating or ReleasePhase.Concluding => "the end of the release",
        _ when state.Stage + 1 < state.Plan.Stages.Count => state.Plan.Describe(state.Stage + 1),
        _ => "the end of the release",
    };

    private static IEnumerable<PromotionNeed> Hold(ReleaseState state) => state.Phase == ReleasePhase.Paused && !state.OpenEvaluations.Any()
        ? [new PromotionNeed($"somebody resumes it: {state.PhaseReason}", state.NextAt)]
        : [];

    private static IEnumerable<PromotionNeed> Questions(ReleaseState state) => state.OpenEvaluations.Select(fact =>
        new PromotionNeed($"an answer to evaluation {fact.Opened.Id} ({fact.WithoutAnswer}): {fact.Opened.Sentence}", fact.Opened.Deadline));

    private static IEnumerable<PromotionNeed> Drift(ReleaseState state) => state.DriftedFlags.Select(flag =>
        new PromotionNeed($"flag {flag} as Slipway left it: somebody else changed it"));

    private static IEnumerable<PromotionNeed> Approvals(ReleaseState state, DateTimeOffset now) => state.OpenApprovals.Select(fact =>
    {
        var approved = fact.Decisions.Count(one => one is { Applied: true, Received.Decision.Choice: ApprovalChoice.Approve });
        return new PromotionNeed(MissingApprovals(fact.Asked.Gate, approved, $", asked {DurationText.Format(Whole(now - fact.Asked.At))} ago"), fact.Asked.Deadline);
    });

    private static IEnumerable<PromotionNeed> Bake(ReleaseState state, DateTimeOffset now)
    {
        if (Effective(state) is not (ReleasePhase.Baking or ReleasePhase.Propagating or ReleasePhase.Shifting)) yield break;
        if (Effective(state) == ReleasePhase.Baking && state.Watch is { Mode: WatchMode.Bake, BakeEndsAt: { } end })
        {
            if (end > now) yield return new PromotionNeed($"{DurationText.Format(Whole(end - now))} more of the bake", end);
            else if (state.JudgedUntil is { } judged && judged < end)
                yield return new PromotionNeed(string.Create(CultureInfo.InvariantCulture, $"telemetry up to the bake's end; it is judged up to {judged.UtcDateTime:HH:mm:ss}Z"));
        }
        else if (state.Phase is ReleasePhase.Propagating or ReleasePhase.Shifting)
        {
            yield return new PromotionNeed(state.Phase == ReleasePhase.Shifting ? "its exposure written and read back" : "applications that have refreshed their flags, then the bake", state.NextAt);
        }
    }

    private static IEnumerable<PromotionNeed> Evidence(ReleaseState state)
    {
        if (Effective(state) != ReleasePhase.Baking || state.Assessment is not { } assessment) return [];
        if (assessment.Verdict == Verdict.Blind) return [new PromotionNeed($"telemetry: {assessment.Sentence}")];
        return assessment.Missing.Select(missing => new PromotionNeed(missing));
    }

    private static IEnumerable<PromotionNeed> Gates(ReleaseState state) => state.Gates.Values
        .Where(fact => fact.Last is { Status: GateStatus.Fail, Critical: true })
        .Select(fact => new PromotionNeed($"gate {fact.Last.Gate}: {fact.Last.Details}"));

    private static IEnumerable<PromotionNeed> Waiting(ReleaseState state, DateTimeOffset now) =>
        state.Phase is ReleasePhase.Waiting or ReleasePhase.Preflight or ReleasePhase.Received or ReleasePhase.Capturing or ReleasePhase.Validating or ReleasePhase.Concluding
            ? [new PromotionNeed(state.NextEvent.Length > 0 && state.NextAt > now ? state.NextEvent : state.PhaseReason.Length > 0 ? state.PhaseReason : "its first checks", state.NextAt)]
            : [];

    private static IEnumerable<PromotionNeed> NextApproval(ReleaseState state) =>
        Effective(state) == ReleasePhase.Baking && state.Stage + 1 < state.Plan.Stages.Count && state.Plan.Stages[state.Stage + 1].Approval is { } group
            ? [new PromotionNeed($"then an approval by {group}, asked when the bake has passed")]
            : [];

    private static ReleasePhase Effective(ReleaseState state) => state.Machine.Effective;

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(span.TotalSeconds)));
}
