using System.Globalization;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Latency;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Analysis.Power;

/// <summary>
/// What the stages of a plan will be able to tell, from the traffic and the base rate that the request states: said in the plan and to
/// whoever approves, before anybody is exposed. Pure.
/// </summary>
public sealed record ReleasePower
{
    /// <summary>A bake of more intervals is looked at in longer ones: what is found does not change by it, and the answer comes at once.</summary>
    private const int MostIntervals = 120;

    private static readonly double[] Shares = [0.10, 0.25, 0.50];

    /// <summary>A row for each stage with a control arm and each guardrail; empty where nothing is known.</summary>
    public IReadOnlyList<StagePower> Rows { get; init; } = [];

    /// <summary>What it rests on, or why nothing is known; a sentence each.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>Of a plan.</summary>
    public static ReleasePower Of(ReleasePlan plan)
    {
        var evidence = plan.Evidence;
        if (plan.Strategy == RolloutStrategy.Rolling) return Unknown("Regions change one after the other, so that there is no control arm; the absolute limits alone are judged.");
        if (!plan.Stages.Any(IsCompared)) return Unknown("No stage has a control arm; the absolute limits alone are judged.");
        if (evidence.ExpectedRps is not > 0) return Unknown("How small a regression the stages can see is unknown, since operations.traffic_rps is not stated.");
        var rps = evidence.ExpectedRps.Value;
        var errors = evidence.ExpectedErrorRate is > 0 and var stated ? stated : evidence.ErrorLimit / 2;
        var rows = new List<StagePower>();
        foreach (var guardrail in Guardrail.Of(evidence))
        {
            var rate = guardrail.IsLatency ? SlowRequests.Share : errors;
            var test = new PlannedTest(guardrail.ToleratedRatio, evidence.Alpha, evidence.PlannedIntervals);
            foreach (var environment in plan.Environments)
            {
                var before = new List<StageTraffic>();
                foreach (var stage in plan.Stages.Where(stage => stage.Environment == environment.Index && IsCompared(stage)))
                {
                    rows.Add(Of(plan, stage, guardrail, test, before, Traffic(plan, stage.Bake, rps, stage.Percentage.Fraction, rate)));
                    before.Add(Traffic(plan, stage.Bake, rps, stage.Percentage.Fraction, rate));
                }
            }
        }

        return new ReleasePower
        {
            Rows = [.. rows.OrderBy(row => row.Stage).ThenBy(row => row.Metric, StringComparer.Ordinal)],
            Assumptions =
            [
                string.Create(CultureInfo.InvariantCulture, $"At {rps:0.##} requests a second, a base error rate of {100 * errors:0.####} %{Guessed(evidence)} and 5 % of requests slower than the usual p95, for regressions that begin with their stage."),
            ],
        };
    }

    /// <summary>Whether a stage has a control arm that it is compared with.</summary>
    private static bool IsCompared(PlannedStage stage) => stage.Percentage > Percentage.Zero && stage.Percentage < Percentage.Full;

    private static ReleasePower Unknown(string why) => new() { Assumptions = [why] };

    private static string Guessed(EvidencePlan evidence) => evidence.ExpectedErrorRate switch
    {
        > 0 => "",
        null => " (not stated: half of the limit)",
        _ => " (stated as none: half of the limit)",
    };

    private static StagePower Of(ReleasePlan plan, PlannedStage stage, Guardrail guardrail, PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic traffic)
    {
        var found = DetectionPower.Smallest(test, before, traffic);
        var twice = DetectionPower.Expect(test, before, traffic, 2);
        var within = Margin(plan, stage.Bake, traffic, guardrail);
        var longest = within ?? Margin(plan, stage.MaxBake, traffic, guardrail);
        var unseen = twice.Chance < DetectionPower.Likely;
        return new StagePower
        {
            Stage = stage.Index,
            Metric = guardrail.Metric,
            Likely = found.Likely,
            NearlySure = found.NearlySure,
            Harmed = found.Likely is { } ratio ? DetectionPower.Expect(test, before, traffic, ratio).Harmed : 0,
            TwiceChance = twice.Chance,
            TwiceMinutes = twice.Intervals * stage.Bake.TotalMinutes / traffic.Intervals,
            TwiceNeedsMinutes = unseen ? NeededBake(plan, stage, test, before, traffic) : null,
            TwiceNeedsPercentage = unseen ? Shares.Where(share => share > traffic.Share && Sees(test, before, traffic with { Share = share })).Select(share => (double?)(100 * share)).FirstOrDefault() : null,
            Margin = longest?.Ratio,
            MarginNeedsLongest = within is null && longest is not null,
        };
    }

    private static double? NeededBake(ReleasePlan plan, PlannedStage stage, PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic traffic)
    {
        for (var bake = 2 * stage.Bake; bake <= TimeSpan.FromDays(1); bake *= 2)
        {
            if (Sees(test, before, Traffic(plan, bake, plan.Evidence.ExpectedRps!.Value, traffic.Share, traffic.BadRate))) return bake.TotalMinutes;
        }

        return null;
    }

    private static bool Sees(PlannedTest test, IReadOnlyList<StageTraffic> before, StageTraffic traffic) =>
        DetectionPower.Expect(test, before, traffic, 2).Chance >= DetectionPower.Likely;

    private static StageMargin? Margin(ReleasePlan plan, TimeSpan bake, StageTraffic traffic, Guardrail guardrail)
    {
        var intervals = Math.Max(1, (int)(bake / plan.Watch.Interval));
        return MarginFinder.Find(new StageTraffic(plan.Evidence.ExpectedRps!.Value * plan.Watch.Interval.TotalSeconds, traffic.Share, traffic.BadRate, intervals), guardrail.ToleratedRatio);
    }

    private static StageTraffic Traffic(ReleasePlan plan, TimeSpan bake, double rps, double share, double rate)
    {
        var intervals = Math.Max(1, (int)(bake / plan.Watch.Interval));
        var together = (intervals + MostIntervals - 1) / MostIntervals;
        return new StageTraffic(rps * plan.Watch.Interval.TotalSeconds * together, share, rate, Math.Max(1, intervals / together));
    }
}
