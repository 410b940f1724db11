using Deque.AxeCore.Commons;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Slipway.Browser.Tests.Chromium))]

// One page at a time: a starved page rightly believes that its server is gone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Slipway.Browser.Tests;

/// <summary>The system's Chromium, headless, and where there is one the one that has no windows at all; one for all tests. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    public const string WhereToGetOne = "No Chromium was found: install it (Debian: apt-get install chromium-headless-shell, or chromium), or name one in SLIPWAY_CHROMIUM.";

    /// <summary>axe-core, as its own package ships it.</summary>
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static bool IsThere => Executable is not null;

    private static string? Executable { get; } = new[]
    {
        Environment.GetEnvironmentVariable("SLIPWAY_CHROMIUM"), "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    }.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Executable is null) return;
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            // A container's root has no user namespaces for the sandbox; pages are our own.
            Args = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own, with its own cookies.</summary>
    public async Task<IPage> OpenAsync(int width = 1200, bool dark = false, bool script = true, bool reducedMotion = false)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = script,
            ReducedMotion = reducedMotion ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(30_000);
        return await context.NewPageAsync();
    }

    /// <summary>Fails with every accessibility violation that axe-core finds on the page as it is.</summary>
    /// <param name="page">The page.</param>
    /// <param name="what">Which one, for the failure.</param>
    /// <param name="rules">Only these rules; empty: all that axe-core has on by default.</param>
    public static async Task CheckAccessibilityAsync(IPage page, string what, params string[] rules)
    {
        // Evaluated by the debugger, which the page's content security policy does not bind.
        if (!await page.EvaluateAsync<bool>("typeof axe !== 'undefined'")) await page.EvaluateAsync(Axe);
        var found = await page.EvaluateAsync<string[]>("""
            async rules => (await axe.run(document, { iframes: false, resultTypes: ['violations'], ...(rules.length ? { runOnly: { type: 'rule', values: rules } } : {}) })).violations
                .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${violation.help}: ${node.html} (${node.failureSummary})`))
            """, rules).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(found.Length == 0, $"{what}:\n{string.Join('\n', found)}");
    }
}
