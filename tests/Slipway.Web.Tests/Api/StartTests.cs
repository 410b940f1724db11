using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Api;

public sealed class StartTests
{
    private const string Yaml = "application/yaml";
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task Start_ValidRequest_IsCreatedRecordedAndScheduled()
    {
        await _world.Flags.CreateOffAsync("search-v2", TestContext.Current.CancellationToken);

        var answer = await _world.SendAsync("POST", "/api/releases", Samples.Small, Yaml);

        Assert.Equal(201, answer.Status);
        Assert.Equal("/api/releases/streaming-search-indexer-2.4.0", answer.Headers.Location.ToString());
        Assert.True(answer.Json.GetProperty("created").GetBoolean());
        Assert.Equal("streaming-search-indexer-2.4.0", Assert.Single(_world.Engine.Scheduled).Value);
        var first = Assert.Single(await _world.Ledger.ReadAsync(_world.Engine.Scheduled[0], 0, TestContext.Current.CancellationToken));
        Assert.Equal("otto", first.Actor);
    }

    [Fact]
    public async Task Start_SameRequestAgain_IsOkAndChangesNothing()
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", "/api/releases", Samples.Small + "\n# a comment is no content\n", "text/yaml; charset=utf-8");

        Assert.Equal(200, answer.Status);
        Assert.False(answer.Json.GetProperty("created").GetBoolean());
        Assert.Single(await _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("passed")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"\",\"content_hash\":\"aa\"}")]
    public async Task Start_RehearsalThatIsNone_IsRefusedAndStartsNothing(string header)
    {
        await _world.Flags.CreateOffAsync("search-v2", TestContext.Current.CancellationToken);

        var answer = await _world.SendAsync("POST", "/api/releases", Samples.Small, Yaml, headers: (RehearsalHeader.Name, header));

        Assert.Equal(400, answer.Status);
        Assert.Contains("Slipway-Rehearsal", answer.Json.ToString(), StringComparison.Ordinal);
        Assert.Empty(_world.Engine.Scheduled);
    }

    [Fact]
    public async Task Start_SameIdOtherContent_IsAConflictThatNamesTheRelease()
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", "/api/releases", Samples.Small.Replace("bake: 30m", "bake: 45m", StringComparison.Ordinal), Yaml);

        Assert.Equal(release.Value, answer.Problem(409, "release_exists").GetProperty("release_id").GetString());
    }

    [Fact]
    public async Task Start_Json_IsReadToo()
    {
        await _world.Flags.CreateOffAsync("f", TestContext.Current.CancellationToken);

        var answer = await _world.SendAsync(
            "POST", "/api/releases",
            """
            {"release":{"title":"A","version":"1","declared_risk":"low"},"environments":[{"name":"prod"}],"flags":[{"name":"f","kill_switch":true}],
             "stages":[{"percentage":100,"bake":"30m"}],"telemetry":{"source":"embedded"},"communications":{"stakeholders":[{"name":"S","email":"s@example.com"}]}}
            """,
            "application/json");

        Assert.True(answer.Status == 201, answer.Body);
    }

    [Fact]
    public async Task Start_MissingInformation_GivesTheContractObject()
    {
        var answer = await _world.SendAsync("POST", "/api/releases", "release:\n  title: Search\n", Yaml);

        Assert.Equal(422, answer.Status);
        Assert.StartsWith("application/json", answer.Headers.ContentType.ToString(), StringComparison.Ordinal);
        Assert.Equal(["error", "missing", "deployment_blockers", "next_best_step"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("insufficient_context", answer.Json.GetProperty("error").GetString());
        Assert.Empty(_world.Engine.Scheduled);
    }

    [Fact]
    public async Task Start_SeveralProblems_ListsAllWithTheirPlaces()
    {
        var answer = await _world.SendAsync(
            "POST", "/api/releases", "release:\n  titel: Search\nstages:\n  - { percentage: 120, bake: 0m }\n", Yaml);

        var errors = answer.Problem(400, "invalid_input").GetProperty("errors").EnumerateArray().ToList();
        Assert.True(errors.Count >= 3, answer.Body);
        var misspelt = Assert.Single(errors, error => error.TryGetProperty("suggestion", out var suggestion) && suggestion.GetString() == "title");
        Assert.Equal(2, misspelt.GetProperty("line").GetInt32());
        Assert.Contains(errors, error => error.GetProperty("path").GetString() == "stages[0].percentage");
    }

    [Fact]
    public async Task Start_FlagThatDoesNotExist_IsRefusedWithTheNearest()
    {
        await _world.Flags.CreateOffAsync("search-v3", TestContext.Current.CancellationToken);

        var answer = await _world.SendAsync("POST", "/api/releases", Samples.Small, Yaml);

        var error = Assert.Single(answer.Problem(400, "invalid_input").GetProperty("errors").EnumerateArray());
        Assert.Equal("search-v3", error.GetProperty("suggestion").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("release: [")]
    [InlineData("- a\n- b")]
    [InlineData("release: &a {title: x}\nflags: *a")]
    public async Task Start_BrokenDocument_IsNeverAServerError(string body) =>
        Assert.InRange((await _world.SendAsync("POST", "/api/releases", body, Yaml)).Status, 400, 422);

    [Fact]
    public async Task Start_DeepJson_IsRefused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);

        (await _world.SendAsync("POST", "/api/releases", deep, "application/json")).Problem(400, "invalid_input");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("nonsense")]
    public async Task Start_OtherMediaType_IsRefused(string? type) =>
        (await _world.SendAsync("POST", "/api/releases", Samples.Small, type)).Problem(415, "unsupported_media_type");

    [Theory]
    [InlineData("/api/releases", "application/yaml")]
    [InlineData("/api/releases/validate", "application/yaml")]
    [InlineData("/api/releases/x/commands", "application/json")]
    public async Task Post_BodyOverTheLimit_IsRefused(string path, string type)
    {
        var world = new ApiWorld(new ApiSettings { LargestDocument = 1000 });

        (await world.SendAsync("POST", path, new string('#', 1001), type)).Problem(413, "body_too_large");
    }

    [Fact]
    public async Task Validate_ValidRequest_GivesPlanAndQuestionsAndStartsNothing()
    {
        await _world.Flags.CreateOffAsync("search-v2", TestContext.Current.CancellationToken);

        var answer = await _world.SendAsync("POST", "/api/releases/validate", Samples.Small, Yaml, ApiWorld.ViewerToken);

        Assert.Equal(200, answer.Status);
        Assert.True(answer.Json.GetProperty("valid").GetBoolean());
        Assert.Equal(3, answer.Json.GetProperty("plan").GetProperty("stages").GetArrayLength());
        Assert.NotEqual(0, answer.Json.GetProperty("questions").GetArrayLength());
        Assert.Empty(_world.Engine.Scheduled);
        Assert.Empty(await _world.Ledger.ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Validate_Refusals_AreThoseOfAStart()
    {
        Assert.Equal(422, (await _world.SendAsync("POST", "/api/releases/validate", "release:\n  title: Search\n", Yaml)).Status);
        (await _world.SendAsync("POST", "/api/releases/validate", Samples.Small, Yaml)).Problem(400, "invalid_input");
    }
}
