using Microsoft.Playwright;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Browser.Tests;

/// <summary>What the script adds, and what works without it.</summary>
public sealed class LivePageTests(Chromium chromium)
{
    [BrowserFact]
    public async Task A_change_shows_by_itself_is_announced_once_and_keeps_the_focus()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");
        await page.Locator("[data-key=pause]").FocusAsync();
        await page.EvaluateAsync("""
            () => { window.said = []; new MutationObserver(() => window.said.push(document.getElementById('announcer').textContent)).observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true }); }
            """);

        await host.World.AppendAsync(release, new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Held, 1, "telemetry is blind", null, ""));

        await Assertions.Expect(page.Locator("#head .badge")).ToContainTextAsync("paused");
        await Assertions.Expect(page.Locator("#why .sentence")).ToContainTextAsync("telemetry is blind");
        Assert.Equal(["paused, 25 % of users"], await page.EvaluateAsync<string[]>("window.said"));
        Assert.Equal(1, await page.Locator("#commands a[data-key=resume]").CountAsync());
    }

    [BrowserFact]
    public async Task The_focus_stays_where_it_was_when_its_part_is_exchanged()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");
        await page.Locator("[data-key=rollback]").FocusAsync();

        await host.World.AppendAsync(release, new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Held, 1, "telemetry is blind", null, ""));
        await Assertions.Expect(page.Locator("#head .badge")).ToContainTextAsync("paused");

        Assert.Equal("rollback", await page.EvaluateAsync<string?>("document.activeElement.dataset.key"));
    }

    [BrowserFact]
    public async Task Updates_can_be_paused_and_go_on()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");
        var pause = page.Locator("[data-pause]");
        await pause.ClickAsync();
        await Assertions.Expect(pause).ToHaveAttributeAsync("aria-pressed", "true");

        await host.World.AppendAsync(release, new PhaseEntered(ReleasePhase.Paused, ReleaseTrigger.Held, 1, "telemetry is blind", null, ""));
        // Two rounds of asking pass, and nothing is exchanged.
        await page.EvaluateAsync("() => new Promise(done => { let rounds = 0; const ask = window.fetch; window.fetch = (...all) => { if (++rounds === 2) done(); return ask(...all); }; })");
        await Assertions.Expect(page.Locator("#head .badge")).Not.ToContainTextAsync("paused");

        await pause.ClickAsync();
        await Assertions.Expect(page.Locator("#head .badge")).ToContainTextAsync("paused");
    }

    [BrowserFact]
    public async Task A_lost_connection_shows_within_five_seconds_turns_commands_off_and_passes()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");
        await Assertions.Expect(page.Locator("#offline")).ToBeHiddenAsync();

        // What the page says first, by its own clock: how long it takes to be asked about it does not count.
        await page.EvaluateAsync("""
            () => { const line = document.getElementById('offline'); new MutationObserver(() => window.first ??= line.textContent).observe(line, { childList: true, characterData: true, subtree: true }); }
            """);

        await host.StopAsync();
        await Assertions.Expect(page.Locator("#offline")).ToContainTextAsync("No connection to Slipway", new LocatorAssertionsToContainTextOptions { Timeout = 20_000 });
        Assert.InRange(await page.EvaluateAsync<int>("parseInt(window.first.match(/for (\\d+) s/)[1])"), 1, 5);
        await Assertions.Expect(page.Locator("[data-key=rollback]")).ToHaveAttributeAsync("aria-disabled", "true");
        await page.Locator("[data-key=rollback]").ClickAsync(new LocatorClickOptions { Force = true });
        Assert.EndsWith($"/releases/{release}", page.Url, StringComparison.Ordinal);
        await Chromium.CheckAccessibilityAsync(page, "the page without a connection");

        await host.StartAgainAsync();
        await Assertions.Expect(page.Locator("#offline")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("[data-key=rollback]")).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    [BrowserFact]
    public async Task Without_a_script_everything_is_there_and_a_rollback_is_given()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync(script: false));

        await page.Locator("a.name").ClickAsync();
        await Assertions.Expect(page.Locator("#needs .sentence")).ToBeVisibleAsync();
        Assert.Equal(0, await page.Locator(".needs-script:visible").CountAsync());
        await page.Locator("[data-key=rollback]").ClickAsync();
        await page.GetByLabel("Why, for the ledger").FillAsync("errors");
        await page.GetByLabel("To confirm").FillAsync(release.Value);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Roll back" }).ClickAsync();

        await Assertions.Expect(page.Locator("#answered")).ToContainTextAsync("rollback asked by otto");
        Assert.Contains(await host.World.Ledger.ReadAsync(release, 0, CancellationToken.None), entry => entry.Read() is CommandReceived { Command: { Kind: ReleaseCommandKind.RollBack, Reason: "errors" } });
    }

    [BrowserFact]
    public async Task By_keyboard_alone_a_rollback_is_given_with_its_release_typed()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");

        await TabToAsync(page, "[data-key=rollback]");
        Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await EnterAsync(page, "[data-key=rollback]", "**/commands/rollback");
        await TabToAsync(page, "#reason");
        await page.Keyboard.TypeAsync("errors");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(release.Value);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("#answered")).ToContainTextAsync("rollback asked by otto");
    }

    [BrowserFact]
    public async Task A_wrong_confirmation_says_so_beside_the_field()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}/commands/rollback");

        await page.GetByLabel("To confirm").FillAsync("yes");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Roll back" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasText = "Nothing was done" })).ToBeVisibleAsync();
        await Chromium.CheckAccessibilityAsync(page, "the confirmation with a problem");
        Assert.DoesNotContain(await host.World.Ledger.ReadAsync(release, 0, CancellationToken.None), entry => entry.Read() is CommandReceived);
    }

    [BrowserFact]
    public async Task Times_are_shown_in_the_readers_zone_when_that_is_asked_for()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["rolled_back"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.GotoAsync($"{host.Url}/releases/{release}");
        var first = page.Locator("time.moment").First;
        var moment = await first.GetAttributeAsync("datetime");
        Assert.EndsWith(" UTC", await first.TextContentAsync(), StringComparison.Ordinal);

        await page.Locator("[data-zone-switch]").ClickAsync();

        var text = await first.TextContentAsync();
        Assert.DoesNotContain("UTC", text, StringComparison.Ordinal);
        var hour = DateTimeOffset.Parse(moment!, System.Globalization.CultureInfo.InvariantCulture).AddHours(1).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(hour, text, StringComparison.Ordinal);
        await page.ReloadAsync();
        Assert.Equal(text, await page.Locator("time.moment").First.TextContentAsync());
    }

    [BrowserFact]
    public async Task A_command_line_is_copied()
    {
        await using var host = await PageHost.StartAsync();
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync($"{host.Url}/releases/{release}");

        await page.Locator("#commands details summary").First.ClickAsync();
        await page.Locator("[data-copy=eq-rollback-cli]").ClickAsync();

        await Assertions.Expect(page.Locator("[data-copy=eq-rollback-cli]")).ToContainTextAsync("Copied");
        Assert.Equal($"slipway rollback {release} --reason \"why\"", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [BrowserFact]
    public async Task A_viewer_has_no_button_to_press()
    {
        await using var host = await PageHost.StartAsync(ApiWorld.ViewerToken);
        var release = await host.World.LoadAsync(SampleLedgers.All["running"]);
        var page = await host.SignInAsync(await chromium.OpenAsync());

        await page.GotoAsync($"{host.Url}/releases/{release}");

        Assert.Equal(0, await page.Locator("#commands a.button").CountAsync());
        await Chromium.CheckAccessibilityAsync(page, "the page of a viewer");
    }

    /// <summary>Follows the focused link by the keyboard. A page whose server did not answer for four seconds, as happens on a busy machine, takes no
    /// command until it does: then the key is pressed again, as a person would.</summary>
    private static async Task EnterAsync(IPage page, string selector, string url)
    {
        for (var attempt = 1; ; attempt++)
        {
            await Assertions.Expect(page.Locator($"{selector}:not([aria-disabled])")).ToBeFocusedAsync(new LocatorAssertionsToBeFocusedOptions { Timeout = 30_000 });
            await page.Keyboard.PressAsync("Enter");
            try
            {
                await page.WaitForURLAsync(url, new PageWaitForURLOptions { Timeout = 5000 });
                return;
            }
            catch (TimeoutException) when (attempt < 5)
            {
            }
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
