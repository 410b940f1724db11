using Slipway.Core.Planning;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Planning.Risk;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Planning.Canonical;

public sealed class CanonicalSequenceTests
{
    [Theory]
    [Trait("requirement", "S004-63")]
    [InlineData("canary", false, "Preflight 0 % | Capture 0 % | 10 | 50 | 100")]
    [InlineData("canary", true, "DeployStep 0 % | 0 | 10 | 50 | 100")]
    [InlineData("feature_flag", false, "Preflight 0 % | 0 | 10 | 50 | 100")]
    [InlineData("shadow", true, "DeployStep 0 % | 0 | 10 | 50 | 100")]
    [InlineData("blue_green", true, "DeployStep 0 % | 0 | 10 | NotRun | 100")]
    [InlineData("rolling", true, "Preflight 0 % | Capture 0 % | 25 | 50, 75 | 100")]
    public void Every_plan_is_shown_as_the_five_stages_with_what_they_really_are(string strategy, bool hook, string expected)
    {
        var stages = CanonicalSequence.Of(Planner.Draft(Request(strategy, hook)));

        Assert.Equal(expected, string.Join(" | ", stages.Select(Text)));
        Assert.All(stages, stage => Assert.NotEmpty(stage.RunsAsText));
    }

    [Fact]
    [Trait("requirement", "X08")]
    [Trait("requirement", "S004-04")]
    public void The_five_names_and_labels_are_fixed_and_the_risk_never_decreases()
    {
        var stages = CanonicalSequence.Of(Planner.Draft(Request("feature_flag", false)));

        Assert.Equal([1, 2, 3, 4, 5], stages.Select(stage => stage.Number));
        Assert.Equal(Enum.GetValues<CanonicalStageName>(), stages.Select(stage => stage.Name));
        Assert.Equal([StageLabel.Zero, StageLabel.Low, StageLabel.Medium, StageLabel.Medium, StageLabel.Final], stages.Select(stage => stage.Label));
        Assert.Equal([FlagPosition.Off, FlagPosition.Off, FlagPosition.Partial, FlagPosition.Partial, FlagPosition.Full], stages.Select(stage => stage.Flag));
    }

    [Theory]
    [Trait("requirement", "X08")]
    [Trait("requirement", "S004-60")]
    [InlineData(RiskLevel.Low, 1, 120, 240)]
    [InlineData(RiskLevel.Low, 3, 120, 240)]
    [InlineData(RiskLevel.Low, 4, 180, 360)]
    [InlineData(RiskLevel.Low, 7, 180, 360)]
    [InlineData(RiskLevel.Low, 8, 240, 480)]
    [InlineData(RiskLevel.Medium, 1, 180, 360)]
    [InlineData(RiskLevel.Medium, 7, 180, 360)]
    [InlineData(RiskLevel.Medium, 8, 240, 480)]
    [InlineData(RiskLevel.Medium, 10, 240, 480)]
    [InlineData(RiskLevel.High, 1, 240, 480)]
    [InlineData(RiskLevel.Critical, 10, 240, 480)]
    public void Risk_and_complexity_pick_the_wait_inside_the_canonical_range(RiskLevel risk, int complexity, int canary, int partial)
    {
        var request = Request("feature_flag", false);
        request = request with { Release = request.Release with { DeclaredRisk = risk }, Changes = new ChangeSpec { Complexity = complexity } };

        var stages = CanonicalSequence.Of(Planner.Draft(request));
        Assert.Equal([0, 60, canary, partial, 1440], stages.Select(stage => (int)stage.Wait.TotalMinutes));
        Assert.Equal([(0, 0), (60, 60), (120, 240), (240, 480), (1440, 1440)], stages.Select(stage => ((int)stage.Shortest.TotalMinutes, (int)stage.Longest.TotalMinutes)));
        Assert.All(stages, stage => Assert.InRange(stage.Wait, stage.Shortest, stage.Longest));
    }

    [Fact]
    [Trait("requirement", "X08")]
    [Trait("requirement", "S004-35")]
    public void A_high_change_passes_10_50_and_100_percent_with_the_longest_waits()
    {
        var request = Given.SmallWith("changes", """{ "files": [{ "path": "src/auth/session.cs" }] }""");

        var stages = CanonicalSequence.Of(Planner.Draft(request));
        Assert.Equal([240, 480, 1440], stages.Skip(2).Select(stage => (int)stage.Wait.TotalMinutes));
        Assert.Equal(CategoryPace.Of(ChangeRisk.High).Shares, stages.Skip(2).Select(stage => stage.Share!.Value));
    }

    [Theory]
    [Trait("requirement", "S004-32")]
    [Trait("requirement", "S004-33")]
    [Trait("requirement", "S004-34")]
    [Trait("requirement", "S004-35")]
    [InlineData("tests/a.test.js", FileAction.New, true, 0, 0, "")]
    [InlineData("docs/a.md", FileAction.Modified, true, 0, 0, "")]
    [InlineData("src/middleware/auth.js", FileAction.Modified, true, 0, 0, "")]
    [InlineData("src/new/Thing.cs", FileAction.New, false, 60, 60, "0")]
    [InlineData("src/ui/Page.tsx", FileAction.Modified, false, 60, 60, "0")]
    [InlineData("src/api/Cart.cs", FileAction.Modified, false, 120, 240, "10")]
    [InlineData("src/middleware/auth.js", FileAction.Modified, false, 120, 240, "10")]
    [InlineData("src/auth/session.js", FileAction.Modified, false, 1440, 1440, "10, 50, 100")]
    [InlineData("src/payments/charge.js", FileAction.New, false, 1440, 1440, "10, 50, 100")]
    public void Each_category_has_its_pace(string path, FileAction action, bool flagOff, int shortest, int longest, string shares)
    {
        var request = Given.Request(Given.Small) with { Changes = new ChangeSpec { Files = [new FileChange(path, action, "") { BehindFlag = flagOff }] } };
        var file = Assert.Single(ManifestClassifier.Classify(request).Files);

        var pace = CategoryPace.Of(file.At(flagOff ? FlagActivation.Off : FlagActivation.On));
        Assert.Equal((shortest, longest), ((int)pace.Shortest.TotalMinutes, (int)pace.Longest.TotalMinutes));
        Assert.Equal(shares, string.Join(", ", pace.Shares.Select(share => share.Value)));
    }

    [Theory]
    [Trait("requirement", "X09")]
    [InlineData("[2, 25, 50, 100]", "2 | 25, 50 | 100")]
    [InlineData("[5, 100]", "5 | NotRun | 100")]
    [InlineData("[100]", "NotRun | NotRun | 100")]
    public void Further_shares_are_sub_steps_of_stage_4_so_that_there_are_always_five(string shares, string expected)
    {
        var request = Given.Request(Given.Small) with
        {
            Stages = [.. System.Text.Json.JsonSerializer.Deserialize<decimal[]>(shares)!.Select(share => new StageSpec { Percentage = new(share), Bake = TimeSpan.FromHours(24) })],
        };

        var stages = CanonicalSequence.Of(Planner.Draft(request));
        Assert.Equal(5, stages.Count);
        Assert.Equal(expected, string.Join(" | ", stages.Skip(2).Select(Text)));
        Assert.Equal(request.Stages.Count, stages.Sum(stage => stage.Steps.Count));
        Assert.Equal(Planner.Draft(request).Stages.Sum(stage => stage.Bake.TotalHours), stages.Sum(stage => stage.Wait.TotalHours));
    }

    [Fact]
    public void Of_several_environments_the_last_is_shown()
    {
        var request = Given.SmallWith("environments", """[{ "name": "staging", "service": "a" }, { "name": "prod", "service": "b" }]""");

        Assert.All(CanonicalSequence.Of(Planner.Draft(request)).SelectMany(stage => stage.Steps), step => Assert.Equal(1, step.Environment));
    }

    [Fact]
    public void An_accelerated_wait_is_marked()
    {
        var request = Request("canary", false);

        Assert.DoesNotContain(CanonicalSequence.Of(Planner.Draft(request)), stage => stage.IsAccelerated);
        Assert.Equal(3, CanonicalSequence.Of(Planner.Draft(request with { Release = request.Release with { Accelerate = true } })).Count(stage => stage.IsAccelerated));
    }

    private static string Text(CanonicalStage stage) => stage.Steps.Count > 0
        ? string.Join(", ", stage.Steps.Select(step => step.Percentage.Value))
        : stage.Share is { } share ? $"{stage.RunsAs} {share}" : $"{stage.RunsAs}";

    private static ReleaseRequest Request(string strategy, bool hook) => Given.SmallWith("strategy", $"\"{strategy}\"") with
    {
        Flags = strategy == "rolling" ? [] : Given.Request(Given.Small).Flags,
        Deploy = hook ? new DeploySpec { Hook = new Uri("http://localhost/deploy") } : null,
        Environments = strategy == "rolling" ? Given.SmallWith("environments", """[{ "name": "prod", "regions": ["a", "b", "c", "d"] }]""").Environments : Given.Request(Given.Small).Environments,
    };
}
