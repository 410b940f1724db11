using Slipway.Core.Requests;
using Slipway.Rehearsal.Backtesting.Recordings;
using Slipway.Rehearsal.Backtesting.Running;
using Slipway.Rehearsal.Backtesting.Splitting;
using Slipway.Web.Requests;

namespace Slipway.Rehearsal.Tests.Backtesting;

/// <summary>The recordings under <c>samples/telemetry</c>. <c>SLIPWAY_RECORD_SAMPLES=1</c> writes them anew.</summary>
public class SampleFileTests
{
    /// <summary>Half a day of everybody; from 09:30 to 10:00 the version that had just gone out failed ten times as often.</summary>
    private static readonly SampleRecordings Everybody = new() { Minutes = 720, Incident = (570, 600), IncidentErrors = 10 };

    /// <summary>Two hours of both arms of a canary of 5 %, that is slower than the old version in the second hour.</summary>
    private static readonly SampleRecordings Arms = new() { Seed = 2, Minutes = 120, Canary = 0.05, Incident = (60, 120), IncidentLatency = 1.8 };

    public static TheoryData<string> Files => ["everybody.csv", "canary.jsonl"];

    [Theory, MemberData(nameof(Files))]
    public void A_sample_is_what_its_seed_draws(string name)
    {
        var text = name == "everybody.csv" ? Everybody.Csv() : Arms.Jsonl();
        if (Environment.GetEnvironmentVariable("SLIPWAY_RECORD_SAMPLES") == "1") File.WriteAllText(PathOf(name), text);

        Assert.Equal(text, File.ReadAllText(PathOf(name)));
    }

    [Fact]
    public void The_incident_of_the_day_without_arms_is_caught_and_no_healthy_release_is_rolled_back()
    {
        var report = Run("everybody.csv", 3, "2026-11-03T09:30Z..2026-11-03T10:00Z");

        Assert.True(report.Passed);
        Assert.Equal(ArmSource.SplitEverybody, report.Arms);
        Assert.Equal((0, false), (report.Healthy.RolledBack, report.Healthy.Refuted));
        Assert.True(report.Healthy.Releases >= 3, $"{report.Healthy.Releases} releases");
        Assert.All(Assert.Single(report.Incidents).Stages, stage => Assert.Equal((3, 3), (stage.Runs, stage.Caught)));
    }

    [Fact]
    public void The_slow_canary_of_the_recorded_arms_is_caught_at_its_first_stage()
    {
        var report = Run("canary.jsonl", 3, "2026-11-03T01:00Z..2026-11-03T02:00Z");

        Assert.Equal((ArmSource.Recorded, 1), (report.Arms, report.Seeds));
        var first = Assert.Single(report.Incidents).Stages[0];
        Assert.Equal(1, first.Caught);
        Assert.InRange(first.MinutesToDetect!.Value, 3, 30);
        Assert.True(first.SlowBeyondUsual > 20, $"{first.SlowBeyondUsual} slow");
    }

    private static BacktestReport Run(string name, int seeds, string incident)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Root(), "samples", "release.yaml"));
        var (subject, _, _) = BacktestSubject.Of(ReleaseRequestReader.Read(RequestFile.Parse(bytes, "application/yaml")).Request!);
        var recording = Recording.Open(PathOf(name), name, subject!.Plan.Watch.Interval);
        return Backtests.Run(subject, recording, false, 1, seeds, [Incident.Parse(incident)!], TestContext.Current.CancellationToken);
    }

    private static string PathOf(string name) => Path.Combine(Root(), "samples", "telemetry", name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
