using Slipway.Core.Decisions;
using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning;

public sealed class PlannerTests
{
    [Fact]
    public void Every_default_is_filled_in_and_noted()
    {
        var result = Planner.Plan(Given.Request(Given.Small));

        Assert.Empty(result.Problems);
        var plan = result.Plan!;
        Assert.Equal("search-2.4.0", plan.ReleaseId.Value);
        Assert.Equal(["global"], plan.Regions);
        Assert.Equal(("search-v2", TimeSpan.FromSeconds(60)), (plan.Watch.Service, plan.Watch.Interval));
        Assert.Equal((TimeSpan.FromMinutes(10), BlindAction.Rollback), (plan.Watch.BlindHold, plan.Watch.BlindThen));
        Assert.Equal(
            [
                new PlannedTrigger("error_rate limit", "error_rate", 0.5m, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.ErrorRate),
                new PlannedTrigger("latency_p95 limit", "latency_p95", 500, null, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.LatencyP95),
                new PlannedTrigger("availability objective", "availability", null, 99.5m, TimeSpan.FromMinutes(5), TimeSpan.Zero, TriggerAction.AutoRollback, MatrixRow.SuccessRate),
            ],
            plan.Triggers);
        Assert.Equal(
            [
                "Strategy: canary, as a share of users by search-v2 meets the new version and is compared with the rest.",
                "Telemetry: no service named, observations of 'search-v2' count.",
                "Telemetry: intervals of 1m, judged 3m after their end; flags need 1m to reach applications.",
                "Stages: derived from low risk: 10 % for 2h, 50 % for 4h, 100 % for 1d.",
                "Regions: none named, one region called global.",
                "Error rate: no limit given, the default of 0.5 % counts.",
                "Latency p95: no limit given, the default of 500 ms counts.",
                "Availability: no limit given, the default of 99.5 % counts.",
                "Evidence: 4 tests share a false-rollback budget of 1 %, so that evidence of 500 rolls back; tolerated are 1.25 times the control's errors and 1.25 times its latency; when it does not suffice at the longest bake, the release goes on with a warning.",
                "Notice: no start_at, so nobody is told a day before the start.",
            ],
            plan.Notes);
    }

    [Theory]
    [InlineData(RiskLevel.Low, 2, 4)]
    [InlineData(RiskLevel.Medium, 3, 6)]
    [InlineData(RiskLevel.High, 4, 8)]
    [InlineData(RiskLevel.Critical, 4, 8)]
    public void Stages_left_out_follow_from_the_risk(RiskLevel risk, int canaryHours, int partialHours)
    {
        var request = Given.Request(Given.Small);

        var stages = Planner.Draft(request with { Release = request.Release with { DeclaredRisk = risk } }).Stages;

        Assert.Equal([10m, 50m, 100m], stages.Select(stage => stage.Percentage.Value));
        Assert.Equal([canaryHours, partialHours, 24], stages.Select(stage => (int)stage.Bake.TotalHours));
        Assert.Equal([0, 1, 2], stages.Select(stage => stage.Index));
        Assert.All(stages, stage => Assert.Equal(2 * stage.Bake, stage.MaxBake));
    }

    [Fact]
    public void Requested_stages_stand_and_what_is_faster_than_the_profile_is_noted()
    {
        var plan = Planner.Draft(Given.SmallWith("stages", """
            [{ "percentage": 25, "bake": "1h", "max_bake": "90m" }, { "percentage": 100, "bake": "24h" }]
            """));

        Assert.Equal([(25m, 90d), (100m, 2880d)], plan.Stages.Select(stage => (stage.Percentage.Value, stage.MaxBake.TotalMinutes)));
        Assert.Contains("Stages: the first exposes 25 %; the default profile starts with at most 10 %.", plan.Notes);
        Assert.Contains("Stages: 25 % bakes 1h, shorter than the default profile's 2h (accelerated, as the risk is low).", plan.Notes);
        Assert.DoesNotContain(plan.Notes, note => note.Contains("100 % bakes", StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_and_explicit_triggers_become_triggers_and_looser_limits_are_noted()
    {
        var plan = Planner.Draft(Given.SmallWith("guardrails", """
            {
              "error_rate": { "limit": "0.3%" }, "latency_p95": { "limit": "600ms" }, "availability": { "objective": "99%" },
              "kpis": [{ "name": "clicks", "direction": "higher_is_better", "tolerated_drop": "2%" }],
              "triggers": [
                { "metric": "error_rate", "above": "0.5%", "for": "10m", "action": "pause" },
                { "metric": "error_rate", "above": 0.5, "window": "1m" },
                { "metric": "clicks", "below": 0.2, "action": "alert" }
              ]
            }
            """));

        Assert.Equal(
            ["error_rate limit", "latency_p95 limit", "availability objective", "error_rate above 0.5", "error_rate above 0.5 (2)", "clicks below 0.2"],
            plan.Triggers.Select(trigger => trigger.Name));
        Assert.Equal((TimeSpan.FromMinutes(10), TriggerAction.Pause), (plan.Triggers[3].For, plan.Triggers[3].Action));
        Assert.DoesNotContain(plan.Notes, note => note.StartsWith("Error rate:", StringComparison.Ordinal));
        Assert.Contains("Latency p95: the limit of 600 ms is looser than the default profile's 500 ms.", plan.Notes);
        Assert.Contains("Availability: the limit of 99 % is looser than the default profile's 99.5 %.", plan.Notes);
    }

    [Theory]
    [InlineData("1s", "5s")]
    [InlineData("60s", "5m")]
    [InlineData("10m", "10m")]
    public void The_window_of_a_limit_is_five_intervals_at_most_five_minutes_and_at_least_one_interval(string interval, string window) =>
        Assert.All(
            Planner.Draft(Given.SmallWith("telemetry", $$"""{ "interval": "{{interval}}" }""")).Triggers,
            trigger => Assert.Equal(window, DurationText.Format(trigger.Window)));

    [Fact]
    public void Levels_exist_where_there_is_something_to_go_back_to()
    {
        var all = Planner.Draft(Given.SmallWith("rollback", """
            { "configuration": ["a", "b"], "code": { "hook": "http://localhost:1/back", "previous_version": "1" } }
            """)).Levels;
        var flagOnly = Planner.Draft(Given.Request(Given.Small)).Levels;

        Assert.Equal([(1, 5d), (2, 10d), (3, 15d)], all.Select(level => (level.Level, level.Budget.TotalMinutes)));
        Assert.Equal(["search-v2", "a", "b", "http://localhost:1/back"], all.SelectMany(level => level.Targets));
        Assert.Equal(1, Assert.Single(flagOnly).Level);
    }

    [Fact]
    public void Regions_of_all_environments_move_together_and_once_each() =>
        Assert.Equal(
            ["west", "north", "east"],
            Planner.Draft(Given.SmallWith("environments", """
                [{ "name": "staging", "regions": ["west", "north"] }, { "name": "prod", "regions": ["North", "east"] }]
                """)).Regions);

    [Theory]
    [InlineData("release", "{\"title\": \"a\", \"version\": \"1\", \"declared_risk\": \"medium\"}", "release.declared_risk", "medium risk")]
    [InlineData("release", "{\"title\": \"a\", \"version\": \"1\"}", "release.declared_risk", "no declared risk, which counts as medium")]
    [InlineData("changes", "{\"breaking_changes\": [\"x\"]}", "release.declared_risk", "medium risk, because there are breaking changes")]
    public void What_this_version_cannot_carry_out_is_refused_and_gives_no_plan(string member, string json, string path, string found)
    {
        var result = Planner.Plan(Given.SmallWith(member, json));

        Assert.Null(result.Plan);
        var problem = Assert.Single(result.Problems);
        Assert.Equal((path, found), (problem.Path, problem.Found));
        Assert.Contains("this version", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gate_of_a_stage_that_is_not_planned_is_refused_since_it_would_never_be_asked()
    {
        var problem = Assert.Single(Planner.Plan(Given.SmallWith("gates", """[{ "name": "partner", "url": "http://localhost/", "stage": 30 }]""")).Problems);

        Assert.Equal(("gates[0].stage", "30 %"), (problem.Path, problem.Found));
        Assert.Contains("10 %, 50 %, 100 %", problem.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"canary\"")]
    [InlineData("\"feature_flag\"")]
    public void Canary_and_feature_flag_are_planned(string strategy) => Assert.NotNull(Planner.Plan(Given.SmallWith("strategy", strategy)).Plan);
}
