using Slipway.Core.Planning;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Strategies;

public sealed class StrategyStagesTests
{
    private const string FourRegions = """[{ "name": "prod", "regions": ["a", "b", "c", "d"] }]""";

    [Theory]
    [InlineData("canary", true, "0 % for 1h: deploy 2.4.0 without users | 10 % for 2h: | 50 % for 4h: | 100 % for 1d:")]
    [InlineData("canary", false, "0 % for 1h: deploy 2.4.0 without users | 10 % for 2h: shift 10 % of users to 2.4.0 | 50 % for 4h: shift 50 % of users to 2.4.0 | 100 % for 1d: shift 100 % of users to 2.4.0")]
    [InlineData("feature_flag", true, "0 % for 1h: deploy 2.4.0 without users | 10 % for 2h: | 50 % for 4h: | 100 % for 1d:")]
    [InlineData("blue_green", true, "0 % for 1h: deploy 2.4.0 without users | 10 % for 2h: | 100 % for 1d: swap to 2.4.0")]
    [InlineData("blue_green", false, "0 % for 1h: deploy 2.4.0 without users | 10 % for 2h: shift 10 % of users to 2.4.0 | 100 % for 1d: shift 100 % of users to 2.4.0, swap to 2.4.0")]
    [InlineData("shadow", true, "0 % for 1h: deploy 2.4.0 without users, start the shadow of 2.4.0 | 10 % for 2h: stop the shadow of 2.4.0 | 50 % for 4h: | 100 % for 1d:")]
    [InlineData("rolling", false, "25 % for 2h: deploy 2.4.0 to a | 50 % for 4h: deploy 2.4.0 to b | 75 % for 4h: deploy 2.4.0 to c | 100 % for 1d: deploy 2.4.0 to d")]
    [Trait("requirement", "X26")]
    [Trait("requirement", "X27")]
    [Trait("requirement", "S002-166")]
    public void Each_strategy_has_its_derived_stages_and_steps(string strategy, bool flag, string expected) =>
        Assert.Equal(expected, Text(Plan(strategy, flag)));

    [Fact]
    [Trait("requirement", "X26")]
    public void Listed_stages_of_blue_green_begin_at_nobody_also_where_the_request_does_not_say_so()
    {
        var request = Request("blue_green", true) with { Stages = Given.SmallWith("stages", """[{ "percentage": 5, "bake": "20m" }, { "percentage": 100, "bake": "24h" }]""").Stages };

        var plan = Planner.Plan(request).Plan!;
        Assert.Equal("0 % for 20m: deploy 2.4.0 without users | 5 % for 20m: | 100 % for 1d: swap to 2.4.0", Text(plan));
        Assert.Contains("Stages: a stage at 0 % for 20m comes first, as blue_green begins with nobody on the new version.", plan.Notes);
    }

    [Theory]
    [InlineData("[50, 100]", 4, "50: a, b | 100: c, d")]
    [InlineData("[33, 66, 100]", 3, "33.33: a | 66.67: b | 100: c")]
    [InlineData("[75, 100]", 4, "75: a, b, c | 100: d")]
    public void Listed_shares_of_rolling_are_shares_of_the_regions(string shares, int regions, string expected)
    {
        var request = Rolling(shares, regions);

        var plan = Planner.Plan(request).Plan!;
        Assert.Equal(expected, string.Join(" | ", plan.Stages.Select(stage => FormattableString.Invariant($"{stage.Percentage.Value:0.##}: {string.Join(", ", stage.Steps.Select(step => step.Region))}"))));
    }

    [Theory]
    [InlineData("[10, 100]", 4, "stages[0].percentage", "10 %")]
    [InlineData("[25, 25.5, 100]", 4, "stages[1].percentage", "25.5 %")]
    public void A_share_that_adds_no_region_is_refused_with_the_shares_there_are(string shares, int regions, string path, string found)
    {
        var problem = Assert.Single(Planner.Plan(Rolling(shares, regions)).Problems);

        Assert.Equal((path, found), (problem.Path, problem.Found));
        Assert.EndsWith("25 %, 50 %, 75 %, 100 %", problem.Expected, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S002-16")]
    public void Acceleration_halves_derived_waits_where_the_risk_is_low_and_every_shorter_wait_is_marked()
    {
        var request = Request("canary", true);
        request = request with { Release = request.Release with { Accelerate = true } };

        var plan = Planner.Plan(request).Plan!;
        Assert.Equal([1d, 1, 2, 12], plan.Stages.Select(stage => stage.Bake.TotalHours));
        Assert.Equal([null, 2d, 4, 24], plan.Stages.Select(stage => stage.AcceleratedFrom?.TotalHours));
        Assert.Equal(3, plan.Notes.Count(note => note.Contains("(accelerated, as the risk is low)", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(RiskLevel.Medium)]
    [InlineData(RiskLevel.High)]
    [InlineData(RiskLevel.Critical)]
    [Trait("requirement", "S002-16")]
    public void Acceleration_is_refused_above_low_risk_and_shortens_nothing(RiskLevel risk)
    {
        var request = Request("canary", true);
        request = request with { Release = request.Release with { Accelerate = true, DeclaredRisk = risk } };

        Assert.Contains(Planner.Plan(request).Problems, problem => problem.Path == "release.accelerate");
        Assert.All(Planner.Draft(request).Stages, stage => Assert.True(stage.AcceleratedFrom is null && stage.Bake >= StageDefaults.Floor(stage.Percentage)));
    }

    [Fact]
    public void Level_one_names_the_instant_way_back_before_the_flags()
    {
        Assert.Equal(["swap back", "shift back to 0 %"], Plan("blue_green", false).Levels[0].Targets);
        Assert.Equal(["swap back", "search-v2"], Plan("blue_green", true).Levels[0].Targets);
        Assert.Equal(["stop the shadow", "search-v2"], Plan("shadow", true).Levels[0].Targets);
        Assert.Equal([3], Plan("rolling", false).Levels.Select(level => level.Level));
    }

    private static ReleasePlan Plan(string strategy, bool flag) => Planner.Plan(Request(strategy, flag)).Plan!;

    private static ReleaseRequest Request(string strategy, bool flag) => Given.SmallWith("strategy", $"\"{strategy}\"") with
    {
        Flags = flag ? Given.Request(Given.Small).Flags : [],
        Deploy = new DeploySpec { Hook = new Uri("http://localhost/deploy") },
        Environments = strategy == "rolling" ? Given.SmallWith("environments", FourRegions).Environments : Given.Request(Given.Small).Environments,
        Rollback = strategy == "rolling" ? new RollbackSpec { Code = new CodeRollbackSpec(new Uri("http://localhost/deploy"), "2.3.7") } : null,
    };

    private static ReleaseRequest Rolling(string shares, int regions)
    {
        var request = Request("rolling", false);
        var stages = System.Text.Json.JsonSerializer.Deserialize<decimal[]>(shares)!;
        return request with
        {
            Environments = [request.Environments[0] with { Regions = [.. request.Environments[0].Regions.Take(regions)] }],
            Stages = [.. stages.Select(share => new StageSpec { Percentage = new(share), Bake = TimeSpan.FromMinutes(10) })],
        };
    }

    private static string Text(ReleasePlan plan) => string.Join(" | ", plan.Stages.Select(stage =>
        $"{stage.Percentage} for {DurationText.Format(stage.Bake)}: {string.Join(", ", stage.Steps.Select(step => step.Sentence))}".TrimEnd()));
}
