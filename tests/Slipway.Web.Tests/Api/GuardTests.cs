using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Web.Access;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class GuardTests
{
    private readonly ApiWorld _world = new();

    /// <summary>Whom each route lets in: v(iewer), o(perator), a(pprover), t(elemetry), n(obody who is known). The routes are those of the table itself: one that is
    /// added there has to be added here, where nobody has looked the roles up.</summary>
    private static readonly Dictionary<string, string> LetIn = new(StringComparer.Ordinal)
    {
        ["POST /api/releases"] = "o",
        ["POST /api/releases/validate"] = "vo",
        ["GET /api/releases"] = "vo",
        ["GET /api/releases/{id}"] = "vo",
        ["GET /api/releases/{id}/summary"] = "vo",
        ["GET /api/releases/{id}/outlook"] = "vo",
        ["GET /api/releases/{id}/documents"] = "vo",
        ["GET /api/releases/{id}/documents/{name}"] = "vo",
        ["GET /api/releases/{id}/ledger"] = "vo",
        ["GET /api/releases/{id}/events"] = "vo",
        ["POST /api/releases/{id}/commands"] = "o",
        ["POST /api/releases/{id}/signals"] = "o",
        ["POST /api/releases/{id}/retry"] = "o",
        ["GET /api/freezes"] = "vo",
        ["POST /api/freezes"] = "o",
        ["POST /api/freezes/lift"] = "o",
        ["GET /api/locks"] = "vo",
        ["POST /api/locks/unlock"] = "o",
        ["GET /approvals/{token}"] = "voatn",
        ["POST /approvals/{token}"] = "voatn",
        ["POST /telemetry"] = "t",
        ["GET /flags"] = "vot",
        ["GET /flags/{name}"] = "vot",
        ["POST /flags/{name}"] = "o",
        ["GET /health"] = "voatn",
        ["POST /api/sign-in-links"] = "voa",
        ["GET /openapi.json"] = "voatn",
        ["GET /"] = "vo",
        ["GET /releases/{id}"] = "vo",
        ["GET /releases/{id}/export"] = "vo",
        ["GET /releases/{id}/retry"] = "o",
        ["POST /releases/{id}/retry"] = "o",
        ["GET /releases/{id}/commands/{command}"] = "o",
        ["POST /releases/{id}/commands/{command}"] = "o",
        ["GET /releases/{id}/evaluations/{evaluation}/{verdict}"] = "o",
        ["POST /releases/{id}/evaluations/{evaluation}/{verdict}"] = "o",
        ["GET /releases/{id}/rehearsal"] = "vo",
        ["GET /releases/{id}/mails"] = "vo",
        ["GET /releases/{id}/mails/{n}"] = "vo",
        ["GET /start"] = "o",
        ["POST /start"] = "o",
        ["GET /sign-in"] = "voatn",
        ["POST /sign-in"] = "voatn",
        ["POST /sign-out"] = "voa",
        ["GET /assets/{name}"] = "voatn",
    };

    private static readonly (char Letter, Caller? Caller)[] Callers =
    [
        ('v', new Caller("vera", ApiRoles.Viewer)), ('o', new Caller("otto", ApiRoles.Operator)), ('a', new Caller("ada", ApiRoles.Approver)),
        ('t', new Caller("shop", ApiRoles.Telemetry)), ('n', null),
    ];

    public static TheoryData<string> Routes => [.. Table().Select(Name)];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Route_LetsInOnlyItsRoles(string name)
    {
        Assert.True(LetIn.TryGetValue(name, out var letters), $"the route {name} is new: say in {nameof(LetIn)} whom it lets in");
        var route = Table().Single(route => Name(route) == name);
        var path = Regex.Replace(route.Template.Text, @"\{\w+\}", "x", RegexOptions.None, TimeSpan.FromSeconds(10));
        foreach (var method in route.Method == "GET" ? new[] { "GET", "HEAD" } : [route.Method])
        {
            foreach (var (letter, caller) in Callers)
            {
                var answer = await new ApiWorld(access: new Always(caller)).SendAsync(method, path, token: null);
                if (letters.Contains(letter)) AssertLetIn(answer);
                else if (caller is null) AssertUnknown(answer, route, method);
                else Assert.True(answer.Status == 403 && (method == "HEAD" || answer.Body.Contains("does not have the role", StringComparison.Ordinal)), $"{letter}: {answer.Status} {answer.Body}");
            }

            // Who shows a key that nobody knows is nobody.
            var stranger = await _world.SendAsync(method, path, token: "some-other-token-0123456789");
            if (letters.Contains('n')) AssertLetIn(stranger);
            else AssertUnknown(stranger, route, method);
        }

        static void AssertLetIn(ApiAnswer answer) =>
            Assert.True(answer.Status is not (401 or 403) && !answer.Headers.Location.ToString().StartsWith("/sign-in", StringComparison.Ordinal), $"{answer.Status} {answer.Body}");

        static void AssertUnknown(ApiAnswer answer, ApiRoute route, string method)
        {
            if (route.Page && method != "POST")
            {
                Assert.Equal(303, answer.Status);
                Assert.StartsWith("/sign-in?return=", answer.Headers.Location.ToString(), StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(401, answer.Status);
                Assert.StartsWith("Bearer", answer.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_route_that_is_said_to_let_somebody_in_exists() => Assert.Equal(Table().Select(Name).Order(StringComparer.Ordinal), LetIn.Keys.Order(StringComparer.Ordinal));

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

    [Theory]
    [InlineData("GET", "/health", null)]
    [InlineData("GET", "/nothing", null)]
    [InlineData("DELETE", "/api/releases", ApiWorld.OperatorToken)]
    [InlineData("POST", "/flags/x", ApiWorld.OperatorToken)]
    [InlineData("POST", "/flags/x", null)]
    [InlineData("POST", "/sign-in", null)]
    public async Task ForeignHost_IsTurnedAwayBeforeAnythingElse(string method, string path, string? token)
    {
        var access = new Counted(ApiWorld.Tokens);
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 1, AnonymousChangesPerMinute = 1 }, access: access);

        for (var i = 0; i < 3; i++) (await world.SendAsync(method, path, token: token, headers: ("Host", "evil.example"))).Problem(403, "host_not_allowed");

        // Nobody was asked for, nothing was done, and no budget was touched: the first request under the server's own name is taken.
        Assert.Equal(0, access.Count);
        Assert.Empty(await world.Flags.ListAsync(CancellationToken.None));
        Assert.False((await world.SendAsync(method, path, token: token)).Status is 403 or 429);
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

    private static IReadOnlyList<ApiRoute> Table() => ApiRoutes.Create(new ApiWorld().Services).Routes;

    private static string Name(ApiRoute route) => $"{route.Method} {route.Template.Text}";

    /// <summary>Every request is this caller's.</summary>
    private sealed class Always(Caller? caller) : IAccessControl
    {
        public Caller? Authenticate(HttpContext context) => caller;
    }

    /// <summary>Counts how often somebody was asked for.</summary>
    private sealed class Counted(IAccessControl access) : IAccessControl
    {
        public int Count { get; private set; }

        public Caller? Authenticate(HttpContext context)
        {
            Count++;
            return access.Authenticate(context);
        }
    }
}
