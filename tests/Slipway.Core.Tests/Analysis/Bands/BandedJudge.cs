using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis.Bands;

/// <summary>The judge over a stage of 10 % with the values of a sign-in service beside its limits, and so many requests that nothing is chance.</summary>
internal static class BandedJudge
{
    public const long Requests = 100_000_000;

    public static readonly DateTimeOffset Start = SampleRequests.Start;

    /// <summary>Baseline, target, warning and limit; against the old version everything is tolerated, so that the values alone speak.</summary>
    public static GuardrailSpec Guardrails { get; } = new()
    {
        ErrorRate = new LimitSpec(0.5m, 100) { Band = new MetricBand(0.05m, 0.1m, 0.15m) },
        LatencyP95 = new LimitSpec(500, 100) { Band = new MetricBand(150, 200, 300), WithinBaseline = new Percentage(10) },
        Availability = new Percentage(99.5m),
        AvailabilityBand = new MetricBand(99.95m, 99.9m, 99.8m),
    };

    public static ReleasePlan Plan(GuardrailSpec? guardrails = null) => Planner.Draft(SampleRequests.Request() with
    {
        Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod }],
        Guardrails = guardrails ?? Guardrails,
        Stages = [new StageSpec { Percentage = new(10), Bake = TimeSpan.FromHours(2) }, new StageSpec { Percentage = new(50), Bake = TimeSpan.FromHours(2) }, new StageSpec { Percentage = Percentage.Full, Bake = TimeSpan.FromHours(2) }],
    });

    /// <summary>The assessments of some minutes, each the same.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="canary">The canary's minute.</param>
    /// <param name="minutes">How many.</param>
    public static IReadOnlyList<Assessment> Judge(ReleasePlan plan, ArmSample canary, int minutes = 12)
    {
        var state = new JudgeState { JudgedUntil = Start, SeenUntil = Start };
        var stage = new StageUnderJudgement(0, plan.Stages[0].Percentage, Start);
        var assessments = new List<Assessment>();
        for (var minute = 0; minute < minutes; minute++)
        {
            var at = state.JudgedUntil;
            var judgement = new EvidenceJudge().Judge(plan, state, stage, [new Observation(at, TimeSpan.FromMinutes(1), "global", canary, Arm(0.05m, 150, 9 * Requests, plan))], at.AddMinutes(1));
            state = judgement.State;
            assessments.Add(judgement.Assessment);
        }

        return assessments;
    }

    /// <summary>An arm's minute: a share of failed requests in percent, and a latency of every request, both exact.</summary>
    public static ArmSample Arm(decimal errorPercent, double latency, long requests, ReleasePlan plan) => new()
    {
        Requests = requests,
        Errors = (long)(requests * errorPercent / 100),
        Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(latency)] = requests }),
        Slower = [.. plan.Watch.Edges.Select(edge => new SlowCount(edge, latency > edge ? requests : 0))],
    };
}
