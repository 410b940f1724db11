using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Slipway.Cli.Client;
using Slipway.Cli.Hosting;
using Slipway.Cli.Tests;
using Slipway.Cli.Tests.Hosting;

namespace Slipway.Browser.Tests;

/// <summary>A real release on a real server: started, watched and rolled back in the browser.</summary>
public sealed class RealReleaseTests(Chromium chromium)
{
    [BrowserFact]
    public async Task A_release_is_started_watched_live_and_rolled_back_in_the_browser()
    {
        var stop = TestContext.Current.CancellationToken;
        using var data = new TemporaryData();
        await File.WriteAllTextAsync(Path.Combine(data.Path, PolicyFile.Name), "calendar_rules: false\n", stop);
        await using var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = data.Path, Port = 0, Logging = builder => builder.SetMinimumLevel(LogLevel.None) }, stop);
        var file = ServerFile.Read(data.Path)!;
        await using var service = await FedService.StartAsync(canaryErrorRate: 0);
        service.Connect(file);
        var page = await SignedInAsync(file, stop);
        var api = page.Context.APIRequest;
        var made = await api.PostAsync($"{file.Url}/flags/{FedService.Flag}", new APIRequestContextOptions { Headers = Bearer(file) });
        Assert.Equal(201, made.Status);
        // The service reads its flag before it reports anything.
        await Deadline.UntilAsync(() => Task.FromResult(service.Fed), "telemetry was taken", stop);

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Start a release" }).ClickAsync();
        await page.GetByLabel("The request").FillAsync(Request);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start the release" }).ClickAsync();
        await page.WaitForURLAsync("**/releases/browser");

        // From preflight to the first stage without anybody asking for the page again.
        await page.EvaluateAsync("window.sameDocument = true");
        await Assertions.Expect(page.Locator("#head .badge")).ToContainTextAsync("baking", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#chart svg")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#needs")).ToContainTextAsync("more of the bake");
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));

        await page.Locator("[data-key=rollback]").ClickAsync();
        await page.GetByLabel("To confirm").FillAsync("browser");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Roll back" }).ClickAsync();

        await Assertions.Expect(page.Locator("#head .badge")).ToContainTextAsync("rolled back", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#head")).ToContainTextAsync("0 % of users");
        await Assertions.Expect(page.Locator("#retry")).ToBeVisibleAsync();
        await Chromium.CheckAccessibilityAsync(page, "the release that was rolled back");
    }

    private async Task<IPage> SignedInAsync(ServerFile file, CancellationToken stop)
    {
        var page = await chromium.OpenAsync();
        var answer = await page.Context.APIRequest.PostAsync($"{file.Url}/api/sign-in-links", new APIRequestContextOptions { Headers = Bearer(file) });
        stop.ThrowIfCancellationRequested();
        await page.GotoAsync(file.Url + (await answer.JsonAsync())!.Value.GetProperty("path").GetString());
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in as operator" }).ClickAsync();
        return page;
    }

    private static Dictionary<string, string> Bearer(ServerFile file) => new() { ["Authorization"] = $"Bearer {file.OperatorToken}" };

    private const string Request = $$"""
        release: { id: browser, title: A release in the browser, version: 2.0.0, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: {{FedService.Flag}}, kill_switch: true }]
        stages:
          - { percentage: 5, bake: 10m }
          - { percentage: 100, bake: 10m }
        guardrails: { error_rate: { limit: 20% } }
        telemetry: { source: embedded, service: {{FedService.Flag}}, interval: 1s, ingestion_delay: 1s, propagation: 1s }
        communications: { stakeholders: [{ name: Support, email: support@example.com }] }
        """;
}
