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

    [Theory]
    [InlineData("payday", "")]
    [InlineData("another", "")]
    [InlineData("payday", """, "until": "2026-12-02T09:00:00.5Z" """)]
    public async Task Raise_Twice_WithOneId_FreezesOnce(string reason, string until)
    {
        var first = await PostAsync("/api/freezes", $$"""{ "id": "f1", "reason": "payday"{{until}} }""");
        var again = await PostAsync("/api/freezes", $$"""{ "id": "f1", "reason": "{{reason}}"{{until}} }""");

        Assert.Equal((201, 200), (first.Status, again.Status));
        Assert.Equal(first.Body, again.Body);
        Assert.Single(_world.Freezes.All);
    }

    [Fact]
    public async Task Raise_UnderTheIdOfOneThatWasLifted_IsAConflictAndFreezesNothing()
    {
        await PostAsync("/api/freezes", """{ "id": "f1", "reason": "payday" }""");
        await PostAsync("/api/freezes/lift", """{ "reason": "paid" }""");

        var problem = (await PostAsync("/api/freezes", """{ "id": "f1", "reason": "payday" }""")).Problem(409, "freeze_exists");

        Assert.Contains("lifted by otto", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await _world.SendAsync("GET", "/api/freezes")).Json.GetProperty("in_force").GetArrayLength());
    }

    [Fact]
    public async Task Raise_UnderTheIdOfOneThatHasEnded_IsAConflictAndFreezesNothing()
    {
        await PostAsync("/api/freezes", """{ "id": "f1", "reason": "payday", "until": "2026-12-01T10:00Z" }""");
        _world.Time.Leap(TimeSpan.FromHours(1));

        (await PostAsync("/api/freezes", """{ "id": "f1", "reason": "payday" }""")).Problem(409, "freeze_exists");

        Assert.Equal(0, (await _world.SendAsync("GET", "/api/freezes")).Json.GetProperty("in_force").GetArrayLength());
    }

    [Theory]
    [InlineData(""", "until": "2026-12-02T09:00Z" """, ""","until": "2026-12-03T09:00Z" """)]
    [InlineData("", ""","until": "2026-12-02T09:00Z" """)]
    [InlineData(""", "until": "2026-12-02T09:00Z" """, "")]
    public async Task Raise_UnderTheIdOfOneWithAnotherEnd_IsAConflictAndChangesNothing(string first, string second)
    {
        await PostAsync("/api/freezes", $$"""{ "id": "f1", "reason": "payday"{{first}} }""");
        var kept = _world.Freezes.All.Single();

        (await PostAsync("/api/freezes", $$"""{ "id": "f1", "reason": "payday"{{second}} }""")).Problem(409, "freeze_exists");

        Assert.Equal(kept, Assert.Single(_world.Freezes.All));
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
