using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class GuardTests
{
    private readonly ApiWorld _world = new();

    public static TheoryData<string, string, string> Routes => new()
    {
        { "POST", "/api/releases", "o" },
        { "POST", "/api/releases/validate", "vo" },
        { "GET", "/api/releases", "vo" },
        { "GET", "/api/releases/x", "vo" },
        { "GET", "/api/releases/x/summary", "vo" },
        { "GET", "/api/releases/x/ledger", "vo" },
        { "GET", "/api/releases/x/events", "vo" },
        { "POST", "/api/releases/x/commands", "o" },
        { "POST", "/api/releases/x/retry", "o" },
        { "GET", "/api/freezes", "vo" },
        { "POST", "/api/freezes", "o" },
        { "POST", "/api/freezes/lift", "o" },
        { "GET", "/api/locks", "vo" },
        { "POST", "/api/locks/unlock", "o" },
        { "POST", "/telemetry", "t" },
        { "GET", "/flags", "vot" },
        { "GET", "/flags/x", "vot" },
        { "POST", "/flags/x", "o" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_LetsInOnlyItsRoles(string method, string path, string roles)
    {
        var anonymous = await _world.SendAsync(method, path, token: null);
        anonymous.Problem(401, "not_authenticated");
        Assert.StartsWith("Bearer", anonymous.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        (await _world.SendAsync(method, path, token: "some-other-token-0123456789")).Problem(401, "not_authenticated");

        foreach (var (letter, token) in new[] { ('v', ApiWorld.ViewerToken), ('o', ApiWorld.OperatorToken), ('t', ApiWorld.TelemetryToken) })
        {
            var answer = await _world.SendAsync(method, path, token: token);
            if (roles.Contains(letter))
                Assert.NotInRange(answer.Status, 401, 403);
            else
                answer.Problem(403, "not_allowed");
        }
    }

    [Fact]
    public async Task Health_IsOpenAndSaysWhetherTheServerCanWork()
    {
        var good = await _world.SendAsync("GET", "/health", token: null);
        _world.Degraded = true;
        var degraded = await _world.SendAsync("GET", "/health", token: null);
        _world.Healthy = false;
        var bad = await _world.SendAsync("GET", "/health", token: null);

        Assert.Equal((200, "ok"), (good.Status, good.Json.GetProperty("status").GetString()));
        Assert.Equal((200, "degraded"), (degraded.Status, degraded.Json.GetProperty("status").GetString()));
        Assert.Equal((503, "unhealthy"), (bad.Status, bad.Json.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task ForeignHost_IsTurnedAwayBeforeAnythingElse()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = "/health";
        context.Request.Host = new HostString("evil.example");

        await _world.HandleAsync(context);

        Assert.Equal(403, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/nothing", 404)]
    [InlineData("/api/releases/x", 404)]
    public async Task EveryAnswer_CarriesTheSecurityHeaders(string path, int status)
    {
        var answer = await _world.SendAsync("GET", path);

        Assert.Equal(status, answer.Status);
        Assert.Equal("no-store", answer.Headers.CacheControl.ToString());
        Assert.Equal("nosniff", answer.Headers.XContentTypeOptions.ToString());
        Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"].ToString());
        Assert.Contains("default-src 'none'", answer.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongMethod_NamesTheRightOnes()
    {
        var answer = await _world.SendAsync("DELETE", "/api/releases");

        answer.Problem(405, "method_not_allowed");
        Assert.Equal("GET, POST", answer.Headers.Allow.ToString());
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/releases/x/y")]
    [InlineData("/API/RELEASES")]
    public async Task UnknownAddress_IsNotFound(string path) => (await _world.SendAsync("GET", path)).Problem(404, "no_such_address");

    [Fact]
    public async Task Policy_WithOperators_LetsOnlyThemOperate()
    {
        var world = new ApiWorld(new ApiSettings { Policy = ServerPolicy.Default with { Operators = ["dana"] } });

        (await world.SendAsync("POST", "/flags/x")).Problem(403, "not_allowed");
        Assert.Equal(200, (await world.SendAsync("GET", "/flags")).Status);
    }

    [Fact]
    public async Task ProblemIds_AreTheirOwn()
    {
        var first = (await _world.SendAsync("GET", "/nothing")).Json.GetProperty("id").GetString();
        var second = (await _world.SendAsync("GET", "/nothing")).Json.GetProperty("id").GetString();

        Assert.NotEqual(first, second);
    }
}
