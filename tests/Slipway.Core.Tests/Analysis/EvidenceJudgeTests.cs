using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Analysis;

public class EvidenceJudgeTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 3, 10, 0, 0, TimeSpan.Zero);
    private static readonly StageUnderJudgement Canary = new(0, new Percentage(5), Start);

    [Fact]
    public void Judge_HealthyCanary_Passes()
    {
        var judgement = Run(Plan(), Canary, Minutes(10, canaryErrors: 1));

        Assert.Equal(Verdict.Pass, judgement.Assessment.Verdict);
        Assert.Equal(10 * 300, judgement.State.StageRequests);
        Assert.Contains("3,000 canary requests at 5 %", judgement.Assessment.Sentence);
    }

    [Fact]
    [Trait("requirement", "S002-35")]
    public void Judge_ErrorRateClearlyAboveItsLimit_FailsWithTheNumbersInOneSentence()
    {
        var judgement = Run(Plan(), Canary, Minutes(3, canaryErrors: 24));

        Assert.Equal(Verdict.Fail, judgement.Assessment.Verdict);
        var finding = judgement.Assessment.Findings[0];
        Assert.Equal(8, finding.Value, 1e-9);
        Assert.Equal(2, finding.Limit);
        Assert.InRange(finding.Bound, 2, 8);
        Assert.Equal("error_rate 8 % [at least 4.48 %] over 600 requests, control 1 %, limit 2 %, crossed 10:01:00Z, trigger error_rate limit", First(Plan(), Canary, Minutes(2, canaryErrors: 24)).Assessment.Sentence);
    }

    [Fact]
    public void Judge_OneUnluckyRequestInALowTrafficCanary_DoesNotFail()
    {
        // 1 of 10 is 10 %, five times the limit, and says nothing: its 99.99 % lower bound is far below 2 %.
        var judgement = Run(Plan(), Canary, Minutes(1, canaryRequests: 10, canaryErrors: 1));

        Assert.NotEqual(Verdict.Fail, judgement.Assessment.Verdict);
    }

    [Fact]
    public void Judge_LatencyAboveItsLimit_Fails()
    {
        var judgement = Run(Plan(), Canary, Minutes(2, canaryMs: 220));

        Assert.Equal(Verdict.Fail, judgement.Assessment.Verdict);
        Assert.Equal("latency_p95", judgement.Assessment.Findings[0].Metric);
    }

    [Fact]
    public void Judge_ThresholdThatMustLast_FailsOnlyAfterThatTime()
    {
        var plan = SlowBurn();
        var failed = Verdicts(plan, Canary, Minutes(5, canaryErrors: 24)).Select(assessment => assessment.Verdict == Verdict.Fail).ToList();

        Assert.Equal([false, false, false, true, true], failed);
    }

    [Fact]
    public void Judge_ThresholdThatIsInterrupted_StartsItsTimeAgain()
    {
        var plan = SlowBurn();
        List<Observation> evidence = [.. Minutes(3, canaryErrors: 24), .. Minutes(1, from: 3), .. Minutes(3, from: 4, canaryErrors: 24)];

        Assert.DoesNotContain(Verdicts(plan, Canary, evidence), assessment => assessment.Verdict == Verdict.Fail);
    }

    [Fact]
    public void Judge_OneBadRegionOfTen_FailsAlthoughThePoolLooksFine()
    {
        var evidence = Enumerable.Range(0, 2).SelectMany(minute => Enumerable.Range(0, 10).Select(region =>
            Minute(minute, canaryErrors: region == 3 ? 36 : 0) with { Region = $"r{region}" })).ToList();
        var judgement = Run(Plan(), Canary, evidence);

        Assert.Equal(Verdict.Fail, judgement.Assessment.Verdict);
        Assert.Equal("r3", judgement.Assessment.Findings[0].Region);
    }

    [Fact]
    public void Judge_PauseAndAlertTriggers_AreFindingsButNoFailure()
    {
        var plan = Plan(new PlannedTrigger("watch out", "error_rate", 0.2m, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.Alert));
        var judgement = Run(plan, Canary, Minutes(10, canaryErrors: 3));

        Assert.Equal(Verdict.Pass, judgement.Assessment.Verdict);
        Assert.Equal(TriggerAction.Alert, Assert.Single(judgement.Assessment.Findings).Action);
    }

    [Theory]
    [InlineData(0.02, true)]
    [InlineData(0.2, false)]
    [Trait("requirement", "S002-32")]
    public void Judge_BusinessMetricBelowItsLimit_FailsWhenTheMeanIsClearlyBelow(double mean, bool fails)
    {
        var plan = Plan(new PlannedTrigger("clicks", "searches_with_click", null, 0.1m, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback));
        var evidence = Minutes(6).Select(row => row with
        {
            Canary = row.Canary! with { Kpis = new Dictionary<string, KpiSample> { ["searches_with_click"] = new(300, 300 * mean, 300 * mean) } },
        }).ToList();

        Assert.Equal(fails, Run(plan, Canary, evidence).Assessment.Verdict == Verdict.Fail);
    }

    [Fact]
    public void Judge_FewValuesOfABusinessMetric_SayNothing()
    {
        var plan = Plan(new PlannedTrigger("clicks", "searches_with_click", null, 0.1m, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback));
        var evidence = Minutes(1).Select(row => row with { Canary = row.Canary! with { Kpis = new Dictionary<string, KpiSample> { ["searches_with_click"] = new(29, 0, 0) } } }).ToList();

        Assert.NotEqual(Verdict.Fail, Run(plan, Canary, evidence).Assessment.Verdict);
    }

    [Fact]
    [Trait("requirement", "S001-102")]
    [Trait("requirement", "S002-158")]
    public void Judge_TelemetrySilent_GoesBlindAndNeverPasses()
    {
        var state = Run(Plan(), Canary, Minutes(5)).State;
        var later = state.JudgedUntil + TimeSpan.FromMinutes(3);
        var judgement = new EvidenceJudge().Judge(Plan(), state, Canary, [], later);

        Assert.Equal(Verdict.Blind, judgement.Assessment.Verdict);
        Assert.Equal(BlindCause.Dead, judgement.Assessment.Blind);
        Assert.Equal(Start.AddMinutes(5), judgement.Assessment.BlindSince);
    }

    [Theory]
    [InlineData(6, BlindCause.Late)]
    [InlineData(5, BlindCause.Dead)]
    [InlineData(null, BlindCause.Dead)]
    public void Judge_RowsThatCameTooLate_AreLateTelemetryAndNotDead(int? lateUntil, BlindCause cause)
    {
        var state = Run(Plan(), Canary, Minutes(5)).State;
        var judgement = new EvidenceJudge().Judge(Plan(), state, Canary, [], state.JudgedUntil + TimeSpan.FromMinutes(3), lateUntil is { } minute ? Start.AddMinutes(minute) : null);

        Assert.Equal((Verdict.Blind, cause), (judgement.Assessment.Verdict, judgement.Assessment.Blind));
        Assert.Equal(Start.AddMinutes(5), judgement.Assessment.BlindSince);
        Assert.Equal(cause == BlindCause.Late, judgement.Assessment.Missing.Any(missing => missing.Contains("telemetry.ingestion_delay", StringComparison.Ordinal)));
    }

    [Fact]
    public void Judge_OnlyTheControlReports_IsNoTrafficAndNotDead()
    {
        // So few requests that 5 % of them may well be none.
        var evidence = Minutes(4).Select(row => row with { Canary = null, Control = Arm(60, 0, 40) }).ToList();
        var judgement = Run(Plan(), Canary, evidence);

        Assert.Equal(Verdict.Blind, judgement.Assessment.Verdict);
        Assert.Equal(BlindCause.NoTraffic, judgement.Assessment.Blind);
    }

    [Fact]
    public void Judge_AtFullExposure_NeedsNoControlArm()
    {
        var evidence = Minutes(4).Select(row => row with { Control = null }).ToList();
        var judgement = Run(Plan(), new StageUnderJudgement(3, Percentage.Full, Start), evidence);

        Assert.Equal(Verdict.Pass, judgement.Assessment.Verdict);
    }

    [Fact]
    public void Judge_BeforePropagation_CountsAgainstTheReleaseButNotForIt()
    {
        var stage = Canary with { EvidenceFrom = Start.AddMinutes(30) };

        Assert.Equal(Verdict.Undecided, Run(Plan(), stage, Minutes(5)).Assessment.Verdict);
        Assert.Equal(Verdict.Fail, Run(Plan(), stage, Minutes(5, canaryErrors: 24)).Assessment.Verdict);
    }

    [Fact]
    public void Judge_TheStateThroughJson_GivesTheSameJudgement()
    {
        var evidence = Minutes(6, canaryErrors: 5);
        var direct = Run(Plan(), Canary, evidence);
        JudgeState? state = null;
        Judgement? last = null;
        foreach (var row in evidence)
        {
            last = new EvidenceJudge().Judge(Plan(), state, Canary, [row], row.End);
            var json = System.Text.Json.JsonSerializer.Serialize(last.State, Slipway.Core.Serialization.SlipwayJson.Options);
            state = System.Text.Json.JsonSerializer.Deserialize<JudgeState>(json, Slipway.Core.Serialization.SlipwayJson.Options);
        }

        Assert.Equal(direct.Assessment.Sentence, last!.Assessment.Sentence);
        Assert.Equal(direct.State.StageRequests, state!.StageRequests);
        Assert.Equal(direct.State.Recent.Count, state.Recent.Count);
    }

    /// <summary>A trigger alone: the control arm is tolerated twenty times over.</summary>
    private static ReleasePlan SlowBurn()
    {
        var plan = Plan(new PlannedTrigger("slow burn", "error_rate", 2, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(3), TriggerAction.AutoRollback));
        return plan with { Evidence = plan.Evidence with { ErrorTolerance = 20 } };
    }

    private static Judgement First(ReleasePlan plan, StageUnderJudgement stage, IReadOnlyList<Observation> evidence) => Run(plan, stage, evidence);

    private static Judgement Run(ReleasePlan plan, StageUnderJudgement stage, IReadOnlyList<Observation> evidence)
    {
        Judgement? judgement = null;
        foreach (var minute in evidence.GroupBy(row => row.Start))
        {
            judgement = new EvidenceJudge().Judge(plan, judgement?.State, stage, [.. minute], minute.First().End);
        }

        return judgement!;
    }

    private static IEnumerable<Assessment> Verdicts(ReleasePlan plan, StageUnderJudgement stage, IReadOnlyList<Observation> evidence)
    {
        JudgeState? state = null;
        foreach (var row in evidence)
        {
            var judgement = new EvidenceJudge().Judge(plan, state, stage, [row], row.End);
            state = judgement.State;
            yield return judgement.Assessment;
        }
    }

    private static List<Observation> Minutes(int count, int from = 0, long canaryRequests = 300, long canaryErrors = 0, double canaryMs = 40) =>
        [.. Enumerable.Range(from, count).Select(minute => Minute(minute, canaryRequests, canaryErrors, canaryMs))];

    private static Observation Minute(int minute, long canaryRequests = 300, long canaryErrors = 0, double canaryMs = 40) => new(
        Start.AddMinutes(minute), TimeSpan.FromMinutes(1), "global", Arm(canaryRequests, canaryErrors, canaryMs), Arm(6000, 60, 40));

    private static ArmSample Arm(long requests, long errors, double ms) => new()
    {
        Requests = requests,
        Errors = errors,
        Latency = new LatencyHistogram(new Dictionary<int, long> { [LatencyHistogram.BucketOf(ms)] = requests }),
    };

    private static ReleasePlan Plan(params PlannedTrigger[] triggers) => new()
    {
        ReleaseId = ReleaseId.Parse("search-2.4.0"),
        Risk = RiskLevel.Low,
        Strategy = RolloutStrategy.Canary,
        Stages = [new PlannedStage(0, new Percentage(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20), null)],
        Flags = [new FlagSpec { Name = "search-v2" }],
        Regions = ["global"],
        Triggers = triggers.Length > 0 ? triggers :
        [
            new PlannedTrigger("error_rate limit", "error_rate", 2, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.ErrorRate),
            new PlannedTrigger("latency_p95 limit", "latency_p95", 150, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.LatencyP95),
        ],
        Watch = new WatchPlan
        {
            Source = TelemetrySource.Embedded,
            Service = "search",
            Interval = TimeSpan.FromMinutes(1),
            IngestionDelay = TimeSpan.FromMinutes(3),
            Propagation = TimeSpan.FromMinutes(1),
            BlindHold = TimeSpan.FromMinutes(10),
            BlindThen = BlindAction.Rollback,
        },
        Levels = [new PlannedLevel(1, TimeSpan.FromMinutes(5), ["search-v2"])],
    };
}
