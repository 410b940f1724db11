using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class RequestBudgetTests
{
    [Fact]
    public async Task Too_many_changes_are_told_to_wait_and_are_not_carried_out()
    {
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 3 });
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        for (var i = 0; i < 3; i++) Assert.Equal(202, (await CommandAsync(world, release.Value)).Status);
        var count = (await world.Ledger.ReadAsync(release, 0, CancellationToken.None)).Count;

        var refused = await CommandAsync(world, release.Value);

        refused.Problem(429, "too_many_requests");
        Assert.Equal("20", refused.Headers.RetryAfter.ToString());
        Assert.Equal(count, (await world.Ledger.ReadAsync(release, 0, CancellationToken.None)).Count);
        Assert.Equal(200, (await world.SendAsync("GET", $"/api/releases/{release}")).Status);

        world.Time.Leap(TimeSpan.FromSeconds(20));
        Assert.Equal(202, (await CommandAsync(world, release.Value)).Status);
        Assert.Equal(429, (await CommandAsync(world, release.Value)).Status);
    }

    [Fact]
    public async Task A_host_that_makes_a_dispatcher_for_each_call_keeps_its_budgets()
    {
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 1 });
        var budgets = new RequestBudgets(world.Services.Settings, world.Time);

        Assert.NotEqual(429, await FlagAsync());
        Assert.Equal(429, await FlagAsync());

        async Task<int> FlagAsync()
        {
            var context = new DefaultHttpContext();
            context.Request.Method = "POST";
            context.Request.Path = "/flags/x";
            context.Request.Host = new HostString("localhost");
            context.Request.Headers.Authorization = $"Bearer {ApiWorld.OperatorToken}";
            await new ApiDispatcher(world.Services with { Budgets = budgets }, NullLogger<ApiDispatcher>.Instance).HandleAsync(context);
            return context.Response.StatusCode;
        }
    }

    [Fact]
    public async Task Guessing_keys_is_slow()
    {
        var world = new ApiWorld(new ApiSettings { AnonymousChangesPerMinute = 5 });
        var browser = new Browser(world);
        var form = await browser.GetAsync("/sign-in");
        for (var i = 0; i < 5; i++) Assert.Equal(403, (await browser.SubmitAsync(form, ("key", $"guess {i}"))).Status);

        Assert.Equal(429, (await browser.SubmitAsync(form, ("key", "guess"))).Status);
    }

    [Fact]
    public async Task One_caller_does_not_use_up_anothers_budget_and_telemetry_has_none()
    {
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 1, AnonymousChangesPerMinute = 1 });
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        Assert.Equal(202, (await CommandAsync(world, release.Value)).Status);

        Assert.Equal(429, (await CommandAsync(world, release.Value)).Status);
        Assert.NotEqual(429, (await world.SendAsync("POST", "/api/sign-in-links", token: ApiWorld.ViewerToken)).Status);
        for (var i = 0; i < 5; i++)
            Assert.NotEqual(429, (await world.SendAsync("POST", "/telemetry", "{}", "application/x-ndjson", ApiWorld.TelemetryToken)).Status);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task What_another_site_makes_a_browser_send_costs_nobody_anything(string site)
    {
        var world = new ApiWorld(new ApiSettings { AnonymousChangesPerMinute = 4, ChangesPerMinute = 3 });
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        for (var i = 0; i < 10; i++) Assert.Equal(403, (await new Browser(world) { Site = site }.PostAsync("/sign-in", ("key", "guess"))).Status);
        foreach (var path in (string[])["/api/releases", "/api/sign-in-links"])
        {
            for (var i = 0; i < 10; i++) (await world.SendAsync("POST", path, token: null, headers: ("Sec-Fetch-Site", site))).Problem(403, "cross_site");
        }

        var browser = await new Browser(world).SignInAsync();

        var foreign = new Browser(world) { Site = site, Cookie = browser.Cookie };
        for (var i = 0; i < 10; i++) Assert.Equal(403, (await foreign.PostAsync("/start", ("request", "x"))).Status);
        for (var i = 0; i < 10; i++) Assert.Equal(403, (await foreign.PostAsync($"/releases/{release}/commands/pause", ("reason", "x"))).Status);

        Assert.Equal(202, (await CommandAsync(world, release.Value)).Status);
    }

    [Fact]
    public async Task Whatever_else_an_operator_does_leaves_the_budget_of_commands_as_it_is()
    {
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 2 });
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        for (var i = 0; i < 5; i++) await world.SendAsync("POST", $"/api/releases/{release}/signals", """{"kind":"observation","text":"again"}""", "application/json");
        (await world.SendAsync("POST", $"/api/releases/{release}/signals", """{"kind":"observation","text":"again"}""", "application/json")).Problem(429, "too_many_requests");

        Assert.Equal(202, (await world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"rollback"}""", "application/json")).Status);
    }

    private static Task<ApiAnswer> CommandAsync(ApiWorld world, string release) =>
        world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"pause"}""", "application/json");
}
