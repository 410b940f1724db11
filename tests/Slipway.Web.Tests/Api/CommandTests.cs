using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class CommandTests
{
    private const string Json = "application/json";
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("pause", ReleaseCommandKind.Pause)]
    [InlineData("resume", ReleaseCommandKind.Resume)]
    [InlineData("promote", ReleaseCommandKind.Promote)]
    [InlineData("rollback", ReleaseCommandKind.RollBack)]
    [InlineData("roll_back", ReleaseCommandKind.RollBack)]
    [InlineData("abort", ReleaseCommandKind.Abort)]
    [InlineData("acknowledge_notices", ReleaseCommandKind.AcknowledgeNotices)]
    public async Task Post_Command_IsRecordedAndTheReleaseWoken(string kind, ReleaseCommandKind expected)
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/commands", $$"""{"id":"c1","kind":"{{kind}}","reason":"because\nso"}""", Json);

        Assert.True(answer.Status == 202, answer.Body);
        Assert.Equal("c1", answer.Json.GetProperty("command_id").GetString());
        Assert.Equal(2, answer.Json.GetProperty("sequence").GetInt64());
        var entry = (await _world.Ledger.ReadAsync(release, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal(new ReleaseCommand("c1", expected, "otto", "because so"), ((CommandReceived)entry.Read()).Command);
        Assert.Equal(release, Assert.Single(_world.Engine.Woken));
    }

    [Fact]
    public async Task Post_Extend_CarriesItsDuration()
    {
        var release = await _world.StartSampleAsync();

        Assert.Equal(202, (await _world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"extend","duration":"1h30m"}""", Json)).Status);

        var entry = (await _world.Ledger.ReadAsync(release, 1, TestContext.Current.CancellationToken))[0];
        Assert.Equal(TimeSpan.FromMinutes(90), ((CommandReceived)entry.Read()).Command.Duration);
    }

    [Fact]
    public async Task Post_SameIdTwice_IsRecordedOnce_AlsoByIdempotencyKeyAndAfterTheEnd()
    {
        var release = await _world.StartSampleAsync();
        var path = $"/api/releases/{release}/commands";

        var first = await _world.SendAsync("POST", path, """{"kind":"pause"}""", Json, headers: ("Idempotency-Key", "k1"));
        var second = await _world.SendAsync("POST", path, """{"kind":"pause","id":"k1"}""", Json);
        await _world.EndAsync(release, ReleasePhase.Completed);
        var third = await _world.SendAsync("POST", path, """{"kind":"pause","id":"k1"}""", Json);

        Assert.Equal([202, 202, 202], new[] { first.Status, second.Status, third.Status });
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Body, third.Body);
    }

    [Theory]
    [InlineData("commands", """{"kind":"pause","id":"k1"}""")]
    [InlineData("commands", """{"kind":"extend","duration":"30m","id":"k1"}""")]
    [InlineData("signals", """{"kind":"observation","text":"the queue is long","id":"k1"}""")]
    public async Task Post_TheIdOfSomethingElse_IsAConflictAndTheRollbackGoesByAnIdOfItsOwn(string kind, string taken)
    {
        var release = await _world.StartSampleAsync();
        var path = $"/api/releases/{release}/commands";
        Assert.Equal(202, (await _world.SendAsync("POST", $"/api/releases/{release}/{kind}", taken, Json)).Status);

        var problem = (await _world.SendAsync("POST", path, """{"kind":"rollback","id":"k1"}""", Json)).Problem(409, "command_exists");
        Assert.Contains("'k1'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await _world.SendAsync("POST", $"/api/releases/{release}/signals", """{"kind":"observation","text":"another","id":"k1"}""", Json)).Problem(409, "command_exists");
        Assert.Equal(202, (await _world.SendAsync("POST", path, """{"kind":"rollback"}""", Json)).Status);

        await _world.EndAsync(release, ReleasePhase.RolledBack);
        (await _world.SendAsync("POST", path, """{"kind":"rollback","id":"k1"}""", Json)).Problem(409, "command_exists");
    }

    [Fact]
    public async Task Post_ToAnEndedRelease_IsAConflict()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.RolledBack);

        var problem = (await _world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"pause"}""", Json)).Problem(409, "release_over");

        Assert.Contains("rolled back", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ToNoRelease_IsNotFound() =>
        (await _world.SendAsync("POST", "/api/releases/nothing/commands", """{"kind":"pause"}""", Json)).Problem(404, "no_such_release");

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("[]", "")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":1}}}}}""", "")]
    [InlineData("{}", "kind")]
    [InlineData("""{"kind":"puase"}""", "kind")]
    [InlineData("""{"kind":7}""", "kind")]
    [InlineData("""{"kind":"pause","raeson":"x"}""", "raeson")]
    [InlineData("""{"kind":"pause","id":"a b"}""", "id")]
    [InlineData("""{"kind":"pause","kind":"abort"}""", "kind")]
    [InlineData("""{"kind":"pause","duration":"1h"}""", "duration")]
    [InlineData("""{"kind":"extend"}""", "duration")]
    [InlineData("""{"kind":"extend","duration":"0m"}""", "duration")]
    [InlineData("""{"kind":"extend","duration":"-5m"}""", "duration")]
    [InlineData("""{"kind":"extend","duration":"8d"}""", "duration")]
    public async Task Post_InvalidCommand_NamesTheMemberAndRecordsNothing(string body, string path)
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/commands", body, Json);

        Assert.Contains(answer.Problem(400, "invalid_input").GetProperty("errors").EnumerateArray(), error => error.GetProperty("path").GetString() == path);
        Assert.Single(await _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Post_MisspeltKind_SuggestsTheNearest()
    {
        var answer = await _world.SendAsync("POST", "/api/releases/x/commands", """{"kind":"puase"}""", Json);

        Assert.Equal("pause", answer.Problem(400, "invalid_input").GetProperty("errors")[0].GetProperty("suggestion").GetString());
    }

    [Fact]
    public async Task Post_LongReasonOrOtherMediaType_IsRefused()
    {
        var reason = new string('x', 1001);
        (await _world.SendAsync("POST", "/api/releases/x/commands", $$"""{"kind":"pause","reason":"{{reason}}"}""", Json)).Problem(400, "invalid_input");
        (await _world.SendAsync("POST", "/api/releases/x/commands", "kind: pause", "application/yaml")).Problem(415, "unsupported_media_type");
    }
}
