using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Analysis.Judging;

/// <summary>The judge on courses of a release: what carries over, what is said, and who decides.</summary>
public class EvidenceTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 3, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    [Trait("requirement", "S002-81")]
    [Trait("requirement", "S002-82")]
    public void A_healthy_stage_is_undecided_first_and_passes_when_its_margin_is_excluded()
    {
        var course = new Course(Plan());
        var early = course.Run(2, canaryErrors: 1);
        Assert.Equal(Verdict.Undecided, early.Verdict);
        Assert.Contains(early.Missing, line => line.StartsWith("error_rate: about ", StringComparison.Ordinal) && line.EndsWith(" at the present traffic", StringComparison.Ordinal));

        var late = course.Run(10, canaryErrors: 3);

        Assert.Equal(Verdict.Pass, late.Verdict);
        Assert.Empty(late.Missing);
        Assert.Matches(@"no limit crossed in 3,600 canary requests at 5 %; error_rate 0\.89 % \[0\.61–1\.25\] over 3,600 requests, control 1 %, at most [0-9.]+ times the control's, margin [0-9.]+; latency_p95: ", late.Sentence);
    }

    [Fact]
    public void A_regression_below_the_limit_fails_and_says_how_much_worse_than_the_control_it_is()
    {
        // 4 % against 1 %: below the limit of 5 %, four times the control.
        var course = new Course(Plan());
        Assessment? failed = null;
        for (var minute = 0; minute < 15 && failed is null; minute++)
        {
            var now = course.Run(1, canaryErrors: 12);
            if (now.Verdict == Verdict.Fail) failed = now;
        }

        Assert.NotNull(failed);
        Assert.Matches(@"^error_rate 4 % \[[0-9.]+–[0-9.]+\] over [0-9,]+ requests since 10:0\d:00Z, 4 times the control's 1 %, tolerated 1\.25, crossed 10:\d\d:00Z, rule error_rate against control \(evidence [0-9.]+ of 500\)$", failed.Sentence);
        var finding = failed.Findings[0];
        Assert.Equal((TriggerAction.AutoRollback, "error_rate", 1.25), (finding.Action, finding.Metric, finding.Limit));
    }

    [Fact]
    public void Evidence_carries_over_stages()
    {
        // Six minutes of suspicion in one stage and the next minutes in another: together they suffice, each alone does not.
        var together = new Course(Plan());
        var alone = new Course(Plan());
        var first = together.Run(6, canaryErrors: 7);
        Assert.NotEqual(Verdict.Fail, first.Verdict);
        together.Stage(1);
        alone.Stage(1);

        var rest = 0;
        while (together.Run(1, canaryErrors: 7).Verdict != Verdict.Fail) rest++;
        var fresh = 0;
        while (alone.Run(1, canaryErrors: 7).Verdict != Verdict.Fail) fresh++;

        Assert.True(rest < fresh, $"{rest} minutes after the first stage, {fresh} without it");
    }

    [Fact]
    public void A_stage_is_promoted_on_its_own_data_alone()
    {
        var course = new Course(Plan());
        Assert.Equal(Verdict.Pass, course.Run(30, canaryErrors: 3).Verdict);
        course.Stage(1);

        Assert.Equal(Verdict.Undecided, course.Run(1, canaryErrors: 3).Verdict);
    }

    [Fact]
    public void One_bad_region_of_ten_fails_although_the_pool_looks_fine()
    {
        var regions = Enumerable.Range(0, 10).Select(i => $"r{i}").ToList();
        var course = new Course(Plan() with { Regions = regions }) { Regions = regions, Errors = (region, errors) => region == "r3" ? 40 : errors };
        Assessment now;
        var minutes = 0;
        do
        {
            now = course.Run(1, canaryErrors: 3);
        }
        while (now.Verdict != Verdict.Fail && ++minutes < 15);

        Assert.Contains(now.Findings, finding => finding.Region == "r3" && finding.Action == TriggerAction.AutoRollback);
        Assert.DoesNotContain(now.Findings, finding => finding.Region == "all" && finding.Action == TriggerAction.AutoRollback);
    }

    [Fact]
    public void Rows_of_one_arm_and_region_add_up()
    {
        var whole = new Course(Plan());
        var halves = new Course(Plan()) { Split = true };
        var (left, right) = (whole.Run(8, canaryErrors: 4), halves.Run(8, canaryErrors: 4));

        Assert.Equal(left.Sentence, right.Sentence);
        Assert.Equal(left.Readings, right.Readings);
    }

    [Fact]
    public void The_state_through_json_gives_the_same_verdicts_bit_for_bit()
    {
        var direct = new Course(Plan());
        var through = new Course(Plan()) { ThroughJson = true };
        for (var minute = 0; minute < 12; minute++)
        {
            var (left, right) = (direct.Run(1, canaryErrors: minute % 7), through.Run(1, canaryErrors: minute % 7));
            Assert.Equal(left.Readings, right.Readings);
            Assert.Equal(left.Sentence, right.Sentence);
        }
    }

    [Fact]
    public void A_slower_canary_fails_within_its_limit_in_milliseconds()
    {
        var course = new Course(Plan()) { CanaryMilliseconds = 80 };
        var now = course.Run(12, canaryErrors: 3);

        Assert.Equal(Verdict.Fail, now.Verdict);
        Assert.StartsWith("latency_p95: slower than ", now.Sentence);
        Assert.Contains("times the usual p95", now.Sentence);
    }

    [Fact]
    public void At_100_percent_a_limit_that_is_broken_fails_and_one_that_is_kept_passes()
    {
        var broken = new Course(Plan());
        broken.Stage(2);
        Assert.Equal(Verdict.Fail, broken.Run(15, canaryErrors: 600).Verdict);

        var kept = new Course(Plan());
        kept.Stage(2);
        var now = kept.Run(15, canaryErrors: 60);
        Assert.Equal(Verdict.Pass, now.Verdict);
        Assert.All(now.Readings, reading => Assert.Equal(TestKind.Limit, reading.Kind));
    }

    [Fact]
    public void A_single_wild_minute_of_the_canary_decides_nothing()
    {
        var course = new Course(Plan());
        course.Run(10, canaryErrors: 3);
        Assert.NotEqual(Verdict.Fail, course.Run(1, canaryErrors: 60).Verdict);
        for (var minute = 0; minute < 20; minute++) Assert.NotEqual(Verdict.Fail, course.Run(1, canaryErrors: 3).Verdict);
    }

    [Fact]
    public void Two_bad_minutes_cross_a_limit_that_one_does_not()
    {
        var course = new Course(Plan());
        course.Run(10, canaryErrors: 3);
        Assert.NotEqual(Verdict.Fail, course.Run(1, canaryErrors: 90).Verdict);
        Assert.Equal(Verdict.Fail, course.Run(1, canaryErrors: 90).Verdict);
    }

    [Fact]
    public void A_limit_that_the_control_crosses_too_is_told_and_rolls_nothing_back()
    {
        var course = new Course(Plan()) { ControlErrors = 600 };
        var now = course.Run(10, canaryErrors: 30);

        Assert.NotEqual(Verdict.Fail, now.Verdict);
        var finding = Assert.Single(now.Findings, finding => finding.Rule == "error_rate limit");
        Assert.Equal(TriggerAction.Alert, finding.Action);
        Assert.EndsWith("; the control crosses it too, so that nothing is rolled back", finding.Sentence);
    }

    [Fact]
    public void A_limit_at_the_base_rate_rolls_back_only_with_evidence_that_the_canary_is_worse()
    {
        // The control keeps the limit of 5 % just so; two bad minutes of the canary alone are no evidence yet.
        var course = new Course(Plan()) { ControlErrors = 280 };
        course.Run(10, canaryErrors: 15);
        course.Run(1, canaryErrors: 38);
        var now = course.Run(1, canaryErrors: 38);
        Assert.NotEqual(Verdict.Fail, now.Verdict);
        Assert.All(now.Findings, finding => Assert.True(finding.Shared));

        while (now.Verdict != Verdict.Fail) now = course.Run(1, canaryErrors: 45);
        Assert.Equal(TriggerAction.AutoRollback, now.Findings[0].Action);
    }

    [Fact]
    public void A_difference_that_was_there_before_is_allowed_for()
    {
        // The users of this canary fail twice as often as the others, and did so before.
        var before = new Calibration { Offsets = [new MetricOffset("error_rate", "all", 5, Math.Log(2), 0.001, Math.Log(2) * 0.95, 60)] };
        Assert.Equal(Verdict.Fail, new Course(Plan()).Run(60, canaryErrors: 6).Verdict);
        Assert.NotEqual(Verdict.Fail, new Course(Plan(), before).Run(60, canaryErrors: 6).Verdict);
    }

    [Fact]
    public void Where_noise_has_memory_three_intervals_are_judged_as_one()
    {
        var course = new Course(Plan(), new Calibration { BlockIntervals = 3 });
        var evidence = Enumerable.Range(0, 6).Select(_ => course.Run(1, canaryErrors: 9).Readings[0].LogEvidence).ToList();

        Assert.Equal(evidence[0], evidence[1]);
        Assert.NotEqual(evidence[1], evidence[2]);
        Assert.Equal(evidence[2], evidence[3]);
        Assert.NotEqual(evidence[4], evidence[5]);
    }

    [Theory]
    [InlineData(0.30, Verdict.Pass)]
    [InlineData(0.15, Verdict.Fail)]
    [Trait("requirement", "S002-80")]
    public void A_business_metric_that_drops_further_than_tolerated_fails(double clicks, Verdict expected)
    {
        var plan = Plan();
        plan = plan with { Evidence = plan.Evidence with { Kpis = [new KpiSpec("clicks", KpiDirection.HigherIsBetter, new Percentage(2))] } };
        var now = new Course(plan) { Clicks = clicks }.Run(20, canaryErrors: 3);

        Assert.Equal(expected, now.Verdict);
        Assert.Contains("clicks", now.Sentence);
        if (expected == Verdict.Fail) Assert.EndsWith("rule clicks against control", now.Sentence);
    }

    [Fact]
    [Trait("requirement", "S001-102")]
    public void A_business_metric_without_values_is_no_pass()
    {
        var plan = Plan();
        plan = plan with { Evidence = plan.Evidence with { Kpis = [new KpiSpec("clicks", KpiDirection.HigherIsBetter, new Percentage(2))] } };
        var now = new Course(plan).Run(20, canaryErrors: 3);

        Assert.Equal(Verdict.Undecided, now.Verdict);
        Assert.Contains("clicks: at least 30 values in each arm", now.Missing);
    }

    [Fact]
    public void What_leans_against_the_release_is_not_left_to_the_policy()
    {
        var course = new Course(Plan());
        Assert.True(course.Run(1, canaryErrors: 0).PolicyMayPromote || course.Last!.Verdict == Verdict.Pass);
        Assessment now;
        do
        {
            now = course.Run(1, canaryErrors: 9);
            Assert.True(now.Verdict != Verdict.Undecided || now.PolicyMayPromote == !now.Sentence.Contains("leans against it", StringComparison.Ordinal));
        }
        while (now.Verdict != Verdict.Fail);
    }

    private static ReleasePlan Plan() => new()
    {
        ReleaseId = ReleaseId.Parse("search-2.4.0"),
        Risk = RiskLevel.Low,
        Strategy = RolloutStrategy.Canary,
        Stages =
        [
            new PlannedStage(0, new Percentage(5), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60), null),
            new PlannedStage(1, new Percentage(25), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60), null),
            new PlannedStage(2, Percentage.Full, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(60), null),
        ],
        Flags = [new FlagSpec { Name = "search-v2" }],
        Regions = ["global"],
        Triggers =
        [
            new PlannedTrigger("error_rate limit", "error_rate", 5, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.ErrorRate),
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

    /// <summary>Minutes of 300 canary and 5,700 control requests, of which 57 fail; at 25 % five times as many canary requests.</summary>
    private sealed class Course(ReleasePlan plan, Calibration? before = null)
    {
        private StageUnderJudgement _stage = new(0, new Percentage(5), Start);
        private JudgeState? _state = before is null ? null : new JudgeState { JudgedUntil = Start, SeenUntil = Start, Calibration = before };
        private int _minute;

        public IReadOnlyList<string> Regions { get; init; } = ["global"];

        public Func<string, long, long> Errors { get; init; } = (_, errors) => errors;

        public long ControlErrors { get; init; } = 57;

        public double CanaryMilliseconds { get; init; } = 40;

        public double? Clicks { get; init; }

        public bool Split { get; init; }

        public bool ThroughJson { get; init; }

        public Assessment? Last { get; private set; }

        public void Stage(int index) => _stage = new StageUnderJudgement(index, plan.Stages[index].Percentage, Start.AddMinutes(_minute));

        public Assessment Run(int minutes, long canaryErrors)
        {
            for (var i = 0; i < minutes; i++, _minute++)
            {
                var at = Start.AddMinutes(_minute);
                var full = _stage.Percentage == Percentage.Full;
                var canary = full ? 6000 : _stage.Percentage.Value == 25 ? 1500 : 300;
                var scale = _stage.Percentage.Value == 25 ? 5 : 1;
                List<Observation> rows = [.. Regions.SelectMany(region => Rows(at, region, canary, Errors(region, canaryErrors) * scale, full))];
                var judgement = new EvidenceJudge().Judge(plan, _state, _stage, rows, at.AddMinutes(1));
                _state = judgement.State;
                if (ThroughJson) _state = System.Text.Json.JsonSerializer.Deserialize<JudgeState>(System.Text.Json.JsonSerializer.Serialize(_state, Core.Serialization.SlipwayJson.Options), Core.Serialization.SlipwayJson.Options);
                Last = judgement.Assessment;
            }

            return Last!;
        }

        private IEnumerable<Observation> Rows(DateTimeOffset at, string region, long canary, long errors, bool full)
        {
            var control = full ? null : Arm(6000 - canary, ControlErrors * (6000 - canary) / 5700, 40, 0.30);
            var minute = new Observation(at, TimeSpan.FromMinutes(1), region, Arm(canary, errors, CanaryMilliseconds, Clicks), control);
            if (!Split) return [minute];
            var half = minute with { Canary = Arm(canary / 2, errors / 2, CanaryMilliseconds, Clicks), Control = null };
            var other = minute with { Canary = Arm(canary - (canary / 2), errors - (errors / 2), CanaryMilliseconds, Clicks) };
            return [half, other];
        }

        private ArmSample Arm(long requests, long errors, double milliseconds, double? clicks) => new()
        {
            Requests = requests,
            Errors = errors,
            Latency = new LatencyHistogram(new Dictionary<int, long>
            {
                [LatencyHistogram.BucketOf(milliseconds)] = requests - (requests / 25),
                [LatencyHistogram.BucketOf(milliseconds * 1.6)] = requests / 25,
            }),
            Kpis = clicks is { } mean && Clicks is not null
                ? new Dictionary<string, KpiSample> { ["clicks"] = new(requests, requests * mean, requests * mean) }
                : new Dictionary<string, KpiSample>(),
        };
    }
}
