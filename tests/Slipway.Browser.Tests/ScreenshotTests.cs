using Microsoft.Playwright;
using Slipway.Cli.Tests.Hosting;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Browser.Tests;

/// <summary>
/// Takes the pictures beside the README: <c>SLIPWAY_SCREENSHOTS=samples/screenshots dotnet test tests/Slipway.Browser.Tests --filter
/// FullyQualifiedName~ScreenshotTests</c>. Without the variable they go to a temporary folder, so that taking them is tested too.
/// </summary>
public sealed class ScreenshotTests(Chromium chromium)
{
    [BrowserFact]
    public async Task The_pictures_of_the_pages_are_taken()
    {
        using var temporary = new TemporaryData();
        var folder = Environment.GetEnvironmentVariable("SLIPWAY_SCREENSHOTS") is { Length: > 0 } named ? Path.GetFullPath(named, Root()) : temporary.Path;
        Directory.CreateDirectory(folder);

        await using var host = await PageHost.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var running = await host.World.LoadAsync(ShownLedgers.Running(now));
        var paused = await host.World.LoadAsync(ShownLedgers.Paused(now));
        var back = await host.World.LoadAsync(ShownLedgers.RolledBack(now));
        var rehearsed = await host.World.LoadAsync(ShownLedgers.Rehearsed(now));
        var page = await host.SignInAsync(await chromium.OpenAsync());
        await page.SetViewportSizeAsync(1200, 1200);
        await ShootAsync(page, host.Url + "/", folder, "list");
        await ShootAsync(page, $"{host.Url}/releases/{running}", folder, "release-running");
        await ShootAsync(page, $"{host.Url}/releases/{paused}", folder, "release-paused");
        await ShootAsync(page, $"{host.Url}/releases/{back}", folder, "release-rolled-back");
        await ShootAsync(page, $"{host.Url}/releases/{running}/commands/rollback", folder, "rollback");
        await ShootAsync(page, $"{host.Url}/releases/{rehearsed}/rehearsal", folder, "rehearsal");

        var asked = await AskedWorld.CreateAsync();
        await using var approvals = await PageHost.OverAsync(asked.Api);
        await ShootAsync(await chromium.OpenAsync(), $"{approvals.Url}/approvals/{asked.Token()}", folder, "approval");
        // The mail as a mail program shows it: in the pages it stands in a frame in which no script runs, not even a debugger's.
        var reader = await approvals.SignInAsync(await chromium.OpenAsync(width: 680));
        await reader.GotoAsync($"{approvals.Url}/releases/{asked.Release}/mails");
        var mail = await reader.Context.APIRequest.GetAsync(approvals.Url + await reader.Locator("iframe").First.GetAttributeAsync("src"));
        Assert.Equal(200, mail.Status);
        var shown = await chromium.OpenAsync(width: 680);
        await shown.SetContentAsync(await mail.TextAsync());
        await shown.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "mail.png") });

        Assert.Equal(8, Directory.GetFiles(folder, "*.png").Count(file => new FileInfo(file).Length > 5_000));
    }

    private static async Task ShootAsync(IPage page, string address, string folder, string name)
    {
        await page.GotoAsync(address);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled, FullPage = name is "approval" or "list" });
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The repository's root was not found.");
    }
}
