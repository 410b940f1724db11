using Microsoft.Playwright;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Browser.Tests;

/// <summary>What a browser needs until it shows something: the page itself and nothing else.</summary>
public sealed class FirstPaintTests(Chromium chromium)
{
    private const int Largest = 100 * 1024;

    [BrowserTheory]
    [InlineData("/")]
    [InlineData("/releases/{id}")]
    [InlineData("/start")]
    public async Task A_page_is_painted_with_its_style_from_one_answer(string path)
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        // Nothing but the page is ever answered.
        await page.RouteAsync("**/*", route => route.Request.ResourceType == "document" ? route.ContinueAsync() : Task.CompletedTask);

        var answer = await page.GotoAsync(host.Url + path.Replace("{id}", release.Value, StringComparison.Ordinal), new PageGotoOptions { WaitUntil = WaitUntilState.Commit });

        // Told by the browser: waiting by asking again would be code made from text, which the page forbids.
        await page.EvaluateAsync("""
            () => new Promise(painted => new PerformanceObserver(list => { if (list.getEntriesByName('first-contentful-paint').length > 0) painted(); })
                .observe({ type: 'paint', buffered: true }))
            """);
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<int>("document.styleSheets.length === 1 ? document.styleSheets[0].cssRules.length : 0") > 50);
        Assert.Equal("flex", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.bar')).display"));
        Assert.InRange((await answer!.BodyAsync()).Length, 1, Largest);
        await page.Context.CloseAsync();
    }
}
