using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Strategies;

public sealed class ToleranceTests
{
    [Theory]
    [Trait("requirement", "S000-07")]
    [Trait("requirement", "S000-08")]
    [InlineData("""{ "canary": "5%", "for": "1h", "basis": "requests" }""", 5, 60d, ToleranceBasis.Requests)]
    [InlineData("""{ "canary": "5%", "for": "60m", "basis": "users" }""", 5, 60d, ToleranceBasis.Users)]
    [InlineData("""{ "canary": 100 }""", 100, null, ToleranceBasis.Users)]
    public void A_tolerance_is_read_with_duration_and_basis(string json, int canary, double? minutes, ToleranceBasis basis)
    {
        var tolerance = Given.SmallWith("tolerance", json).Tolerance!;

        Assert.Equal((canary, minutes, basis), (tolerance.Canary.Value, tolerance.For?.TotalMinutes, tolerance.Basis));
        Assert.NotEqual(RequestHash.Of(Given.Request(Given.Small)), RequestHash.Of(Given.SmallWith("tolerance", json)));
    }

    [Theory]
    [Trait("requirement", "S000-07")]
    [InlineData("""{ }""", "tolerance.canary")]
    [InlineData("""{ "canary": 0 }""", "tolerance.canary")]
    [InlineData("""{ "canary": 101 }""", "tolerance.canary")]
    [InlineData("""{ "canary": 5, "for": "0s" }""", "tolerance.for")]
    [InlineData("""{ "canary": 5, "basis": "sessions" }""", "tolerance.basis")]
    public void A_wrong_tolerance_is_told_where_it_is(string json, string path) =>
        Assert.Contains(
            ReleaseRequestReader.Read(JsonRequestDocument.Parse($$"""{ "tolerance": {{json}} }""")).Problems,
            problem => problem.Path == path);

    [Theory]
    [Trait("requirement", "X09")]
    [Trait("requirement", "S000-07")]
    [InlineData("canary", "5%", 5)]
    [InlineData("canary", "0.5%", 0.5)]
    [InlineData("canary", "10%", 10)]
    [InlineData("canary", "50%", 10)]
    [InlineData("feature_flag", "5%", 5)]
    [InlineData("blue_green", "5%", 5)]
    [InlineData("shadow", "5%", 5)]
    public void The_tolerance_caps_the_first_exposing_stage_of_every_strategy_that_has_shares(string strategy, string tolerated, double expected)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "{{tolerated}}" }""") with { Strategy = Given.SmallWith("strategy", $"\"{strategy}\"").Strategy };

        Assert.Equal((decimal)expected, Planner.Draft(request).Stages.First(stage => stage.Percentage.Value > 0).Percentage.Value);
    }

    [Theory]
    [Trait("requirement", "X09")]
    [InlineData("[2, 25, 50, 100]", "")]
    [InlineData("[5, 100]", "")]
    [InlineData("[6, 25, 100]", "stages[0].percentage")]
    [InlineData("[100]", "stages[0].percentage")]
    public void A_listed_first_stage_above_the_tolerance_is_refused_with_its_path(string shares, string path)
    {
        var request = Given.SmallWith("tolerance", """{ "canary": "5%" }""") with
        {
            Stages = [.. System.Text.Json.JsonSerializer.Deserialize<decimal[]>(shares)!.Select(share => new StageSpec { Percentage = new(share), Bake = TimeSpan.FromHours(24) })],
        };

        Assert.Equal(path, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }

    [Fact]
    public void A_stage_at_0_percent_is_not_the_first_exposing_one()
    {
        var request = Given.SmallWith("tolerance", """{ "canary": "5%" }""") with
        {
            Strategy = RolloutStrategy.FeatureFlag,
            Stages = [.. new[] { 0m, 7, 100 }.Select(share => new StageSpec { Percentage = new(share), Bake = TimeSpan.FromHours(24) })],
        };

        Assert.Equal("stages[1].percentage", Assert.Single(Planner.Plan(request).Problems).Path);
    }

    [Theory]
    [InlineData("50%", "")]
    [InlineData("49%", "tolerance.canary")]
    public void Rolling_cannot_expose_less_than_a_region(string tolerated, string path)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "{{tolerated}}" }""") with
        {
            Strategy = RolloutStrategy.Rolling,
            Flags = [],
            Deploy = new DeploySpec { Hook = new Uri("http://localhost/deploy") },
            Environments = Given.SmallWith("environments", """[{ "name": "prod", "regions": ["a", "b"] }]""").Environments,
            Rollback = new RollbackSpec { Code = new CodeRollbackSpec(new Uri("http://localhost/deploy"), "2.3.7") },
        };

        Assert.Equal(path, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [InlineData("users", "tolerance.basis")]
    [InlineData("requests", "")]
    public void A_share_of_users_is_not_what_the_percentage_lever_gives(string basis, string path)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "5%", "basis": "{{basis}}" }""") with
        {
            Flags = Given.SmallWith("flags", """[{ "name": "f", "kill_switch": true, "lever": "percentage" }]""").Flags,
        };

        Assert.Equal(path, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }

    [Theory]
    [Trait("requirement", "X10")]
    [Trait("requirement", "S000-60")]
    [InlineData("30m", 30, true)]
    [InlineData("1h", 60, true)]
    [InlineData("2h", 120, false)]
    [InlineData("5h", 300, false)]
    public void With_low_risk_the_agreed_time_is_the_canarys_and_a_shorter_one_is_marked_as_accelerated(string agreed, int minutes, bool accelerated)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "5%", "for": "{{agreed}}" }""");

        var canary = Planner.Plan(request).Plan!.Stages[0];
        Assert.Equal((minutes, minutes, accelerated), (canary.Bake.TotalMinutes, canary.MaxBake.TotalMinutes, canary.AcceleratedFrom is not null));
        Assert.Equal([240, 1440], Planner.Plan(request).Plan!.Stages.Skip(1).Select(stage => stage.Bake.TotalMinutes));
        Assert.DoesNotContain(IntakeGaps.Analyse(request).Gaps, gap => gap.Path == "tolerance.for");
    }

    [Theory]
    [Trait("requirement", "X10")]
    [InlineData(RiskLevel.Medium, "1h", true, 180)]
    [InlineData(RiskLevel.Medium, "3h", false, 180)]
    [InlineData(RiskLevel.Medium, "4h", false, 240)]
    [InlineData(RiskLevel.High, "3h", true, 240)]
    [InlineData(RiskLevel.Critical, "1h", true, 240)]
    public void Above_low_risk_a_shorter_time_is_asked_about_and_shortens_nothing(RiskLevel risk, string agreed, bool asked, int minutes)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "5%", "for": "{{agreed}}" }""");
        request = request with { Release = request.Release with { DeclaredRisk = risk }, Approvals = new Dictionary<string, ApprovalSpec> { ["ops"] = new() } };

        var blocking = IntakeGaps.Analyse(request).Gaps.Where(gap => gap.Blocking).ToList();
        Assert.Equal(asked ? ["tolerance.for"] : [], blocking.Select(gap => gap.Path));
        Assert.All(blocking, gap => Assert.Contains(agreed, gap.Question, StringComparison.Ordinal));
        Assert.Equal(minutes, Planner.Draft(request).Stages[0].Bake.TotalMinutes);
    }

    [Theory]
    [InlineData("2h", "")]
    [InlineData("90m", "stages[0].bake")]
    public void A_listed_first_wait_longer_than_tolerated_is_refused(string agreed, string path)
    {
        var request = Given.SmallWith("tolerance", $$"""{ "canary": "5%", "for": "{{agreed}}" }""") with
        {
            Stages = Given.SmallWith("stages", """[{ "percentage": 5, "bake": "2h" }, { "percentage": 100, "bake": "24h" }]""").Stages,
        };

        Assert.Equal(path, string.Join(',', Planner.Plan(request).Problems.Select(problem => problem.Path)));
    }
}
