using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Running;
using Slipway.Rehearsal.Backtesting.Splitting;
using Slipway.Rehearsal.Tests.World;

namespace Slipway.Rehearsal.Tests.Backtesting;

public sealed class BacktestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-backtest").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Healthy_days_complete_and_the_rate_has_the_interval_of_Clopper_and_Pearson()
    {
        var report = Run(Subjects.Canary(), new SampleRecordings { Minutes = 1440, Rps = 100 }.Csv(), seeds: 2);

        Assert.Equal((0, 0, 0), (report.Healthy.RolledBack, report.Healthy.LostSight, report.Healthy.Held));
        Assert.True(report.Healthy.Releases >= 20, $"{report.Healthy.Releases} releases");
        Assert.Equal(report.Healthy.Releases, report.Healthy.Completed);
        Assert.Equal((0.0, 0.0), (report.Healthy.FalseRollbackRate, report.Healthy.Low));

        // None of n: the upper end is 1 - 0.025^(1/n).
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / report.Healthy.Releases), report.Healthy.High, 9);
        Assert.True(report.Passed);
    }

    [Fact]
    public void A_canary_that_is_worse_for_days_without_a_named_incident_refutes_the_budget()
    {
        var worse = new SampleRecordings { Minutes = 1440, Rps = 100, Canary = 0.1, Incident = (0, 1440), IncidentErrors = 8 };

        var report = Run(Subjects.Canary(), worse.Csv());

        Assert.True(report.Healthy.RolledBack > 20, $"{report.Healthy.RolledBack} of {report.Healthy.Releases}");
        Assert.True(report.Healthy.Refuted);
        Assert.False(report.Passed);
        var first = report.Healthy.FalseRollbacks[0];
        Assert.Equal((1, 1), (first.Seed, first.Stage));
        Assert.StartsWith("error_rate", first.Rule, StringComparison.Ordinal);
        Assert.Contains("error_rate", first.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_canary_split_of_its_control_arm_is_healthy()
    {
        var worse = new SampleRecordings { Minutes = 600, Rps = 100, Canary = 0.1, Incident = (0, 600), IncidentErrors = 8 };

        var report = Run(Subjects.Canary(), worse.Csv(), split: true);

        Assert.Equal(ArmSource.SplitControl, report.Arms);
        Assert.Equal(0, report.Healthy.RolledBack);
        Assert.True(report.Healthy.Completed > 0);
    }

    [Fact]
    public void An_incident_is_caught_at_each_stage_and_no_healthy_release_meets_it()
    {
        var day = new SampleRecordings { Minutes = 480, Rps = 100, Incident = (300, 340), IncidentErrors = 10 };

        var report = Run(Subjects.Canary(), day.Csv(), incidents: [Minutes(300, 340)]);

        var incident = Assert.Single(report.Incidents);
        Assert.True(incident.Caught);
        Assert.Equal([10.0, 50, 100], incident.Stages.Select(stage => stage.Percentage));
        Assert.Equal([false, true, true], incident.Stages.Select(stage => stage.LeadIn));
        Assert.All(incident.Stages, stage => Assert.Equal((3, 3, 0), (stage.Runs, stage.Caught, stage.Before)));
        Assert.All(incident.Stages, stage => Assert.InRange(stage.MinutesToDetect!.Value, 1, 15));
        Assert.Equal(0, report.Healthy.RolledBack);
        Assert.True(report.Passed);

        // At 10 % of about 100 to 130 requests a second 2 % instead of 0.2 % fail: 13 a minute until the decision.
        var first = incident.Stages[0];
        Assert.InRange(first.FailedBeyondUsual!.Value / first.MinutesToDetect!.Value, 8, 16);
        Assert.InRange(first.First!.At, SampleRecordings.From.AddMinutes(301), SampleRecordings.From.AddMinutes(315));
    }

    [Fact]
    public void An_incident_too_small_for_the_plan_is_missed_and_speaks_against_it()
    {
        var day = new SampleRecordings { Minutes = 300, Rps = 5, Incident = (200, 220), IncidentErrors = 1.3 };

        var report = Run(Subjects.Canary(), day.Csv(), incidents: [Minutes(200, 220)]);

        var incident = Assert.Single(report.Incidents);
        Assert.Equal((false, false), (incident.Caught, report.Passed));
        Assert.Equal((3, 0), (incident.Stages[0].Runs, incident.Stages[0].Caught));
        Assert.Null(incident.Stages[0].MinutesToDetect);
        Assert.Null(incident.Stages[0].First);
    }

    [Fact]
    public void What_hits_both_arms_alike_rolls_nothing_back()
    {
        var day = new SampleRecordings { Minutes = 480, Rps = 100, Incident = (100, 400), IncidentErrors = 3 };

        Assert.Equal(0, Run(Subjects.Canary(), day.Csv()).Healthy.RolledBack);
    }

    [Fact]
    public void An_incident_that_nothing_can_be_measured_against_is_told_and_counts_for_nothing()
    {
        var day = new SampleRecordings { Minutes = 120, Rps = 100, Incident = (5, 25), IncidentErrors = 10 };

        var report = Run(Subjects.Canary(), day.Csv(), incidents: [Minutes(5, 25), Minutes(2000, 2010)]);

        Assert.StartsWith("the recording has fewer than 10 healthy intervals before it", report.Incidents[0].NotJudged, StringComparison.Ordinal);
        Assert.StartsWith("it does not begin within the recording", report.Incidents[1].NotJudged, StringComparison.Ordinal);
        Assert.True(report.Passed);
    }

    [Fact]
    public void A_short_gap_is_lost_sight_for_a_while_and_a_long_one_ends_the_releases_under_way()
    {
        var lines = new SampleRecordings { Minutes = 600, Rps = 100 }.Csv().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // Line n holds minute n - 1.
        var shortGap = Run(Subjects.Canary(), string.Join('\n', lines.Where((_, line) => line is < 30 or > 35)) + "\n");
        var longGap = Run(Subjects.Canary(), string.Join('\n', lines.Where((_, line) => line is < 30 or > 300)) + "\n");

        Assert.Equal(6, shortGap.Recording.Missing);
        Assert.Equal((0, 0), (shortGap.Healthy.LostSight, shortGap.Healthy.RolledBack));
        Assert.Equal(271, longGap.Recording.Missing);
        Assert.Equal((0, 0), (longGap.Healthy.LostSight, longGap.Healthy.RolledBack));
        Assert.True(longGap.Healthy.Cut > shortGap.Healthy.Cut);
    }

    [Fact]
    public void The_same_seed_gives_the_same_report_to_the_last_character_in_whatever_order_rows_come()
    {
        var day = new SampleRecordings { Minutes = 300, Regions = ["a", "b"], Incident = (200, 230), IncidentErrors = 10 }.Csv();
        var lines = day.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var turned = string.Join('\n', lines.Skip(1).Reverse().Prepend(lines[0])) + "\n";

        var (first, second, third) = (Json(day, 4), Json(day, 4), Json(turned, 4));

        Assert.Equal(first, second);
        Assert.Equal(first, third);
        Assert.NotEqual(first, Json(day, 5));

        string Json(string text, int seed)
        {
            var report = Run(Subjects.Canary(), text, seed: seed, incidents: [Minutes(200, 230)]);
            return JsonSerializer.Serialize(report with { Recording = report.Recording with { Sorted = true } }, SlipwayJson.Options);
        }
    }

    [Fact]
    public void What_a_recording_does_not_tell_is_left_out_and_said()
    {
        var canary = Subjects.Canary();
        var request = canary with { Guardrails = canary.Guardrails with { Kpis = [new KpiSpec("orders", KpiDirection.HigherIsBetter, new(2))] } };

        var report = Run(request, new SampleRecordings { Minutes = 300, Rps = 100 }.Csv());

        Assert.Contains("Left out, since a split of requests does not tell them: orders.", report.Assumptions);
        Assert.True(report.Healthy.Completed > 0);
    }

    [Fact]
    public void A_plan_whose_stages_are_no_shares_is_refused()
    {
        var request = Subjects.ThreeLevels() with { Strategy = RolloutStrategy.Rolling, Deploy = new DeploySpec { Hook = new Uri("http://127.0.0.1/deploy") }, Stages = [], Flags = [], Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["a", "b"] }] };

        var (subject, problems, unfit) = BacktestSubject.Of(request);

        Assert.Null(subject);
        Assert.Empty(problems);
        Assert.Equal("its strategy is rolling, whose stages are no share of the users; expected a plan whose stages are", unfit);
    }

    private static Incident Minutes(int from, int to) => new(SampleRecordings.From.AddMinutes(from), SampleRecordings.From.AddMinutes(to));

    private BacktestReport Run(ReleaseRequest request, string csv, bool split = false, int seed = 1, int seeds = 3, IReadOnlyList<Incident>? incidents = null)
    {
        var path = Path.Combine(_folder, "recording.csv");
        File.WriteAllText(path, csv);
        var (subject, problems, unfit) = BacktestSubject.Of(request);
        Assert.True(subject is not null, unfit ?? string.Join("; ", problems));
        return Backtests.Run(subject, Recording.Open(path, "recording.csv", subject.Plan.Watch.Interval), split, seed, seeds, incidents ?? [], TestContext.Current.CancellationToken);
    }
}
