using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning;

public class EnvironmentPlannerTests
{
    private const string Two = """
        [{ "name": "staging", "service": "shop-{environment}" },
         { "name": "prod", "regions": ["west", "north"], "flags": "per_region", "service": "shop" }]
        """;

    [Fact]
    [Trait("requirement", "S002-06")]
    public void Each_environment_has_its_own_flags_telemetry_and_stages_in_order()
    {
        var plan = Planner.Plan(Given.SmallWith("environments", Two)).Plan!;

        var (staging, prod) = (plan.Environments[0], plan.Environments[1]);
        Assert.Equal((EnvironmentName.Staging, "staging", "shop-staging"), (staging.Name, staging.Label, staging.Watch.Service));
        Assert.Equal((EnvironmentName.Prod, "prod", "shop"), (prod.Name, prod.Label, prod.Watch.Service));
        Assert.Equal(["search-v2@staging"], staging.Flags.Select(flag => flag.Key.ToString()));
        Assert.Equal(["search-v2@prod/west", "search-v2@prod/north"], prod.Flags.Select(flag => flag.Key.ToString()));
        Assert.Equal([.. staging.Flags, .. prod.Flags], plan.Flags);
        Assert.Equal(["search-v2@staging", "search-v2@prod/west", "search-v2@prod/north"], plan.Levels[0].Targets);
        Assert.Equal(prod.Watch, plan.Watch);

        // Low risk: staging by halves within the canary's two hours, prod the default profile.
        Assert.Equal(
            [(0, 0, 50m, 1d), (1, 0, 100m, 1d), (2, 1, 10m, 2d), (3, 1, 50m, 4d), (4, 1, 100m, 24d)],
            plan.Stages.Select(stage => (stage.Index, stage.Environment, stage.Percentage.Value, stage.Bake.TotalHours)));
        Assert.Equal([(0, 1), (2, 4)], plan.Environments.Select(environment => (environment.FirstStage, environment.LastStage)));
        Assert.Equal("10 % in prod", plan.Describe(2));
        Assert.Contains(plan.Notes, note => note.StartsWith("Environments: staging, then prod.", StringComparison.Ordinal));
    }

    [Fact]
    public void One_environment_needs_no_label_and_no_name()
    {
        var plan = Planner.Plan(Given.Request(Given.Small)).Plan!;

        var only = Assert.Single(plan.Environments);
        Assert.Equal(("", "search-v2", "search-v2"), (only.Label, Assert.Single(plan.Flags).Key.ToString(), only.Watch.Service));
        Assert.Equal("10 %", plan.Describe(0));
        Assert.DoesNotContain(plan.Notes, note => note.StartsWith("Environments", StringComparison.Ordinal));
    }

    [Fact]
    public void Stages_of_an_environment_are_its_own()
    {
        var plan = Planner.Draft(Given.SmallWith("environments", """
            [{ "name": "dev", "service": "a", "stages": [{ "percentage": 50, "bake": "5m" }, { "percentage": 100, "bake": "5m" }] },
             { "name": "prod", "service": "b", "stages": [{ "percentage": 5, "bake": "5m" }, { "percentage": 100, "bake": "5m" }] }]
            """));

        Assert.Equal([(0, 50m), (0, 100m), (1, 5m), (1, 100m)], plan.Stages.Select(stage => (stage.Environment, stage.Percentage.Value)));
    }

    [Fact]
    public void Several_environments_that_do_not_say_whose_telemetry_counts_are_a_gap_and_share_no_evidence()
    {
        var request = Given.SmallWith("environments", """[{ "name": "staging" }, { "name": "prod", "service": "search" }]""");

        var gap = Assert.Single(IntakeGaps.Analyse(request).Gaps, gap => gap.Blocking);
        Assert.Equal("environments[0].service", gap.Path);
        Assert.Equal(["search-v2-staging", "search"], Planner.Draft(request).Environments.Select(environment => environment.Watch.Service));
    }

    [Fact]
    public void A_plan_recorded_before_there_were_environments_has_one()
    {
        var plan = Planner.Draft(Given.Request(Given.Small));

        var old = plan with { Environments = [] };

        var only = Assert.Single(old.Environments);
        Assert.Equal((0, 2, plan.Watch), (only.FirstStage, only.LastStage, only.Watch));
        Assert.Equal(plan.Flags, only.Flags);
    }

    [Theory]
    [Trait("requirement", "X28")]
    [InlineData("""[{ "name": "prod", "service": "a" }, { "name": "staging", "service": "b" }]""", "environments[1].name", "staging after prod")]
    [InlineData("""[{ "name": "dev", "service": "a", "order": 3 }, { "name": "prod", "service": "b", "order": 1 }]""", "environments[0].order", "dev after prod")]
    [InlineData("""[{ "name": "staging", "service": "a" }, { "name": "prod", "service": "a" }]""", "environments[1].service", "'a', which counts in staging too")]
    [InlineData("""[{ "name": "staging", "service": "a", "label": "x" }, { "name": "prod", "service": "b", "label": "x" }]""", "environments[1].label", "the label 'x', which staging has too")]
    [InlineData("""[{ "name": "prod", "flags": "per_region" }]""", "environments[0].flags", "\"per_region\"")]
    [InlineData("""[{ "name": "prod", "flags": "per_region", "regions": ["a,b"] }]""", "environments[0].regions", "the label 'a,b' for a region")]
    [InlineData("""[{ "name": "prod", "label": "a*" }]""", "environments[0].label", "\"a*\"")]
    [InlineData("""[{ "name": "prod", "stages": [{ "percentage": 50, "bake": "1h" }] }]""", "environments[0].stages[0].percentage", "50")]
    public void What_environments_cannot_be_together_is_one_problem(string json, string path, string found)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(Given.Small)!.AsObject();
        root["environments"] = System.Text.Json.Nodes.JsonNode.Parse(json);

        var problem = Assert.Single(ReleaseRequestReader.Read(JsonRequestDocument.Parse(root.ToJsonString())).Problems);

        Assert.Equal((path, found), (problem.Path, problem.Found));
    }

    [Fact]
    public void Stages_of_the_last_environment_are_listed_once()
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(Given.Small)!.AsObject();
        root["environments"] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "name": "prod", "stages": [{ "percentage": 100, "bake": "1h" }] }]""");
        root["stages"] = System.Text.Json.Nodes.JsonNode.Parse("""[{ "percentage": 100, "bake": "1h" }]""");

        Assert.Equal("environments[0].stages", Assert.Single(ReleaseRequestReader.Read(JsonRequestDocument.Parse(root.ToJsonString())).Problems).Path);
    }
}
