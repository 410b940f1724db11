using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Analysis.Power;
using Slipway.Core.Documents;
using Slipway.Core.Documents.Evidence;
using Slipway.Core.Gates;
using Slipway.Core.Requests;

namespace Slipway.Web.Tests.Documents;

/// <summary>The document of what is known before anybody is exposed.</summary>
public sealed class RehearsalDocumentTests
{
    private static readonly ReleaseDossier Plain = SampleDossiers.Of("authentication");

    private static readonly RehearsalRow Kept = new()
    {
        Scenario = "error-x5",
        Stage = 1,
        Outcomes = new Dictionary<string, int> { ["rolled_back"] = 3 },
        MinutesToDetect = 4.5,
        RequestsHarmed = 1204,
        PeakExposure = 5,
        MinutesToSafe = 1.2,
        Kept = true,
    };

    private static readonly RehearsalRow Unfit = new() { Scenario = "one-region", Remark = "the plan has one region" };

    private static RehearsalProof Proof => new("0123456789abcdef", SampleDossiers.At.AddHours(-1), 12.5, RequestHash.Of(Plain.Request), true, true, 1) { Rows = [Kept, Unfit] };

    [Fact]
    public void Without_a_rehearsal_it_says_so_gives_the_command_and_has_the_power_table_all_the_same()
    {
        var document = ParsedDocument.Of(Plain, DocumentNames.Rehearsal);

        Assert.Contains("The rollback plan is not rehearsed.", document.SectionText("Rehearsal"), StringComparison.Ordinal);
        Assert.Contains("`slipway rehearse release.yaml`", document.SectionText("Rehearsal"), StringComparison.Ordinal);
        Assert.Empty(document.Tables("Rehearsal"));
        var table = ParsedDocument.Cells(Assert.Single(document.Tables("Power")));
        var power = ReleasePower.Of(Plain.Plan);
        Assert.NotEmpty(power.Rows);
        Assert.Equal([PowerLine.Titles, .. power.Rows.Select(row => PowerLine.Of(Plain.Plan, row).Cells)], table);
        Assert.All(power.Assumptions, assumption => Assert.Contains(assumption, document.SectionText("Power"), StringComparison.Ordinal));
    }

    [Fact]
    public void With_one_it_has_a_row_a_scenario_and_says_whose_word_it_is()
    {
        var document = ParsedDocument.Of(Plain with { Rehearsal = Proof }, DocumentNames.Rehearsal);

        Assert.Equal(
            [
                RehearsalLine.Titles,
                ["error-x5", "1", "3 rolled back", "4.5 min", "1,204", "5 %", "1.2 min", "kept"],
                ["one-region", "-", "-", "-", "-", "-", "-", "does not apply: the plan has one region"],
            ],
            ParsedDocument.Cells(Assert.Single(document.Tables("Rehearsal"))));
        Assert.Contains("Rehearsed 2026-11-28 08:00Z in 1 scenarios within 12.5 s, every promise kept (rehearsal 0123456789abcdef).", document.SectionText("Rehearsal"), StringComparison.Ordinal);
        Assert.Contains("As the file beside the request states it.", document.SectionText("Rehearsal"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_started_release_the_result_is_the_word_of_whoever_started_it()
    {
        var evidence = StartEvidence.Of(Plain.Plan, Proof, "", "dana@example.com");

        Assert.Equal("As stated by whoever started the release (dana@example.com): the server checks that it is of this very request and at most a week old, and takes the result on trust.", evidence.Statement);
        Assert.Empty(evidence.Command);
    }

    [Fact]
    public void The_rollback_strategy_states_the_result_and_links_to_it()
    {
        var with = ParsedDocument.Of(Plain with { Rehearsal = Proof }, DocumentNames.RollbackStrategy).SectionText("Context");
        var without = ParsedDocument.Of(Plain, DocumentNames.RollbackStrategy).SectionText("Context");

        Assert.Contains("every promise kept (rehearsal 0123456789abcdef)", with, StringComparison.Ordinal);
        Assert.Contains($"(<{Plain.Link("rehearsal")}>)", with, StringComparison.Ordinal);
        Assert.Contains("The rollback plan is not rehearsed.", without, StringComparison.Ordinal);
        Assert.Contains("`slipway rehearse release.yaml` makes one", without, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AdversarialTextTests.Texts), MemberType = typeof(AdversarialTextTests))]
    public void Whatever_a_row_says_makes_no_markup(string text)
    {
        var broken = Kept with { Scenario = text, Kept = false, Remark = text };
        var document = ParsedDocument.Of(Plain with { Rehearsal = Proof with { Rows = [broken, Unfit with { Remark = text }] } }, DocumentNames.Rehearsal);

        Assert.Equal(["Rehearsal", "Power"], document.Headings(2));
        Assert.Empty(document.Tree.Descendants<HtmlBlock>());
        Assert.Empty(document.Tree.Descendants<HtmlInline>());
        Assert.Empty(document.Tree.Descendants<LinkInline>());
        Assert.Equal([8, 8, 8], ParsedDocument.Cells(Assert.Single(document.Tables("Rehearsal"))).Select(row => row.Count));
    }
}
