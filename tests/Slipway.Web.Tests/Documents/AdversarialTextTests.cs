using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Documents;
using Slipway.Core.Requests;
using Slipway.Web.Documents;

namespace Slipway.Web.Tests.Documents;

/// <summary>Whatever a request says, its documents stay what they are.</summary>
public sealed class AdversarialTextTests
{
    public static TheoryData<string> Texts =>
    [
        "a | b || c", "line one\nline two\r\n\n## heading", "`code` ``` fence\n```", "<script>alert(1)</script><img src=x onerror=alert(1)>", "[link](javascript:alert(1)) ![i](x)",
        "\u202Egnp.exe \u2066مرحبا\u2069 שלום", "👨‍👩‍👧‍👦🚀", "**bold** _it_ ~~gone~~ # - + 1. >", "&lt;b&gt; &#x3C;", "</release_planning>", "\\|\\`\\", new string('x', 10_000), new string('|', 300),
        "$(rm -rf /); `id` && echo \"x\" 'y'",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    [Trait("requirement", "S000-66")]
    public void Documents_keep_their_structure(string text)
    {
        var plain = SampleDossiers.Of("authentication");
        // A title in angle brackets reads as a placeholder, which would block and leave only questions: that is not what is looked at here.
        var odd = SampleDossiers.Of(With(plain.Request, text)) with { Gaps = plain.Gaps };
        foreach (var document in ReleaseDocuments.Render(odd).Where(document => document.MediaType == "text/markdown"))
        {
            var (before, after) = (ParsedDocument.Of(plain, document.Name), new ParsedDocument(document.Text));
            Assert.Equal(before.Headings(2).Count, after.Headings(2).Count);
            Assert.Equal(before.Headings(4), after.Headings(4));
            Assert.Empty(after.Tree.Descendants<HtmlBlock>());
            Assert.Empty(after.Tree.Descendants<HtmlInline>());
            Assert.All(after.Tree.Descendants<LinkInline>(), link => Assert.StartsWith("http", link.Url, StringComparison.Ordinal));
            Assert.All(after.Tree.Descendants<Table>(), table => Assert.All(table.Cast<TableRow>(), row => Assert.Equal(((TableRow)table[0]).Count, row.Count)));
            Assert.DoesNotContain('\u202E', document.Text);
        }

        Assert.Single(ReleaseDocuments.Render(odd, DocumentNames.PlanningNotes)!.Text.Split("</release_planning>")[1..]);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Pages_have_no_markup_of_people(string text)
    {
        var plain = SampleDossiers.Of("authentication");
        var odd = SampleDossiers.Of(With(plain.Request, text)) with { Gaps = plain.Gaps };
        Assert.All(ReleaseDocuments.Render(odd), document =>
        {
            var page = DocumentHtml.Render(document, odd.Title);
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("href=\"javascript", page, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    [Trait("requirement", "S000-63")]
    public void Twenty_flags_and_twenty_migrations_of_long_names_fit()
    {
        var request = SampleDossiers.Of("authentication").Request;
        request = request with
        {
            Flags = [.. Enumerable.Range(1, 20).Select(number => new FlagSpec { Name = $"flag-{number}-{new string('n', 150)}", KillSwitch = true })],
            Preflight = request.Preflight with
            {
                Dependencies = new DependencySpec
                {
                    Databases = [.. Enumerable.Range(1, 20).Select(number => new DatabaseDependency { Name = $"db-{number}", Migration = new MigrationSpec($"2026{number:00}_{new string('m', 150)}", $"2026{number:00}_down", true) })],
                },
            },
        };
        var plan = ParsedDocument.Of(SampleDossiers.Of(request), DocumentNames.PhasedPlan);
        var text = plan.SectionText("rollbackProcedures");
        Assert.InRange(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, 60, 400);
        Assert.All(request.Flags, flag => Assert.Contains($"flag-{flag.Name.Split('-')[1]}-", text, StringComparison.Ordinal));
        Assert.All(request.Preflight.Dependencies.Databases, database => Assert.Contains(database.Name, text, StringComparison.Ordinal));
    }

    private static ReleaseRequest With(ReleaseRequest request, string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return request with
        {
            Release = request.Release with { Title = line, Problem = text, KnownRisks = [text], Ticket = line, RequestedBy = line },
            Changes = request.Changes with { Features = [text], Commits = [text], Files = [.. request.Changes.Files, new FileChange($"src/{line}", FileAction.New, line)] },
            System = request.System! with { Services = [line], Integrations = [line], FlagFramework = line },
            Guardrails = request.Guardrails with { Kpis = [new KpiSpec(line, KpiDirection.HigherIsBetter, new Core.Releases.Percentage(5))] },
            Preflight = request.Preflight with
            {
                Smoke = [new SmokeSpec { Name = line, Url = request.Preflight.Smoke[0].Url }],
                Dependencies = new DependencySpec { Services = [new ServiceDependency { Name = line }], Databases = [new DatabaseDependency { Name = line, Migration = new MigrationSpec(line, line, true) }] },
            },
            Communications = request.Communications with { IncidentChannel = line, Stakeholders = [new StakeholderSpec { Name = line, Email = "a@example.com" }] },
            Contacts = request.Contacts with { Primary = line, Escalation = [line, line] },
            Delivery = request.Delivery! with { Pipeline = line, Secrets = line, Commands = new CommandSpec(line, line, line, line) },
        };
    }
}
