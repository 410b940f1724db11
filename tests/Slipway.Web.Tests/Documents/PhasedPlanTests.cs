using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Documents;
using Slipway.Core.Planning.Canonical;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Web.Tests.Documents;

public sealed partial class PhasedPlanTests
{
    private static readonly string[] Verbs = ["Run", "Tell", "Turn", "Take", "Restore", "Leave", "Deploy", "Undo", "Empty", "Verify"];

    public static TheoryData<string> Requests => [.. SampleDossiers.Names];

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-16")]
    [Trait("requirement", "S000-17")]
    [Trait("requirement", "S000-22")]
    public void It_has_exactly_two_sections(string name) =>
        Assert.Equal(["PhasedPlan", "rollbackProcedures"], Plan(SampleDossiers.Of(name)).Headings(2));

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-02")]
    [Trait("requirement", "S000-18")]
    [Trait("requirement", "S000-19")]
    [Trait("requirement", "S000-20")]
    [Trait("requirement", "S000-61")]
    [Trait("requirement", "S000-62")]
    public void Its_table_has_five_columns_and_shares_that_grow_to_all(string name)
    {
        var rows = Rows(SampleDossiers.Of(name));
        Assert.Equal(["Phase", "Goal", "Traffic %", "Required Checks", "Rollback Path"], rows[0]);
        Assert.All(rows, row => Assert.Equal(5, row.Count));
        Assert.All(rows.Skip(1).SelectMany(row => row), cell => Assert.False(cell.Trim() is "" or "-" or "–" or "TBD" or "N/A", cell));
        var shares = rows.Skip(1).Select(row => decimal.Parse(row[2], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(100m, shares[^1]);
        Assert.True(shares.Count(share => share > 0) >= 3);
        Assert.True(shares.Distinct().Count(share => share is > 0 and < 100) >= 2);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-40")]
    [Trait("requirement", "S000-41")]
    [Trait("requirement", "S000-42")]
    [Trait("requirement", "S000-43")]
    public void Every_phase_with_traffic_has_numbers_alarms_and_a_dashboard(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var table = Assert.Single(Plan(dossier).Tables("PhasedPlan"));
        Assert.All(Rows(dossier).Skip(1).Where(row => row[2] != "0"), row =>
        {
            Assert.Matches(Latency(), row[3]);
            Assert.Matches(ErrorRate(), row[3]);
            Assert.All(dossier.Plan.Triggers, trigger => Assert.Contains(trigger.Name, row[3], StringComparison.Ordinal));
        });
        Assert.All(table.Skip(1), row => Assert.NotEmpty(row.Descendants<LinkInline>()));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-01")]
    [Trait("requirement", "S000-03")]
    [Trait("requirement", "S000-44")]
    [Trait("requirement", "S000-45")]
    [Trait("requirement", "X16")]
    public void Every_rollback_path_is_one_command_with_what_users_see_and_how_it_is_verified(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var table = Assert.Single(Plan(dossier).Tables("PhasedPlan"));
        Assert.All(table.Skip(1).Cast<Markdig.Extensions.Tables.TableRow>(), row =>
        {
            var cell = (Markdig.Extensions.Tables.TableCell)row[4];
            Assert.Equal(dossier.RollbackCommand, Assert.Single(cell.Descendants<CodeInline>()).Content);
            var text = ParsedDocument.Plain(((ParagraphBlock)cell[0]).Inline);
            Assert.DoesNotContain(";", text, StringComparison.Ordinal);
            Assert.DoesNotContain("&&", text, StringComparison.Ordinal);
            Assert.Contains("Users are on the old version", text, StringComparison.Ordinal);
            Assert.Contains("verified", text, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "S000-23")]
    [Trait("requirement", "S000-24")]
    [Trait("requirement", "S000-25")]
    [Trait("requirement", "S000-26")]
    [Trait("requirement", "S000-28")]
    [Trait("requirement", "S000-64")]
    public void The_way_back_is_a_numbered_list_of_exact_steps(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var list = Assert.IsType<ListBlock>(Assert.Single(Plan(dossier).Section("rollbackProcedures")));
        Assert.True(list.IsOrdered);
        Assert.Equal("1", list.OrderedStart ?? "1");
        var items = ParsedDocument.Items(list);
        Assert.All(items, item => Assert.Contains(item.Split(' ')[0], Verbs));
        Assert.All(list, item => Assert.NotEmpty(item.Descendants<CodeInline>()));
        Assert.All(items, item => Assert.DoesNotMatch(@"\b(consider|should|may)\b", item));
        Assert.Contains(items, item => item.Contains("db-migration", StringComparison.Ordinal));
        Assert.Equal(2, items.Count(item => item.Contains("communication", StringComparison.Ordinal)));
        Assert.All(dossier.Plan.Flags, flag => Assert.Contains(items, item => item.Contains(flag.Key.ToString(), StringComparison.Ordinal) && item.Contains("OFF", StringComparison.Ordinal)));
        Assert.All(dossier.Request.Rollback?.Caches ?? [], cache => Assert.Contains(items, item => item.Contains(cache.Name, StringComparison.Ordinal)));
        Assert.Contains(items, item => item.Contains("cache", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [Trait("requirement", "S000-63")]
    [Trait("requirement", "X15")]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(200)]
    public void It_stays_within_400_words_however_much_there_is_to_undo(int many)
    {
        var request = SampleDossiers.Of("authentication").Request;
        request = request with
        {
            Flags = [.. Enumerable.Range(0, Math.Max(1, many)).Select(number => new FlagSpec { Name = $"flag with a long name number {number}", KillSwitch = true })],
            Rollback = new RollbackSpec
            {
                Configuration = [.. Enumerable.Range(0, many).Select(number => $"configuration key number {number}")],
                Caches = [.. Enumerable.Range(0, many).Select(number => new CacheSpec($"cache of region {number}", CacheKind.Redis, "*"))],
            },
            Preflight = request.Preflight with
            {
                Dependencies = new DependencySpec { Databases = [.. Enumerable.Range(0, many).Select(number => new DatabaseDependency { Name = $"database {number}", Migration = new MigrationSpec($"up {number}", $"down {number}", true) })] },
            },
        };
        var plan = Plan(SampleDossiers.Of(request));
        Assert.InRange(plan.SectionText("rollbackProcedures").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 50, 400);
        string[] steps = ["communication", "flags", "db-migration", "caches", "configuration", "code"];
        Assert.All(steps, step => Assert.Contains($"`{step}`", plan.SectionText("rollbackProcedures"), StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "X04")]
    [Trait("requirement", "S000-65")]
    public void Questions_come_first_and_where_something_blocks_there_is_nothing_else()
    {
        var request = SampleDossiers.Of("tiny").Request;
        var open = Plan(SampleDossiers.Of(request));
        Assert.Equal(2, open.Headings(2).Count);
        Assert.IsType<ListBlock>(open.Tree[0]);

        var blocking = SampleDossiers.Of(request with { Telemetry = null });
        Assert.Empty(Plan(blocking).Headings(2));
        Assert.Equal(["phased-plan", "clarifying-questions"], ReleaseDocuments.Render(blocking).Select(document => document.Name));

        var complete = SampleDossiers.Of("authentication");
        var noGap = complete with { Gaps = complete.Gaps with { Gaps = [], Insufficient = null } };
        Assert.DoesNotContain("🚧", Plan(noGap).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ReleaseDocuments.Render(noGap), document => document.Name == DocumentNames.ClarifyingQuestions);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    [Trait("requirement", "X07")]
    public void Its_phases_are_the_canonical_stages_that_the_workflow_runs(string name)
    {
        var dossier = SampleDossiers.Of(name);
        var stages = CanonicalSequence.Of(dossier.Plan).Where(stage => stage.RunsAs != StageRunsAs.NotRun).ToList();
        Assert.Equal(
            stages.Select(stage => ($"{stage.Number} {stage.Name}", (stage.Share ?? Percentage.Zero).Value)),
            Rows(dossier).Skip(1).Select(row => (row[0], decimal.Parse(row[2], CultureInfo.InvariantCulture))));
    }

    private static ParsedDocument Plan(ReleaseDossier dossier) => ParsedDocument.Of(dossier, DocumentNames.PhasedPlan);

    private static IReadOnlyList<IReadOnlyList<string>> Rows(ReleaseDossier dossier) => ParsedDocument.Cells(Assert.Single(Plan(dossier).Tables("PhasedPlan")));

    [GeneratedRegex(@"p95[^|]*<\s*\d+(\.\d+)?\s*ms")]
    private static partial Regex Latency();

    [GeneratedRegex(@"error rate[^|]*<\s*\d+(\.\d+)?\s*%")]
    private static partial Regex ErrorRate();
}
