using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Analysis;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Reporting;

namespace Slipway.Web.Tests.Pages;

public sealed class ReleasePageTests
{
    private readonly ApiWorld _world = new();

    public static TheoryData<string> Samples => [.. SampleLedgers.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_state_has_a_page_with_the_words_of_its_summary(string sample)
    {
        var release = await _world.LoadAsync(SampleLedgers.All[sample]);
        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}");
        var summary = ReleaseSummaries.Of(ReleaseState.Fold(SampleLedgers.All[sample]));

        Assert.Equal(200, page.Status);
        Assert.Contains(Squeezed(summary.Why), page.Text, StringComparison.Ordinal);
        Assert.Contains(summary.Title, page.Document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(summary.Stages, page.Document.QuerySelectorAll(".track .step").Length);
        Checked(page);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_moment_of_the_past_has_a_page_without_commands(string sample)
    {
        var entries = SampleLedgers.All[sample];
        var release = await _world.LoadAsync(entries);
        var browser = await new Browser(_world).SignInAsync();
        for (var at = 1; at <= entries.Count; at++)
        {
            var page = await browser.GetAsync($"/releases/{release}?at={at}");
            var then = ReleaseState.Fold(entries.Take(at));

            Assert.Equal(200, page.Status);
            Assert.StartsWith("Historical:", page.Document.QuerySelector("[role=note]")!.TextContent, StringComparison.Ordinal);
            Assert.Contains(Squeezed(ReleaseSummaries.Of(then).Why), page.Text, StringComparison.Ordinal);
            Assert.Null(page.Document.QuerySelector("#commands"));
            Assert.Null(page.Document.Body!.GetAttribute("data-live"));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("100000")]
    [InlineData("x")]
    public async Task A_moment_that_never_was_says_which_there_are(string at)
    {
        var release = await _world.LoadAsync(SampleLedgers.All["running"]);

        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}?at={at}");

        Assert.Equal(400, page.Status);
        Assert.Contains($"1 to {SampleLedgers.All["running"].Count}", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_far_telemetry_is_complete_stands_beside_the_reason_then_and_now()
    {
        var entries = JudgedLedger.Altered(JudgedLedger.Of(canaryErrors: 4, minutes: 3), interval => interval with { Telemetry = new IngestionWatermark(interval.JudgedUntil.AddMinutes(-4)) });
        var release = await _world.LoadAsync(entries);
        var browser = await new Browser(_world).SignInAsync();
        var state = ReleaseState.Fold(entries);

        var now = await browser.GetAsync($"/releases/{release}");
        Assert.StartsWith($"telemetry complete to {state.Telemetry!.Newest.UtcDateTime:HH:mm:ss}Z, ", now.Document.QuerySelector("#why #telemetry")!.TextContent, StringComparison.Ordinal);
        var then = await browser.GetAsync($"/releases/{release}?at={entries.Count - 1}");
        var before = ReleaseState.Fold(entries.Take(entries.Count - 1));
        Assert.Equal(before.Telemetry!.Sentence(before.UpdatedAt), then.Document.QuerySelector("#why #telemetry")!.TextContent);
        var first = entries.First(entry => entry.Read() is IntervalJudged);
        Assert.Contains($"; {((IntervalJudged)first.Read()).Telemetry!.Sentence(first.At)}", then.Document.QuerySelector(".ledger")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chart_and_its_table_hold_the_same_numbers()
    {
        var release = await _world.LoadAsync(JudgedLedger.Of(canaryErrors: 60));

        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}");

        var chart = page.Document.QuerySelector("#chart svg")!;
        Assert.NotEmpty(chart.QuerySelector(".canary")!.GetAttribute("d")!);
        Assert.NotEmpty(chart.QuerySelector(".control")!.GetAttribute("d")!);
        Assert.NotEmpty(chart.QuerySelector(".band")!.GetAttribute("d")!);
        var row = page.Document.QuerySelector("#chart figure table tbody tr")!.QuerySelectorAll("td").Select(cell => cell.TextContent).ToList();
        Assert.Equal("6 %", row[0]);
        Assert.Equal("1,000", row[2]);
        Assert.Equal("0.4 %", row[3]);
        Assert.Equal("19,000", row[4]);
        Assert.Contains("new version 6 %", chart.ParentElement!.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);

        var latency = await new Browser(_world) { Cookie = null }.SignInAsync();
        Assert.Contains("ms", (await latency.GetAsync($"/releases/{release}?metric=latency_p95")).Document.QuerySelector("#chart figcaption")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_little_data_says_how_much_there_is_instead_of_an_empty_box()
    {
        var release = await _world.LoadAsync(JudgedLedger.Of(canaryErrors: 4, minutes: 1));

        var page = await (await new Browser(_world).SignInAsync()).GetAsync($"/releases/{release}");

        Assert.Null(page.Document.QuerySelector("#chart svg"));
        Assert.Contains("Not enough data yet: 1,000 requests", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("'-alert(1)-'")]
    [InlineData("{{7*7}} @(1+1) </title></main>")]
    public async Task Text_from_a_request_is_text(string hostile)
    {
        var started = SampleRequests.Created();
        var request = started.Request with { Release = started.Request.Release with { Title = hostile, Version = hostile, RequestedBy = hostile } };
        var script = new LedgerScript(SampleRequests.Start)
            .Add(started with { Request = request, Warnings = [hostile] }, hostile)
            .Add(new PhaseEntered(ReleasePhase.Preflight, ReleaseTrigger.Begin, -1, hostile, null, hostile))
            .Add(new AlertRaised(hostile, AlertSeverity.Critical, hostile, hostile))
            .Add(new CommandReceived(new ReleaseCommand("c-1", ReleaseCommandKind.Pause, hostile, hostile)), hostile);
        var release = await _world.LoadAsync(script.Entries);
        var browser = await new Browser(_world).SignInAsync();

        foreach (var path in new[] { "/", $"/?q={Uri.EscapeDataString(hostile)}", $"/releases/{release}", $"/releases/{release}?done=c-1", $"/releases/{release}/commands/abort", $"/releases/{release}?metric={Uri.EscapeDataString(hostile)}" })
        {
            var page = await browser.GetAsync(path);
            Assert.Equal(200, page.Status);
            Checked(page);
        }
    }

    [Fact]
    public async Task An_unknown_release_is_a_page_that_says_what_to_do()
    {
        var page = await (await new Browser(_world).SignInAsync()).GetAsync("/releases/nothing");

        Assert.Equal(404, page.Status);
        Assert.Contains("There is no release 'nothing'", page.Text, StringComparison.Ordinal);
        Checked(page);
    }

    /// <summary>What holds for every page: one script and one style of this server, nothing inline, ids once, every time with its zone.</summary>
    internal static void Checked(PageAnswer page)
    {
        var document = page.Document;
        var policy = page.Answer.Headers.ContentSecurityPolicy.ToString();
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        // The one style stands in the page, so that nothing else is loaded before it is painted; the policy names its hash and so allows no other.
        var style = Assert.Single(document.QuerySelectorAll("style")).TextContent;
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(document.QuerySelectorAll("link"), link => link.GetAttribute("rel") != "icon");
        Assert.All(document.Scripts, script => Assert.True(script.IsDeferred));
        Assert.StartsWith("/assets/", Assert.Single(document.Scripts).Source, StringComparison.Ordinal);
        Assert.All(document.QuerySelectorAll("link"), link => Assert.StartsWith("/assets/", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Empty(document.QuerySelectorAll("[style], img, object, embed, base"));
        Assert.DoesNotContain(document.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)));
        var ids = document.QuerySelectorAll("[id]").Select(element => element.Id).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(document.QuerySelectorAll("time"), time => Assert.EndsWith(" UTC", time.TextContent, StringComparison.Ordinal));
        Assert.Equal("en", document.DocumentElement.GetAttribute("lang"));
        Assert.Single(document.QuerySelectorAll("h1"));
        Assert.All(document.QuerySelectorAll("main input:not([type=hidden]), main textarea, main select"), input =>
            Assert.True(input.Closest("label") is not null || document.QuerySelector($"label[for='{input.Id}']") is not null, input.OuterHtml));
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
