using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Slipway.Core.Documents;
using Slipway.Core.Requests;

namespace Slipway.Web.Tests.Documents;

public sealed partial class RollbackStrategyTests
{
    private static readonly ReleaseDossier Authentication = SampleDossiers.Of("authentication");

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S004-03")]
    [Trait("requirement", "S004-46")]
    [Trait("requirement", "S004-47")]
    [Trait("requirement", "S004-103")]
    [Trait("requirement", "X14")]
    public void It_has_its_title_and_exactly_three_levels(string name)
    {
        var strategy = Of(SampleDossiers.Of(name));
        Assert.Equal($"Rollback Strategy: {SampleDossiers.Of(name).Title}", Assert.Single(strategy.Headings(2)));
        Assert.Equal(["Context", "Rollback Triggers", "Level 1", "Level 2", "Level 3", "Post-Rollback Actions"], strategy.Headings(3).Select(heading => heading.Split(':')[0]));
        Assert.Equal(["(< 5 min)", "(< 10 min)", "(< 15 min)"], strategy.Headings(3).Where(heading => heading.StartsWith("Level", StringComparison.Ordinal)).Select(heading => heading[heading.IndexOf('(', StringComparison.Ordinal)..]));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-04")]
    public void Each_level_says_what_users_see_while_it_runs(string name)
    {
        var strategy = Of(SampleDossiers.Of(name));
        foreach (var level in strategy.Headings(3).Where(heading => heading.StartsWith("Level", StringComparison.Ordinal)))
            Assert.Matches("While it runs, users: .*no request is dropped", strategy.SectionText(level));
    }

    [Fact]
    [Trait("requirement", "S004-39")]
    [Trait("requirement", "S004-104")]
    [Trait("requirement", "S004-105")]
    [Trait("requirement", "S004-106")]
    public void Its_context_counts_the_files_and_names_risk_and_integrations()
    {
        var context = Of(Authentication).SectionText("Context");
        Assert.Contains("9 files changed (7 new, 1 modified, 1 deleted)", context, StringComparison.Ordinal);
        Assert.Contains("-RISK:", context, StringComparison.Ordinal);
        Assert.Contains("API, database, Redis", context, StringComparison.Ordinal);
        Assert.Contains("🚧", Of(SampleDossiers.Of("tiny")).SectionText("Context"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-41")]
    [Trait("requirement", "S004-93")]
    [Trait("requirement", "S004-107")]
    public void Its_triggers_are_those_that_go_back_at_once_and_those_that_people_evaluate()
    {
        var triggers = Of(Authentication).SectionText("Rollback Triggers");
        var split = triggers.IndexOf("**Evaluate Rollback (within 15 min):**", StringComparison.Ordinal);
        var (immediate, evaluate) = (triggers[..split], triggers[split..]);
        string[] kinds = ["Security incident", "Complete service outage", "Data loss or corruption", "Error rate > 0.5 %", "P95 latency > 500 ms", "Availability < 99.5 %"];
        Assert.All(kinds, kind => Assert.Contains(kind, immediate, StringComparison.Ordinal));
        Assert.Contains("User reports of failures: 10 or more", evaluate, StringComparison.Ordinal);
        Assert.All(Authentication.Plan.Triggers, trigger => Assert.Contains(DocumentName(trigger.Metric), triggers, StringComparison.Ordinal));

        static string DocumentName(string metric) => metric.Replace('_', ' ').Replace("latency p95", "latency", StringComparison.Ordinal)[1..];
    }

    [Fact]
    [Trait("requirement", "S004-42")]
    [Trait("requirement", "S004-43")]
    [Trait("requirement", "S004-44")]
    [Trait("requirement", "S004-52")]
    [Trait("requirement", "S004-53")]
    [Trait("requirement", "S004-54")]
    [Trait("requirement", "S004-117")]
    public void Each_level_has_its_labelled_steps_in_order()
    {
        Assert.Equal(["Disable", "Restart", "Verify", "Monitor"], Labels(1));
        Assert.Equal(["Revert config", "Restart", "Verify", "Test", "Monitor"], Labels(2));
        Assert.Equal(["Identify commit", "Revert", "Run tests", "Build", "Deploy", "Verify", "Monitor"], Labels(3));
        Assert.All(Enumerable.Range(1, 3).SelectMany(level => Items(level)), item =>
        {
            Assert.Contains("Expected: ", item, StringComparison.Ordinal);
            Assert.Contains("If not: ", item, StringComparison.Ordinal);
        });

        static IReadOnlyList<string> Labels(int level) => [.. Items(level).Select(item => item.Split(':')[0])];
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S004-95")]
    [Trait("requirement", "S004-116")]
    [Trait("requirement", "S004-118")]
    [Trait("requirement", "S004-119")]
    [Trait("requirement", "S004-122")]
    [Trait("requirement", "S004-123")]
    [Trait("requirement", "S004-130")]
    public void Each_level_says_when_with_which_effect_and_how_long(string name)
    {
        var strategy = Of(SampleDossiers.Of(name));
        var before = 0m;
        for (var level = 1; level <= 3; level++)
        {
            var text = strategy.SectionText(Heading(strategy, level));
            Assert.Contains("**When:** ", text, StringComparison.Ordinal);
            Assert.Contains("**Effect:**", text, StringComparison.Ordinal);
            Assert.Matches(Estimate(), text);
            var minutes = decimal.Parse(Estimate().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.True(minutes > before && minutes < 5 * level, $"level {level}: {minutes}");
            Assert.DoesNotMatch(@"<[a-z-]+>|TBD|TODO|\{\{", text);
            before = minutes;
        }
    }

    [Fact]
    [Trait("requirement", "S004-57")]
    [Trait("requirement", "S004-97")]
    [Trait("requirement", "S004-125")]
    [Trait("requirement", "S004-126")]
    [Trait("requirement", "S004-127")]
    [Trait("requirement", "S004-128")]
    public void Level_3_names_every_file_of_the_manifest_once()
    {
        var text = Of(Authentication).SectionText(Heading(Of(Authentication), 3));
        var files = text[text.IndexOf("**Files to Rollback", StringComparison.Ordinal)..text.IndexOf("**Database Rollback", StringComparison.Ordinal)];
        Assert.All(Authentication.Request.Changes.Files, file => Assert.Equal(2, files.Split($"`{file.Path}`").Length));
        var (delete, restore, revert) = (files.IndexOf("**DELETE:**", StringComparison.Ordinal), files.IndexOf("**RESTORE:**", StringComparison.Ordinal), files.IndexOf("**REVERT:**", StringComparison.Ordinal));
        Assert.Equal(6, files[delete..restore].Split('`').Length / 2);
        Assert.Contains("`src/auth/session.js` (version 2.9.4)", files[restore..revert], StringComparison.Ordinal);
        Assert.Contains("`migrations/002_add_refresh_tokens.sql`", files[revert..], StringComparison.Ordinal);
        Assert.Contains("all tests pass; else nothing is deployed", text, StringComparison.Ordinal);
        Assert.Contains("Watch the dashboard for 1h", text, StringComparison.Ordinal);
        Assert.Contains("git revert --no-edit abc1234", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S001-91")]
    public void A_migration_is_undone_and_verified_or_restored_where_it_cannot_be()
    {
        Assert.Contains("npm run migrate:down", Of(Authentication).Text, StringComparison.Ordinal);
        var without = Of(SampleDossiers.Of("data-migration")).Text;
        Assert.Contains("20261105_split_orders has no DOWN script", without, StringComparison.Ordinal);
        Assert.Contains("🚧 How is orders restored?", without, StringComparison.Ordinal);
        Assert.Contains("Not needed: no migration is part of the release", Of(SampleDossiers.Of("tiny")).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "S004-133")]
    public void Five_actions_follow_a_rollback()
    {
        var actions = ParsedDocument.Items(Assert.IsType<ListBlock>(Assert.Single(Of(Authentication).Section("Post-Rollback Actions"))));
        Assert.Equal(5, actions.Count);
        Assert.Contains("#incidents", actions[0], StringComparison.Ordinal);
        Assert.Contains("status page", actions[1], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("incident report", actions[2], StringComparison.Ordinal);
        Assert.Contains("48 hours", actions[3], StringComparison.Ordinal);
        Assert.Contains("24 hours", actions[4], StringComparison.Ordinal);

        var inside = SampleDossiers.Of(Authentication.Request with { System = Authentication.Request.System! with { CustomerFacing = false } });
        Assert.Contains("not needed", Of(inside).SectionText("Post-Rollback Actions"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("requirement", "X13")]
    public void Without_a_flag_level_1_swaps_the_traffic_back()
    {
        var request = Authentication.Request with
        {
            Flags = [],
            Strategy = RolloutStrategy.BlueGreen,
            Deploy = new DeploySpec { Hook = new Uri("https://deploy.example.com/") },
            Environments = [Authentication.Request.Environments[^1]],
        };
        Assert.Contains("Level 1: Traffic Swap (< 5 min)", Of(SampleDossiers.Of(request)).Headings(3));
    }

    private static ParsedDocument Of(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.RollbackStrategy);

    private static string Heading(ParsedDocument strategy, int level) => strategy.Headings(3).Single(heading => heading.StartsWith($"Level {level}", StringComparison.Ordinal));

    private static IReadOnlyList<string> Items(int level)
    {
        var strategy = Of(Authentication);
        return ParsedDocument.Items(strategy.Section(Heading(strategy, level)).OfType<ListBlock>().First(list => list.IsOrdered));
    }

    [GeneratedRegex(@"\*\*Estimated Time:\*\* (\d+(?:\.\d+)?) minutes?")]
    private static partial Regex Estimate();
}
