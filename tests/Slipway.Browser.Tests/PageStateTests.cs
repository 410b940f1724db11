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
    [InlineData("/releases/{id}/mails")]
    [InlineData("/releases/{id}/rehearsal")]
    [InlineData("/releases/{rehearsed}/rehearsal")]
    [InlineData("/releases/{ended}/retry")]
    [InlineData("/releases/{ended}/mails")]
    [InlineData("/releases/{asked}")]
    [InlineData("/releases/{asked}/evaluations/e1/confirm")]
    [InlineData("/releases/{asked}/evaluations/e1/dismiss")]
    [InlineData("/api/releases/{id}/documents/rollout-plan")]
    public async Task Every_other_page_has_no_violation_in_either_theme_and_fits(string path)
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var now = TimeProvider.System.GetUtcNow();
        var ended = await host.World.LoadAsync(ShownLedgers.RolledBack(now));
        var asked = await host.World.LoadAsync(ShownLedgers.Asked(now));
        var rehearsed = await host.World.LoadAsync(ShownLedgers.Rehearsed(now));

        await CheckAsync(host, path
            .Replace("{id}", release.Value, StringComparison.Ordinal)
            .Replace("{ended}", ended.Value, StringComparison.Ordinal)
            .Replace("{rehearsed}", rehearsed.Value, StringComparison.Ordinal)
            .Replace("{asked}", asked.Value, StringComparison.Ordinal));
    }

    private async Task CheckAsync(PageHost host, string path)
    {
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync(host.Url + path);
        await OpenEverythingAsync(page);
        await Chromium.CheckAccessibilityAsync(page, $"{path}, light");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await Chromium.CheckAccessibilityAsync(page, $"{path}, dark");

        await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
        await FitsAsync(page, $"{path} with text twice as large");
        await page.EvaluateAsync("document.documentElement.style.fontSize = ''");
        await page.SetViewportSizeAsync(320, 640);
        await FitsAsync(page, $"{path} at 320 px");
        // What scrolls only in a narrow window has to be reached by keyboard there.
        await Chromium.CheckAccessibilityAsync(page, $"{path} at 320 px", "scrollable-region-focusable", "target-size");
        await page.Context.CloseAsync();
    }

    private static Task OpenEverythingAsync(IPage page) => page.EvaluateAsync("document.querySelectorAll('details').forEach(node => node.open = true)");

    private static async Task FitsAsync(IPage page, string what)
    {
        var sizes = await page.EvaluateAsync<int[]>("[document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.True(sizes[0] <= sizes[1], $"{what}: {sizes[0]} px wide in a window of {sizes[1]} px");
    }
}
