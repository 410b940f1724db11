using Microsoft.AspNetCore.Http;
using Slipway.Core.Policy;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Api;
using Slipway.Web.Pages;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Api;

/// <summary>Every kind of answer carries the headers that keep browsers from running, framing, keeping or passing on what it holds.</summary>
public sealed class AnswerHeaderTests
{
    private const string Yaml = "application/yaml";
    private static readonly (string, string) Html = ("Accept", "text/html,application/xhtml+xml");

    /// <summary>One answer of each kind and status, for programs and as a page.</summary>
    private static readonly Dictionary<string, Func<Task<ApiAnswer>>> Answers = new(StringComparer.Ordinal)
    {
        ["200 health"] = () => new ApiWorld().SendAsync("GET", "/health", token: null),
        ["200 list"] = () => new ApiWorld().SendAsync("GET", "/api/releases"),
        ["200 list without a body"] = () => new ApiWorld().SendAsync("HEAD", "/api/releases"),
        ["200 OpenAPI"] = () => new ApiWorld().SendAsync("GET", "/openapi.json", token: null),
        ["200 page"] = () => new ApiWorld().SendAsync("GET", "/", headers: Html),
        ["200 page of a release"] = () => OfReleaseAsync("/releases/ID"),
        ["200 file of a release"] = () => OfReleaseAsync("/releases/ID/export"),
        ["200 mails of a release"] = () => OfReleaseAsync("/releases/ID/mails"),
        ["200 document"] = () => OfReleaseAsync("/api/releases/ID/documents/rollout-plan"),
        ["200 signing in"] = () => new ApiWorld().SendAsync("GET", "/sign-in", token: null, headers: Html),
        ["200 asset"] = () => new ApiWorld().SendAsync("GET", PageAssets.Script.Path, token: null),
        ["201 made"] = () => new ApiWorld().SendAsync("POST", "/api/sign-in-links"),
        ["202 taken"] = () => new ApiWorld().SendAsync("POST", "/telemetry", "{}", "application/json", ApiWorld.TelemetryToken),
        ["303 to signing in"] = () => new ApiWorld().SendAsync("GET", "/", token: null, headers: Html),
        ["304 known"] = () => new ApiWorld().SendAsync("GET", "/api/releases", headers: ("If-None-Match", "*")),
        ["400 name"] = () => new ApiWorld().SendAsync("POST", "/flags/a%b"),
        ["400 form"] = () => new ApiWorld().SendAsync("POST", "/start", "request=x", "application/x-www-form-urlencoded", headers: Html),
        ["401 nobody"] = () => new ApiWorld().SendAsync("GET", "/api/releases", token: null),
        ["401 form"] = () => new ApiWorld().SendAsync("POST", "/start", "request=x", "application/x-www-form-urlencoded", token: null, headers: Html),
        ["403 role"] = () => new ApiWorld().SendAsync("GET", "/api/releases", token: ApiWorld.TelemetryToken),
        ["403 role for a page"] = () => new ApiWorld().SendAsync("GET", "/", token: ApiWorld.TelemetryToken, headers: Html),
        ["403 another name"] = () => new ApiWorld().SendAsync("GET", "/", headers: ("Host", "evil.example")),
        ["403 another site"] = () => new ApiWorld().SendAsync("POST", "/sign-in", token: null, headers: [Html, ("Sec-Fetch-Site", "cross-site")]),
        ["404 address"] = () => new ApiWorld().SendAsync("GET", "/nothing", token: null),
        ["404 address as a page"] = () => new ApiWorld().SendAsync("GET", "/nothing", token: null, headers: Html),
        ["404 release"] = () => new ApiWorld().SendAsync("GET", "/api/releases/x"),
        ["404 link"] = () => new ApiWorld().SendAsync("GET", "/approvals/x", token: null, headers: Html),
        ["404 asset"] = () => new ApiWorld().SendAsync("GET", "/assets/x", token: null),
        ["405 method"] = () => new ApiWorld().SendAsync("DELETE", "/api/releases"),
        ["409 other content"] = ConflictAsync,
        ["410 used up"] = () => new ApiWorld().SendAsync("GET", "/sign-in?code=x", token: null, headers: Html),
        ["413 body"] = () => new ApiWorld(new ApiSettings { LargestTelemetry = 1 }).SendAsync("POST", "/telemetry", "{}", "application/json", ApiWorld.TelemetryToken),
        ["415 type"] = () => new ApiWorld().SendAsync("POST", "/telemetry", "a,b", "text/csv", ApiWorld.TelemetryToken),
        ["422 missing"] = () => new ApiWorld().SendAsync("POST", "/api/releases/validate", "release:\n  title: Search\n", Yaml),
        ["429 budget"] = TooManyAsync,
        ["500 defect"] = () => new ApiWorld { TelemetryAnswer = null! }.SendAsync("POST", "/telemetry", "{}", "application/json", ApiWorld.TelemetryToken),
        ["503 health"] = () => new ApiWorld { Healthy = false }.SendAsync("GET", "/health", token: null),
        ["503 store"] = () => StoreDownAsync("/api/releases/search"),
        ["503 store for a page"] = () => StoreDownAsync("/releases/search", Html),
        ["503 policy"] = () => new ApiWorld(new ApiSettings { Policy = ServerPolicy.Default with { Unknown = "for the test" } }).SendAsync("POST", "/flags/x"),
    };

    public static TheoryData<string> Kinds => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_answer_carries_the_security_headers(string kind)
    {
        var answer = await Answers[kind]();

        Assert.True(kind.StartsWith($"{answer.Status} ", StringComparison.Ordinal), $"{kind}: {answer.Status} {answer.Body}");
        Assert.Equal(kind == "200 asset" ? "public, max-age=31536000, immutable" : "no-store", answer.Headers.CacheControl.ToString());
        Assert.Equal("nosniff", answer.Headers.XContentTypeOptions.ToString());
        Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"].ToString());
        Assert.Equal("same-origin", answer.Headers["Cross-Origin-Resource-Policy"].ToString());
        Assert.Equal("DENY", answer.Headers.XFrameOptions.ToString());
        var policy = Assert.Single(answer.Headers.ContentSecurityPolicy)!;
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        if (policy.Contains("script-src", StringComparison.Ordinal)) Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_status_that_the_sources_name_is_among_the_answers()
    {
        var sources = Sources();
        var named = typeof(StatusCodes).GetFields().Select(field => field.Name).Where(name => sources.Any(source => source.Contains($"StatusCodes.{name}", StringComparison.Ordinal)));

        Assert.Superset(named.Select(name => name["Status".Length..][..3]).ToHashSet(), Answers.Keys.Select(kind => kind[..3]).ToHashSet());
    }

    private static async Task<ApiAnswer> OfReleaseAsync(string path)
    {
        var world = new ApiWorld();
        var release = await world.LoadAsync(SampleLedgers.All["running"]);
        return await world.SendAsync("GET", path.Replace("ID", release.Value, StringComparison.Ordinal), headers: Html);
    }

    private static async Task<ApiAnswer> ConflictAsync()
    {
        var world = new ApiWorld();
        await world.StartSampleAsync();
        return await world.SendAsync("POST", "/api/releases", Samples.Small.Replace("bake: 30m", "bake: 45m", StringComparison.Ordinal), Yaml);
    }

    private static async Task<ApiAnswer> TooManyAsync()
    {
        var world = new ApiWorld(new ApiSettings { ChangesPerMinute = 1 });
        await world.SendAsync("POST", "/flags/x");
        return await world.SendAsync("POST", "/flags/x");
    }

    private static Task<ApiAnswer> StoreDownAsync(string path, params (string, string)[] headers)
    {
        var world = new ApiWorld();
        world.Ledger.Down = true;
        return world.SendAsync("GET", path, headers: headers);
    }

    private static IReadOnlyList<string> Sources()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln"))) folder = folder.Parent!;
        return [.. Directory.EnumerateFiles(Path.Combine(folder.FullName, "src", "Slipway.Web"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)];
    }
}
