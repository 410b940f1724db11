using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Strategies;

public sealed class StrategyRulesTests
{
    private const string Hook = """{ "hook": "http://localhost/deploy" }""";

    [Theory]
    [InlineData("blue_green", "deploy.hook")]
    [InlineData("shadow", "deploy.hook")]
    [InlineData("rolling", "deploy.hook,flags,environments,rollback.code")]
    public void What_a_strategy_needs_is_asked_for_at_once(string strategy, string paths)
    {
        var result = Planner.Plan(Given.SmallWith("strategy", $"\"{strategy}\""));

        Assert.Null(result.Plan);
        Assert.Equal(paths, string.Join(',', result.Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [InlineData("canary", false, "flags")]
    [InlineData("feature_flag", false, "flags")]
    [InlineData("feature_flag", true, "flags")]
    [InlineData("canary", true, "")]
    public void Exposure_needs_a_lever(string strategy, bool hook, string paths)
    {
        var request = Given.SmallWith("strategy", $"\"{strategy}\"") with { Flags = [], Deploy = hook ? Given.SmallWith("deploy", Hook).Deploy : null };

        Assert.Equal(paths, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [InlineData("blue_green", RiskLevel.Low, "[0, 100]")]
    [InlineData("blue_green", RiskLevel.High, "[0, 100]")]
    [InlineData("blue_green", RiskLevel.Low, "[100]")]
    [InlineData("canary", RiskLevel.High, "[100]")]
    [InlineData("canary", RiskLevel.Critical, "[100]")]
    [InlineData("canary", RiskLevel.Medium, "[100]")]
    [InlineData("feature_flag", RiskLevel.Medium, "[0, 100]")]
    [InlineData("shadow", RiskLevel.Medium, "[0, 100]")]
    [InlineData("feature_flag", RiskLevel.High, "[0, 100]")]
    [Trait("requirement", "X26")]
    [Trait("requirement", "S002-155")]
    [Trait("requirement", "S002-159")]
    public void All_at_once_is_refused_for_blue_green_and_for_every_strategy_above_low_risk(string strategy, RiskLevel risk, string shares)
    {
        var problem = Assert.Single(Planner.Plan(Request(strategy, risk, shares)).Problems, problem => problem.Path == "stages");

        Assert.Contains("a partial share", problem.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("canary", RiskLevel.Low, "[100]")]
    [InlineData("canary", RiskLevel.Medium, "[10, 100]")]
    [InlineData("blue_green", RiskLevel.High, "[0, 10, 100]")]
    public void A_partial_share_or_low_risk_is_enough(string strategy, RiskLevel risk, string shares) =>
        Assert.DoesNotContain(Planner.Plan(Request(strategy, risk, shares)).Problems, problem => problem.Path == "stages");

    [Fact]
    public void The_deploy_hook_is_read_checked_against_the_allow_list_and_stands_in_for_the_rollback_hook()
    {
        var request = Given.SmallWith("deploy", """{ "hook": "https://deploy.example.com/search", "within": "20m" }""");
        var back = Given.Request(System.Text.Json.Nodes.JsonNode.Parse(Given.Small)!.AsObject().ToJsonString().Replace(
            "\"flags\"", "\"deploy\": { \"hook\": \"https://deploy.example.com/search\" }, \"rollback\": { \"code\": { \"previous_version\": \"2.3.7\" } }, \"flags\"", StringComparison.Ordinal));

        Assert.Equal(TimeSpan.FromMinutes(20), request.Deploy!.Within);
        Assert.Equal(new CodeRollbackSpec(new Uri("https://deploy.example.com/search"), "2.3.7"), back.Rollback!.Code);
        Assert.Equal(["deploy.hook"], PolicyCheck.CalledUrls(back).Select(called => called.Path));
        Assert.NotEqual(RequestHash.Of(Given.Request(Given.Small)), RequestHash.Of(request));
        Assert.NotEqual(RequestHash.Of(request), RequestHash.Of(request with { Deploy = request.Deploy with { Within = TimeSpan.FromMinutes(21) } }));
    }

    [Theory]
    [InlineData("""{ "deploy": {} }""", "deploy.hook")]
    [InlineData("""{ "deploy": { "hook": "ftp://x" } }""", "deploy.hook")]
    [InlineData("""{ "deploy": { "hook": "http://x/", "within": "5s" } }""", "deploy.within")]
    [InlineData("""{ "deploy": { "hook": "http://x/", "hok": 1 } }""", "deploy.hok")]
    [InlineData("""{ "rollback": { "code": { "previous_version": "1" } } }""", "rollback.code.hook")]
    [InlineData("""{ "strategy": "canary", "stages": [{ "percentage": 0, "bake": "1h" }, { "percentage": 100, "bake": "1h" }] }""", "stages[0].percentage")]
    public void Mistakes_are_told_where_they_are(string json, string path) =>
        Assert.Contains(ReleaseRequestReader.Read(JsonRequestDocument.Parse(json)).Problems, problem => problem.Path == path);

    [Theory]
    [Trait("requirement", "S002-168")]
    [InlineData("[5, 25, 100]", "")]
    [InlineData("[100]", "")]
    [InlineData("[25, 25, 100]", "stages[1].percentage")]
    [InlineData("[50, 25, 100]", "stages[1].percentage")]
    [InlineData("[5, 50]", "stages[1].percentage")]
    [InlineData("[-1, 100]", "stages[0].percentage")]
    [InlineData("[5, 101]", "stages[1].percentage")]
    public void Percentages_increase_between_0_and_100_and_end_at_100(string shares, string path)
    {
        var stages = string.Join(", ", System.Text.Json.JsonSerializer.Deserialize<decimal[]>(shares)!.Select(share => FormattableString.Invariant($$"""{ "percentage": {{share}}, "bake": "24h" }""")));

        Assert.Equal(path, string.Join(',', ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""{ "stages": [{{stages}}] }""")).Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [Trait("requirement", "X13")]
    [InlineData(true, "")]
    [InlineData(false, "rollback.code")]
    public void Rolling_without_a_flag_is_blocked_unless_it_has_another_way_back(bool previousVersion, string path)
    {
        var request = Given.SmallWith("strategy", "\"rolling\"") with
        {
            Flags = [],
            Deploy = Given.SmallWith("deploy", Hook).Deploy,
            Environments = Given.SmallWith("environments", """[{ "name": "prod", "regions": ["a", "b"] }]""").Environments,
            Rollback = previousVersion ? new RollbackSpec { Code = new CodeRollbackSpec(new Uri("http://localhost/deploy"), "2.3.7") } : null,
        };

        Assert.Equal(path, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [Trait("requirement", "S000-35")]
    [InlineData("canary", RolloutPattern.Canary, "Strategy: canary, as a share of users by search-v2 meets the new version and is compared with the rest.")]
    [InlineData("feature_flag", RolloutPattern.GradualFlag, "Strategy: gradual flag, as the code is deployed with search-v2 off, and the flag's percentage grows without another deployment.")]
    [InlineData("blue_green", RolloutPattern.BlueGreen, "Strategy: blue-green, as the previous target stays until the swap at the end, and a share by search-v2 meets the new one before.")]
    [InlineData("shadow", RolloutPattern.DarkLaunch, "Strategy: dark launch, as the new path answers beside the present one, and no user sees its answers before they were compared.")]
    [InlineData("rolling", RolloutPattern.Canary, "Strategy: canary, as no flag carries a share of users, so that the first region is the canary of the others.")]
    public void The_strategy_is_recorded_in_the_plan_with_its_reason(string strategy, RolloutPattern pattern, string note)
    {
        var request = Given.SmallWith("strategy", $"\"{strategy}\"");

        Assert.Equal(pattern, StrategyChoice.Of(request).Pattern);
        Assert.Contains(note, Planner.Draft(request).Notes);
    }

    private static ReleaseRequest Request(string strategy, RiskLevel risk, string shares)
    {
        var request = Given.SmallWith("strategy", $"\"{strategy}\"");
        return request with
        {
            Release = request.Release with { DeclaredRisk = risk },
            Deploy = Given.SmallWith("deploy", Hook).Deploy,
            Approvals = new Dictionary<string, ApprovalSpec> { ["ops"] = new() },
            Stages = [.. System.Text.Json.JsonSerializer.Deserialize<decimal[]>(shares)!.Select(share => new StageSpec { Percentage = new(share), Bake = TimeSpan.FromHours(24) })],
        };
    }
}
