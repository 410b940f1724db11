using Slipway.Core.Documents.Evidence;
using Slipway.Core.Gates;
using Slipway.Core.Messages;
using Slipway.Core.Requests;
using Slipway.Web.Messages;
using Slipway.Web.Tests.Documents;

namespace Slipway.Web.Tests.Messages;

/// <summary>What stands behind the link of a mail that asks to approve.</summary>
public sealed class MailEvidenceTests
{
    private static readonly MessageFacts Facts = new()
    {
        ReleaseId = "user-authentication-jwt",
        Title = "User Authentication",
        Version = "1.0.0",
        Checkpoint = Checkpoint.Approval,
        Headline = "Approval needed: start",
        Details = "5 of 5 gates passed",
        Percentage = 0,
        At = SampleDossiers.At,
        Url = "https://slipway.example/approvals/token",
        Command = "slipway approve token",
    };

    private static readonly RehearsalRow Broken = new()
    {
        Scenario = "flags-down-at-rollback",
        Stage = 1,
        Outcomes = new Dictionary<string, int> { ["rolled_back"] = 2, ["completed"] = 1 },
        MinutesToDetect = 12.5,
        RequestsHarmed = 1204,
        PeakExposure = 5,
        MinutesToSafe = 7.5,
        Kept = false,
        Remark = "nobody had the new version any more only 7.5 minutes after the decision to go back, not within 5",
    };

    private readonly MessageComposer _composer = new();

    [Fact]
    public void The_text_part_has_the_matrix_the_power_and_their_page_behind_the_link_to_decide()
    {
        var mail = _composer.Mail(Facts, "Ada", Evidence([Broken, Kept("error-x5"), new RehearsalRow { Scenario = "one-region", Remark = "the plan has one region" }]));

        var from = 0;
        foreach (var said in new[]
        {
            "Decide here: https://slipway.example/approvals/token", "Rehearsal of the way back\n-------------------------\n", "As stated by whoever started the release",
            "SCENARIO                OUTCOME                     DETECTED  SAFE     KEPT\n",
            "flags-down-at-rollback  2 rolled back, 1 completed  12.5 min  7.5 min  NO\n",
            "error-x5                3 rolled back               4.5 min   1.2 min  yes\n",
            "flags-down-at-rollback: BROKEN: nobody had the new version", "1 scenario does not apply to this plan.",
            "How small a regression each stage finds\n", "STAGE                   METRIC       80 %   95 %   DOUBLING\n", "10 % in prod for 4h     error_rate   1.75x  1.95x  in 86 min",
            "All of it: https://slipway.example/releases/user-authentication-jwt/rehearsal\n", "\n-- \nSent by Slipway.",
        })
        {
            var found = mail.Text.IndexOf(said, from, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{said}' does not follow in:\n{mail.Text}");
            from = found;
        }

        Assert.All(mail.Text.Split('\n').SkipWhile(line => !line.StartsWith("Rehearsal of", StringComparison.Ordinal)).Where(line => !line.Contains("https://", StringComparison.Ordinal)), line => Assert.True(line.Length <= 78, line));
    }

    [Fact]
    public void The_html_part_has_the_same_cells_behind_the_button()
    {
        var html = _composer.Mail(Facts, "Ada", Evidence([Broken])).Html;

        foreach (var cell in new[] { ">flags-down-at-rollback</th>", ">2 rolled back, 1 completed</td>", ">12.5 min</td>", ">7.5 min</td>", ">NO</td>", ">10 % in prod for 4h</th>" })
            Assert.Contains(cell, html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("Approve or reject", StringComparison.Ordinal) < html.IndexOf("Rehearsal of the way back", StringComparison.Ordinal));
        Assert.Contains("href=\"https://slipway.example/releases/user-authentication-jwt/rehearsal\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_rehearsal_it_says_so_and_has_the_power_all_the_same()
    {
        var text = _composer.Mail(Facts, "Ada", Evidence(null)).Text;

        Assert.Contains("\nThe rollback plan is not rehearsed: no rehearsal came with the start.\n", text, StringComparison.Ordinal);
        Assert.Contains("Before a start, slipway rehearse release.yaml makes one.", text, StringComparison.Ordinal);
        Assert.Contains("50 % in staging for 2h", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SCENARIO", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_rehearsal_that_is_taken_is_cut_with_the_broken_ones_first()
    {
        var rows = Enumerable.Range(1, 63).Select(number => Kept($"{new string('s', 55)}{number}")).Append(Broken with { Remark = new string('r', 160) });
        var mail = _composer.Mail(Facts, "Ada", Evidence([.. rows]));

        Assert.Contains("2 rolled back, 1 completed", mail.Text, StringComparison.Ordinal);
        Assert.Contains("32 more scenarios are not shown here.", mail.Text, StringComparison.Ordinal);
        Assert.InRange(mail.Text.Length, 2_000, 8_000);
        Assert.InRange(mail.Html.Length, 8_000, 40_000);
    }

    [Theory]
    [MemberData(nameof(AdversarialTextTests.Texts), MemberType = typeof(AdversarialTextTests))]
    public void Whatever_a_row_says_is_text(string text)
    {
        var mail = _composer.Mail(Facts, "Ada", Evidence([Broken with { Scenario = text, Remark = text }]));

        foreach (var markup in new[] { "<script", "<img", "<b>", "</release_planning>" }) Assert.DoesNotContain(markup, mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202E', mail.Text + mail.Html);
        Assert.DoesNotContain("\n## heading", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_that_asks_nothing_has_none_of_it() => Assert.DoesNotContain("Rehearsal", _composer.Mail(Facts, "Ada").Text, StringComparison.Ordinal);

    private static RehearsalRow Kept(string name) => Broken with { Scenario = name, Outcomes = new Dictionary<string, int> { ["rolled_back"] = 3 }, MinutesToDetect = 4.5, MinutesToSafe = 1.2, Kept = true, Remark = "" };

    private static StartEvidence Evidence(IReadOnlyList<RehearsalRow>? rows)
    {
        var dossier = SampleDossiers.Of("authentication");
        var fit = rows?.Count(row => row.Kept is not null) ?? 0;
        var proof = rows is null ? null : new RehearsalProof("0123456789abcdef", SampleDossiers.At, 12.5, "aa", rows.All(row => row.Kept != false), true, fit) { Rows = rows };
        return StartEvidence.Of(dossier.Plan, proof, "The rollback plan is not rehearsed: no rehearsal came with the start", "dana@example.com") with
        {
            Page = "https://slipway.example/releases/user-authentication-jwt/rehearsal",
        };
    }
}
