using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class FreezeTests
{
    private readonly ApiWorld _world = new();

    private Task<ApiAnswer> PostAsync(string path, string json) => _world.SendAsync("POST", path, json, "application/json");

    [Fact]
    public async Task Raise_WithAReason_FreezesUnderTheCallersName()
    {
        var raised = await PostAsync("/api/freezes", """{ "reason": "payday", "until": "2026-12-02T09:00Z" }""");
        var shown = (await _world.SendAsync("GET", "/api/freezes", token: ApiWorld.ViewerToken)).Json;

        Assert.Equal((201, "otto"), (raised.Status, raised.Json.GetProperty("by").GetString()));
        Assert.Equal("payday", Assert.Single(shown.GetProperty("in_force").EnumerateArray()).GetProperty("reason").GetString());
        Assert.Equal(ApiWorld.Start.AddDays(1), shown.GetProperty("in_force")[0].GetProperty("until").GetDateTimeOffset());
    }

    [Fact]
    public async Task Raise_Twice_WithOneId_FreezesOnce()
    {
        await PostAsync("/api/freezes", """{ "id": "f1", "reason": "payday" }""");
        var again = await PostAsync("/api/freezes", """{ "id": "f1", "reason": "another" }""");

        Assert.Equal("payday", again.Json.GetProperty("reason").GetString());
        Assert.Single(_world.Freezes.All);
    }

    [Fact]
    public async Task Lift_EndsAllAndWakesWhatIsNotOver()
    {
        var release = await _world.StartSampleAsync();
        await PostAsync("/api/freezes", """{ "reason": "one" }""");
        await PostAsync("/api/freezes", """{ "reason": "two" }""");

        var lifted = (await PostAsync("/api/freezes/lift", """{ "reason": "paid" }""")).Json.GetProperty("lifted");
        var shown = (await _world.SendAsync("GET", "/api/freezes")).Json;

        Assert.Equal(2, lifted.GetArrayLength());
        Assert.Equal([release], _world.Engine.Woken);
        Assert.Equal(0, shown.GetProperty("in_force").GetArrayLength());
        Assert.Equal("paid", shown.GetProperty("history")[0].GetProperty("lifted").GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("""{ }""", "reason")]
    [InlineData("""{ "reason": "x", "until": "tomorrow" }""", "until")]
    [InlineData("""{ "reason": "x", "until": "2026-12-01T09:00:00" }""", "until")]
    [InlineData("""{ "reason": "x", "until": "2026-11-30T09:00:00Z" }""", "until")]
    public async Task Raise_ThatIsNotValid_ChangesNothingAndNamesThePlace(string json, string path)
    {
        var problem = (await PostAsync("/api/freezes", json)).Problem(400, "invalid_input");

        Assert.Equal(path, problem.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.Empty(_world.Freezes.All);
    }
}
