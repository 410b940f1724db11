using Microsoft.Playwright;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Browser.Tests;

/// <summary>Approval links in a browser: decided by keyboard alone, every dead end, nothing by opening.</summary>
public sealed class ApprovalBrowserTests(Chromium chromium)
{
    [BrowserFact]
    public async Task An_approver_decides_by_keyboard_alone()
    {
        var world = await AskedWorld.CreateAsync();
        await using var host = await PageHost.OverAsync(world.Api);
        var page = await chromium.OpenAsync();
        await page.GotoAsync($"{host.Url}/approvals/{world.Token()}");
        await Chromium.CheckAccessibilityAsync(page, "the approval page");
        Assert.Empty(await world.DecisionsAsync());

        await TabToAsync(page, "textarea");
        await page.Keyboard.TypeAsync("looks good");
        await TabToAsync(page, "input[name=confirm]");
        await page.Keyboard.TypeAsync("prod");
        await TabToAsync(page, "button[value=approve]");
        await page.Keyboard.PressAsync("Space");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("Recorded: approved");
        var decision = Assert.Single(await world.DecisionsAsync());
        Assert.Equal((AskedWorld.Ada, ApprovalChoice.Approve, "looks good"), (decision.Approver, decision.Choice, decision.Comment));
        await Chromium.CheckAccessibilityAsync(page, "the receipt");
    }

    [BrowserFact]
    public async Task Enter_in_the_confirmation_decides_nothing()
    {
        var world = await AskedWorld.CreateAsync();
        await using var host = await PageHost.OverAsync(world.Api);
        var page = await chromium.OpenAsync();
        await page.GotoAsync($"{host.Url}/approvals/{world.Token()}");

        await page.Locator("input[name=confirm]").FillAsync("prod");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForLoadStateAsync();

        Assert.Empty(await world.DecisionsAsync());
    }

    [BrowserTheory]
    [InlineData("open", "start at 5 %?")]
    [InlineData("expired", "expired")]
    [InlineData("used", "already")]
    [InlineData("superseded", "older evidence")]
    [InlineData("not-you", "")]
    [InlineData("forged", "")]
    [InlineData("malformed", "")]
    public async Task Every_page_of_a_link_has_no_violation_in_either_theme_and_fits_320_px(string state, string heading)
    {
        var world = await AskedWorld.CreateAsync();
        await using var host = await PageHost.OverAsync(world.Api);
        var token = await TokenAsync(world, state);
        var page = await chromium.OpenAsync();
        await page.GotoAsync($"{host.Url}/approvals/{token}");
        Assert.Contains(heading, await page.Locator("h1").TextContentAsync(), StringComparison.OrdinalIgnoreCase);
        await Chromium.CheckAccessibilityAsync(page, $"{state}, light");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await Chromium.CheckAccessibilityAsync(page, $"{state}, dark");
        await page.SetViewportSizeAsync(320, 640);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{state} at 320 px");
        await page.Context.CloseAsync();
    }

    [BrowserFact]
    public async Task Mails_are_shown_in_frames_that_can_do_nothing()
    {
        var world = await AskedWorld.CreateAsync();
        await using var host = await PageHost.OverAsync(world.Api);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        var refused = new List<string>();
        page.Console += (_, message) => refused.Add(message.Text);

        // Nothing can be asked inside such a frame, not even by the debugger, since no script runs there; but it loads what it was told to.
        var part = await page.RunAndWaitForResponseAsync(
            async () =>
            {
                await page.GotoAsync($"{host.Url}/releases/{world.Release}/mails");
                await page.EvaluateAsync("document.querySelectorAll('details').forEach(node => node.open = true)");
            },
            response => response.Url.Contains($"/releases/{world.Release}/mails/", StringComparison.Ordinal));

        Assert.Equal(200, part.Status);
        Assert.Equal("", await page.Locator("iframe").First.GetAttributeAsync("sandbox"));
        Assert.DoesNotContain(refused, text => text.Contains("Refused to", StringComparison.Ordinal));
        await Chromium.CheckAccessibilityAsync(page, "the mails");
    }

    private static async Task<string> TokenAsync(AskedWorld world, string state)
    {
        switch (state)
        {
            case "expired":
                return world.Token(expires: ApiWorld.Start.AddMinutes(-1));
            case "used":
                var token = world.Token();
                await world.SendAsync(token, "approve");
                await world.AppendAsync(new CommandApplied((await world.DecisionsAsync())[0].Id, "approved: 1 of 1"), new ApprovalEnded(world.Gate.Id, ApprovalOutcome.Approved, "approved by ada@example.com"));
                return world.Token(AskedWorld.Lee);
            case "superseded":
                return world.Token(evidence: "e0");
            case "not-you":
                return world.Token("mallory@example.com");
            case "forged":
                return world.Token(keys: new ApprovalKeys([new ApprovalKey("k1", [.. Enumerable.Repeat((byte)7, 32)])]));
            case "malformed":
                return "cut-off";
            default:
                return world.Token();
        }
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>($"document.activeElement.matches('{selector}')")) return;
        }

        Assert.Fail($"{selector} is not reached with the tab key.");
    }
}
