using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
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
    [InlineData("feature_flag", RiskLevel.High, "[0, 100]")]
    [Trait("requirement", "X26")]
    [Trait("requirement", "S002-159")]
    public void All_at_once_is_refused_for_blue_green_and_for_every_strategy_from_high_risk_on(string strategy, RiskLevel risk, string shares)
    {
        var problem = Assert.Single(Planner.Plan(Request(strategy, risk, shares)).Problems, problem => problem.Path == "stages");

        Assert.Contains("a partial share", problem.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("canary", RiskLevel.Low, "[100]")]
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
