using Microsoft.Playwright;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Browser.Tests;

/// <summary>Every page in every state: no accessibility violation in either theme, no sideways scrolling at 320 px or with text twice as large.</summary>
public sealed class PageStateTests(Chromium chromium)
{
    public static TheoryData<string> Releases => [.. SampleLedgers.All.Keys, "judged"];

    [BrowserTheory]
    [MemberData(nameof(Releases))]
    public async Task A_release_page_has_no_violation_in_either_theme_and_fits(string sample)
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(sample == "judged" ? JudgedLedger.Of(canaryErrors: 40) : SampleLedgers.All[sample]);

        await CheckAsync(host, $"/releases/{release}");
    }

    [BrowserTheory]
    [InlineData("/")]
    [InlineData("/?q=nothing-like-it")]
    [InlineData("/start")]
    [InlineData("/sign-in")]
    [InlineData("/nothing/here")]
    [InlineData("/releases/{id}?at=12")]
    [InlineData("/releases/{id}?metric=latency_p95")]
    [InlineData("/releases/{id}/commands/rollback")]
    [InlineData("/releases/{id}/commands/extend")]
    [InlineData("/releases/{id}/commands/resume")]
    [InlineData("/api/releases/{id}/documents/rollout-plan")]
    public async Task Every_other_page_has_no_violation_in_either_theme_and_fits(string path)
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        await host.World.LoadAsync(JudgedLedger.Of(canaryErrors: 4));

        await CheckAsync(host, path.Replace("{id}", release.Value, StringComparison.Ordinal));
    }

    private async Task CheckAsync(PageHost host, string path)
    {
        foreach (var dark in new[] { false, true })
        {
            var page = await host.SignInAsync(await chromium.OpenAsync(dark: dark));
            await page.GotoAsync(host.Url + path);
            await OpenEverythingAsync(page);
            await Chromium.CheckAccessibilityAsync(page, $"{path}, {(dark ? "dark" : "light")}");
            if (dark)
            {
                await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
                await FitsAsync(page, $"{path} with text twice as large");
                await page.EvaluateAsync("document.documentElement.style.fontSize = ''");
                await page.SetViewportSizeAsync(320, 640);
                await FitsAsync(page, $"{path} at 320 px");
                await Chromium.CheckAccessibilityAsync(page, $"{path} at 320 px");
            }

            await page.Context.CloseAsync();
        }
    }

    private static Task OpenEverythingAsync(IPage page) => page.EvaluateAsync("document.querySelectorAll('details').forEach(node => node.open = true)");

    private static async Task FitsAsync(IPage page, string what)
    {
        var sizes = await page.EvaluateAsync<int[]>("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(sizes[0] <= sizes[1], $"{what}: {sizes[0]} px wide in a window of {sizes[1]} px");
    }
}
