using System.Text.Json;
using Slipway.Core.Requests;
using Slipway.Core.Serialization;
using Slipway.Embedded.Faults;
using Slipway.Rehearsal.Running;
using Slipway.Rehearsal.Scenarios;
using Slipway.Rehearsal.Tests.World;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.Running;

public class RehearsalsTests
{
    private static readonly DateTimeOffset At = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. ScenarioLibrary.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Every_scenario_ends_within_what_a_plan_with_three_levels_promises(string name) => await KeepsAsync(Subjects.ThreeLevels(), name);

    [Theory]
    [InlineData("approval-never")]
    [InlineData("approver-rejects")]
    [InlineData("healthy")]
    public async Task Every_scenario_of_approvals_ends_within_what_an_approved_plan_promises(string name) => await KeepsAsync(Subjects.ApprovedStage(), name);

    [Fact]
    public async Task One_bad_region_takes_every_region_back()
    {
        var request = Subjects.Canary() with { Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope", "northeurope"] }] };

        Assert.Equal("rolled_back", Assert.Single((await KeepsAsync(request, "one-region")).Runs).Outcome);
    }

    [Fact]
    public async Task Expected_events_of_several_regions_add_up_so_that_a_healthy_release_is_not_held()
    {
        var canary = Subjects.Canary();
        var request = canary with
        {
            Environments = [new EnvironmentSpec { Name = EnvironmentName.Prod, Regions = ["westeurope", "northeurope"] }],
            Guardrails = canary.Guardrails with { Measurements = [new MeasurementSpec { Name = "batches", ExpectedPerHour = 1000, Tolerance = new(30) }] },
        };

        var run = Assert.Single((await KeepsAsync(request, "healthy")).Runs);

        Assert.Equal("completed", run.Outcome);
        Assert.DoesNotContain("pause", run.Received.SelectMany(post => post.Messages));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_report_to_the_last_character_however_many_run_at_once()
    {
        string[] names = ["healthy", "error-x5@2", "mail-down"];
        var first = await RunAsync(Subjects.Canary(), names, 2);
        var second = await RunAsync(Subjects.Canary(), names.Reverse(), 2);

        Assert.Equal(Json(first), Json(second with { Scenarios = [.. second.Scenarios.Reverse()] }));
    }

    [Fact]
    public async Task A_rollback_that_nobody_hears_of_breaks_a_promise_and_comes_with_its_log()
    {
        var crash = ScenarioLibrary.Find("crash-loop")!.Scenario;
        var silent = crash with { Script = (subject, stage) => crash.Script(subject, stage) with { Outages = [new Outage([FaultOperations.Mail], OutageStart.Exposure, null)] } };

        var run = await Rehearsals.RunAsync(Subjects.Of(Subjects.Canary()), new ChosenScenario(silent, null), 1, false, TestContext.Current.CancellationToken);

        Assert.Equal(["nobody was told that it was taken back", "support@example.com was told of the start and not that it was taken back"], run.Broken);
        Assert.Contains(run.Log!, line => line.Contains("ROLLBACK", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flag_that_cannot_be_turned_off_any_more_breaks_a_promise()
    {
        var crash = ScenarioLibrary.Find("crash-loop")!.Scenario;
        var stuck = crash with { Script = (subject, stage) => crash.Script(subject, stage) with { Outages = [new Outage([FaultOperations.FlagRestore, FaultOperations.FlagSet], OutageStart.Rollback, null)] } };

        var run = await Rehearsals.RunAsync(Subjects.Of(Subjects.Canary()), new ChosenScenario(stuck, null), 1, false, TestContext.Current.CancellationToken);

        Assert.Equal("failed", run.Outcome);
        Assert.Contains("users still have the new version", run.Broken);
    }

    [Fact]
    public async Task A_request_that_could_not_be_started_fails_its_rehearsal_with_the_reason()
    {
        var request = Subjects.Canary() with { Artifacts = new ArtifactSpec { Image = "search:2.4.0", Signed = false } };

        var run = Assert.Single(Assert.Single((await RunAsync(request, ["healthy"], 1)).Scenarios).Runs);

        Assert.Equal("failed", run.Outcome);
        Assert.Contains("stated as not signed", run.Broken[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detection_harm_and_safety_are_told_in_numbers()
    {
        var run = Assert.Single((await KeepsAsync(Subjects.Canary(), "crash-loop")).Runs);

        Assert.Equal(("rolled_back", 10.0, 0.5), (run.Outcome, run.PeakExposure, run.MinutesToSafe!.Value));
        Assert.InRange(run.MinutesToDetect!.Value, 3, 10);

        // A tenth of 200 requests a second, of which 60 % fail.
        Assert.InRange(run.RequestsHarmed, 12 * 60 * 3, 12 * 60 * 11);
        Assert.Equal(["start", "stage", "breach", "rollback"], Assert.Single(run.Received, post => post.Recipient == "support@example.com").Messages);
    }

    [Fact]
    public async Task A_regression_that_the_plan_claims_to_find_and_that_goes_on_to_everybody_is_missed_and_fails_the_rehearsal()
    {
        // Nothing of it is ever seen, as when telemetry counts a failure as a success.
        var unseen = ScenarioLibrary.Find("error-x5")!.Scenario with { Script = (_, stage) => new ScenarioScript { Stage = stage } };

        var report = await Rehearsals.RunAsync(
            Subjects.Of(Subjects.Canary()), [new ChosenScenario(unseen, null), ScenarioLibrary.Find(ScenarioLibrary.Healthy)!], 1, 3, At, false, true, null, TestContext.Current.CancellationToken);

        Assert.False(report.Passed);
        Assert.Equal([3, 0], report.Scenarios.Select(scenario => scenario.AgainstClaim));
        Assert.StartsWith("3 of 3 ended completed, but ", Assert.Single(report.Scenarios[0].Refuted), StringComparison.Ordinal);
        Assert.True(report.Scenarios[1].Passed);
    }

    private static async Task<ScenarioResult> KeepsAsync(ReleaseRequest request, string name)
    {
        var scenario = Assert.Single((await RunAsync(request, [name], 1)).Scenarios);
        Assert.True(scenario.Passed, $"{name}: {string.Join("; ", scenario.Refuted)} {string.Join("\n", scenario.Runs.SelectMany(run => run.Broken.Concat(run.Log ?? [])))}");
        return scenario;
    }

    private static Task<RehearsalReport> RunAsync(ReleaseRequest request, IEnumerable<string> names, int seeds) =>
        Rehearsals.RunAsync(Subjects.Of(request), [.. names.Select(name => ScenarioLibrary.Find(name)!)], 1, seeds, At, false, true, null, TestContext.Current.CancellationToken);

    private static string Json(RehearsalReport report) => JsonSerializer.Serialize(report, SlipwayJson.Options);
}
