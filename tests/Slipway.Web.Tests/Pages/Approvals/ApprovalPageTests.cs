using System.Net;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Pages.Approvals;

/// <summary>Approval links in a browser that can still decide.</summary>
public sealed class ApprovalPageTests
{
    [Fact]
    public async Task The_page_says_what_is_asked_with_evidence_and_consequences_before_the_form()
    {
        var world = await AskedWorld.CreateAsync();
        var answer = await world.OpenAsync($"/approvals/{world.Token()}");

        Assert.True(answer.Status == 200, answer.Body);
        Assert.StartsWith("text/html", answer.Headers.ContentType.ToString(), StringComparison.Ordinal);
        var text = WebUtility.HtmlDecode(answer.Body);
        InOrder(
            text, "Streaming search indexer 2.4.0: start at 5 %?", "Where", "Asked for by", "What changes", "Evidence", "error rate 0.4 % over 18,240 requests",
            "What would it take to promote now", "Rehearsal and power", "The rollback plan is not rehearsed", "How small a regression", $"/releases/{world.Release}/rehearsal", "If you approve", "5 % of users get the new version next", "If you reject", "stops before anybody has the new version",
            "whoever holds this mail decides as ada@example.com", "Comment", "type the environment's name: <code>prod</code>", "Approve</button>", "Reject</button>",
            "The link ends", "2026-12-01 13:00:00 UTC", "slipway approve");
        Assert.Contains("data-both=\"true\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(("no-store", "no-referrer", "DENY"), (answer.Headers.CacheControl.ToString(), answer.Headers["Referrer-Policy"].ToString(), answer.Headers.XFrameOptions.ToString()));
        Assert.DoesNotContain("<script>", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_json_from_the_same_address()
    {
        var world = await AskedWorld.CreateAsync();
        var answer = await world.Api.SendAsync("GET", $"/approvals/{world.Token()}", token: null);

        Assert.Equal(("link", "open"), (answer.Json.GetProperty("identity").GetString(), answer.Json.GetProperty("door").GetString()));
    }

    [Theory]
    [InlineData("approve", ApprovalChoice.Approve, "Recorded: approved")]
    [InlineData("reject", ApprovalChoice.Reject, "Recorded: rejected")]
    public async Task A_decision_is_recorded_once_and_leads_to_a_receipt_with_its_permalink(string decision, ApprovalChoice choice, string heading)
    {
        var world = await AskedWorld.CreateAsync();
        var token = world.Token();

        var sent = await world.SendAsync(token, decision, comment: "fine\nso far");
        var again = await world.SendAsync(token, decision);

        Assert.Equal((303, 303), (sent.Status, again.Status));
        Assert.Equal(sent.Headers.Location.ToString(), again.Headers.Location.ToString());
        var recorded = Assert.Single(await world.DecisionsAsync());
        Assert.Equal((AskedWorld.Ada, choice, "fine so far", ApproverIdentity.Link), (recorded.Approver, recorded.Choice, recorded.Comment, recorded.Identity));
        var receipt = await world.OpenAsync(sent.Headers.Location.ToString());
        var text = WebUtility.HtmlDecode(receipt.Body);
        Assert.Equal(200, receipt.Status);
        InOrder(text, heading, "On its way", "by the mail link", "fine so far", $"http://localhost:5180/releases/{world.Release}?at=4");
        Assert.Contains($"href=\"/releases/{world.Release}?at=4\"", receipt.Body, StringComparison.Ordinal);

        await world.AppendAsync(new CommandApplied(recorded.Id, "approved: 1 of 1"));
        Assert.Contains("approved: 1 of 1", (await world.OpenAsync(sent.Headers.Location.ToString())).Body, StringComparison.Ordinal);
        var then = await world.OpenAsync($"/releases/{world.Release}?at=4", await world.SignInAsync(ApiWorld.AdaKey));
        Assert.Contains($"ada@example.com {(choice == ApprovalChoice.Approve ? "approves" : "rejects")} start:release-managers, known by the mail link alone: fine so far", WebUtility.HtmlDecode(then.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", "", "type prod")]
    [InlineData("approve", "yes", "type prod")]
    [InlineData("", "prod", "Choose one of the two buttons")]
    [InlineData("perhaps", "prod", "Choose one of the two buttons")]
    public async Task A_form_without_its_word_or_a_choice_records_nothing_and_keeps_what_was_written(string decision, string confirm, string said)
    {
        var world = await AskedWorld.CreateAsync();
        var answer = await world.SendAsync(world.Token(), decision, confirm, "my reasons");

        Assert.Equal(400, answer.Status);
        Assert.Contains(said, WebUtility.HtmlDecode(answer.Body), StringComparison.Ordinal);
        Assert.Contains("my reasons", answer.Body, StringComparison.Ordinal);
        Assert.Empty(await world.DecisionsAsync());
    }

    [Fact]
    public async Task A_form_without_this_pages_token_records_nothing()
    {
        var world = await AskedWorld.CreateAsync();
        var (ada, lee) = (world.Token(), world.Token(AskedWorld.Lee));
        var forms = world.Api.Pages.Forms;

        foreach (var foreign in new[] { "", "x.y", forms.Make("approval", lee), forms.Make("sign-in", ada) })
        {
            var answer = await world.SendAsync(ada, "approve", formToken: foreign);
            Assert.Equal(400, answer.Status);
            Assert.Contains("did not come from this page", answer.Body, StringComparison.Ordinal);
        }

        var old = forms.Make("approval", ada);
        await Task.Delay(TimeSpan.FromHours(2), world.Api.Time, TestContext.Current.CancellationToken);
        Assert.Equal(400, (await world.SendAsync(ada, "approve", formToken: old)).Status);
        Assert.Empty(await world.DecisionsAsync());
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task A_form_of_another_site_is_refused(string site)
    {
        var world = await AskedWorld.CreateAsync();
        var answer = await world.SendAsync(world.Token(), "approve", site: site);

        Assert.Equal(403, answer.Status);
        Assert.Contains("Sent from another site", answer.Body, StringComparison.Ordinal);
        Assert.Empty(await world.DecisionsAsync());
    }

    [Fact]
    public async Task With_high_risk_the_link_alone_shows_and_only_its_signed_in_approver_decides()
    {
        var world = await AskedWorld.CreateAsync("high");
        var token = world.Token();

        var shown = await world.OpenAsync($"/approvals/{token}");
        Assert.Equal(200, shown.Status);
        Assert.Contains("Sign in to decide", shown.Body, StringComparison.Ordinal);
        Assert.Contains($"/sign-in?return={Uri.EscapeDataString($"/approvals/{token}")}", WebUtility.HtmlDecode(shown.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"approve\"", shown.Body, StringComparison.Ordinal);
        Assert.Equal(400, (await world.SendAsync(token, "approve")).Status);

        var lee = await world.SignInAsync(ApiWorld.LeeKey);
        Assert.Equal(403, (await world.OpenAsync($"/approvals/{token}", lee)).Status);
        Assert.Equal(403, (await world.SendAsync(token, "approve", cookie: lee)).Status);
        var otto = await world.SignInAsync(ApiWorld.OperatorToken);
        Assert.Equal(403, (await world.SendAsync(token, "approve", cookie: otto)).Status);
        Assert.Empty(await world.DecisionsAsync());

        var ada = await world.SignInAsync(ApiWorld.AdaKey);
        Assert.Contains("signed in as ada@example.com", WebUtility.HtmlDecode((await world.OpenAsync($"/approvals/{token}", ada)).Body), StringComparison.Ordinal);
        Assert.Equal(400, (await world.SendAsync(token, "approve", cookie: ada, formToken: world.Api.Pages.Forms.Make("approval", token))).Status);
        var sent = await world.SendAsync(token, "approve", cookie: ada);
        Assert.Equal(303, sent.Status);
        Assert.Equal(ApproverIdentity.SignIn, Assert.Single(await world.DecisionsAsync()).Identity);
        Assert.Contains("after a sign-in", (await world.OpenAsync(sent.Headers.Location.ToString(), ada)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_holds_as_long_as_its_key_is_known_by_its_id()
    {
        ApprovalKey Key(string id, byte fill) => new(id, [.. Enumerable.Repeat(fill, 32)]);
        var (old, fresh) = (Key("2026-08", 1), Key("2026-11", 2));
        var link = async (ApprovalKeys server, ApprovalKeys signedBy) =>
        {
            var world = await AskedWorld.CreateAsync(keys: server);
            return (await world.OpenAsync($"/approvals/{world.Token(keys: signedBy)}")).Status;
        };

        Assert.Equal(200, await link(new([fresh, old]), new([old])));
        Assert.Equal(200, await link(new([fresh, old]), new([fresh])));
        Assert.Equal(200, await link(new([old, fresh]), new([fresh])));
        Assert.Equal(403, await link(new([fresh]), new([old])));
        Assert.Equal(403, await link(new([fresh, old]), new([Key("2026-08", 2)])));
        Assert.Equal(403, await link(new([fresh, old]), new([Key("2026-05", 1)])));
    }

    [Fact]
    public async Task What_people_wrote_is_text_and_nothing_else()
    {
        var world = await AskedWorld.CreateAsync(evidence: "<img src=x onerror=alert(1)>");
        var body = (await world.OpenAsync($"/approvals/{world.Token()}")).Body;
        await world.SendAsync(world.Token(), "reject", comment: "<script>alert(2)</script>");
        var receipt = (await world.OpenAsync($"/approvals/{world.Token()}?decision={(await world.DecisionsAsync())[0].Id}")).Body;

        Assert.DoesNotContain("<img", body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", receipt, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_consequence_of_a_rejection_names_who_goes_back()
    {
        var world = await AskedWorld.CreateAsync();
        var flag = ((ReleaseCreated)(await world.Api.Ledger.ReadAsync(world.Release, 0, TestContext.Current.CancellationToken))[0].Read()).Plan.Flags[0].Key.ToString();
        await world.AppendAsync(new EffectFinished(
            "f1", EffectKind.Flag, flag, EffectOutcome.Done, "read back 5 %", new FlagState(flag, "{}", "e1", true, new Percentage(5), [], [], ["Microsoft.Targeting"])));

        Assert.Contains("5 % of users return to how it was before", WebUtility.HtmlDecode((await world.OpenAsync($"/approvals/{world.Token()}")).Body), StringComparison.Ordinal);
    }

    private static void InOrder(string text, params string[] parts)
    {
        var from = 0;
        foreach (var part in parts)
        {
            var found = text.IndexOf(part, from, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{part}' does not follow in:\n{text}");
            from = found + part.Length;
        }
    }
}
