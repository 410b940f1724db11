using Slipway.Core.Requests;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class FlagAndTelemetryTests
{
    private const string Json = "application/json";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task Flags_CreatedOff_ThenReadAsAppConfigurationShowsThem()
    {
        var created = await _world.SendAsync("POST", "/flags/search-v2");
        var again = await _world.SendAsync("POST", "/flags/search-v2");
        var read = await _world.SendAsync("GET", "/flags/search-v2", token: ApiWorld.TelemetryToken);
        var list = await _world.SendAsync("GET", "/flags", token: ApiWorld.TelemetryToken);

        Assert.Equal((201, "/flags/search-v2"), (created.Status, created.Headers.Location.ToString()));
        Assert.Equal(200, again.Status);
        Assert.Equal(".appconfig.featureflag/search-v2", read.Json.GetProperty("key").GetString());
        Assert.Equal("application/vnd.microsoft.appconfig.ff+json;charset=utf-8", read.Json.GetProperty("content_type").GetString());
        Assert.Contains("\"enabled\":false", read.Json.GetProperty("value").GetString()!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(read.Body, list.Json.GetProperty("items")[0].GetRawText());
    }

    [Fact]
    public async Task Flags_OfALabel_AreAskedForByIt()
    {
        await _world.SendAsync("POST", "/flags/search-v2");
        var created = await _world.SendAsync("POST", "/flags/search-v2?label=prod%2Fwesteurope");
        var read = await _world.SendAsync("GET", "/flags/search-v2?label=prod%2Fwesteurope", token: ApiWorld.TelemetryToken);
        var list = await _world.SendAsync("GET", "/flags?label=prod%2Fwesteurope", token: ApiWorld.TelemetryToken);

        Assert.Equal((201, "/flags/search-v2?label=prod%2Fwesteurope"), (created.Status, created.Headers.Location.ToString()));
        Assert.Equal(".appconfig.featureflag/search-v2", read.Json.GetProperty("key").GetString());
        Assert.Equal("prod/westeurope", read.Json.GetProperty("label").GetString());
        Assert.Equal(read.Body, Assert.Single(list.Json.GetProperty("items").EnumerateArray()).GetRawText());
        Assert.Equal(2, (await _world.SendAsync("GET", "/flags")).Json.GetProperty("items").GetArrayLength());
        var bare = Assert.Single((await _world.SendAsync("GET", "/flags?label=")).Json.GetProperty("items").EnumerateArray());
        Assert.False(bare.TryGetProperty("label", out _));
        (await _world.SendAsync("GET", "/flags/search-v2?label=staging")).Problem(404, "no_such_flag");
        (await _world.SendAsync("POST", "/flags/search-v2?label=a*")).Problem(400, "invalid_input");
        (await _world.SendAsync("POST", "/flags/search-v2%40prod")).Problem(400, "invalid_input");
    }

    [Fact]
    public async Task Flags_UnknownOrBadName_AreClearProblems()
    {
        (await _world.SendAsync("GET", "/flags/nothing")).Problem(404, "no_such_flag");
        (await _world.SendAsync("POST", "/flags/a%b")).Problem(400, "invalid_input");
        (await _world.SendAsync("POST", "/flags/" + new string('a', 300))).Problem(400, "invalid_input");
    }

    [Fact]
    public async Task Flags_StoreDown_IsUnavailable()
    {
        _world.Flags.Down = true;

        (await _world.SendAsync("GET", "/flags")).Problem(503, "unavailable");
    }

    [Fact]
    public async Task Telemetry_Good_IsHandedOnAsItCame()
    {
        var answer = await _world.SendAsync("POST", "/telemetry", "{\"rows\":[]}", Json, ApiWorld.TelemetryToken);

        Assert.Equal(202, answer.Status);
        Assert.Equal(1, answer.Json.GetProperty("rows").GetInt32());
        Assert.Equal("{\"rows\":[]}", Assert.Single(_world.Telemetry));
    }

    [Fact]
    public async Task Telemetry_Bad_ListsEverything()
    {
        _world.TelemetryAnswer = new TelemetryReceipt(0, [RequestProblem.At("rows[0].errors", "9", "at most 5"), RequestProblem.At("service", "nothing", "a name")]);

        var answer = await _world.SendAsync("POST", "/telemetry", "{}", Json, ApiWorld.TelemetryToken);

        Assert.Equal(2, answer.Problem(400, "invalid_input").GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task Telemetry_TooLargeOrOtherMediaType_IsRefused()
    {
        var world = new ApiWorld(new ApiSettings { LargestTelemetry = 100 });

        (await world.SendAsync("POST", "/telemetry", new string(' ', 101), Json, ApiWorld.TelemetryToken)).Problem(413, "body_too_large");
        (await world.SendAsync("POST", "/telemetry", "a,b", "text/csv", ApiWorld.TelemetryToken)).Problem(415, "unsupported_media_type");
        Assert.Empty(world.Telemetry);
    }
}
