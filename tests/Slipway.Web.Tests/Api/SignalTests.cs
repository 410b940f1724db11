using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class SignalTests
{
    private const string Json = "application/json";
    private readonly ApiWorld _world = new();

    [Theory]
    [InlineData("""{"id":"r1","kind":"complaints","count":12,"text":"slow"}""", ReleaseSignalKind.Complaints, 12, null)]
    [InlineData("""{"id":"r1","kind":"incident","severity":"security","text":"slow"}""", ReleaseSignalKind.Incident, 0, IncidentSeverity.Security)]
    [InlineData("""{"id":"r1","kind":"data_loss","text":"slow"}""", ReleaseSignalKind.DataLoss, 0, null)]
    [InlineData("""{"id":"r1","kind":"outage","text":"slow"}""", ReleaseSignalKind.Outage, 0, null)]
    [InlineData("""{"id":"r1","kind":"observation","text":"slow"}""", ReleaseSignalKind.Observation, 0, null)]
    public async Task Post_Report_IsRecordedAndTheReleaseWoken(string body, ReleaseSignalKind kind, int count, IncidentSeverity? severity)
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/signals", body, Json);

        Assert.True(answer.Status == 202, answer.Body);
        Assert.Equal(("r1", 2), (answer.Json.GetProperty("command_id").GetString(), answer.Json.GetProperty("sequence").GetInt64()));
        Assert.Equal(new ReleaseSignal("r1", kind, "otto", "slow") { Count = count, Severity = severity }, (await LastAsync<SignalReceived>(release)).Signal);
        Assert.Equal(release, Assert.Single(_world.Engine.Woken));
    }

    [Fact]
    public async Task Post_Done_NamesItsTask()
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/signals", """{"id":"d1","kind":"done","task":"verify"}""", Json);

        Assert.Equal(202, answer.Status);
        Assert.Equal(new ReleaseSignal("d1", ReleaseSignalKind.Done, "otto", "") { Task = "verify" }, (await LastAsync<SignalReceived>(release)).Signal);
        Assert.Equal(400, (await _world.SendAsync("POST", $"/api/releases/{release}/signals", """{"id":"d2","kind":"done"}""", Json)).Status);
    }

    [Theory]
    [InlineData("confirm", EvaluationVerdict.Confirm)]
    [InlineData("dismiss", EvaluationVerdict.Dismiss)]
    public async Task Post_Answer_IsRecorded(string verdict, EvaluationVerdict expected)
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/signals", $$"""{"id":"a1","kind":"answer","evaluation":"e1","verdict":"{{verdict}}","text":"seen"}""", Json);

        Assert.Equal(202, answer.Status);
        Assert.Equal(new EvaluationAnswer("a1", "e1", expected, "otto", "seen"), (await LastAsync<EvaluationAnswered>(release)).Answer);
    }

    [Fact]
    public async Task Post_SameIdTwice_IsRecordedOnce_AndTheIdOfACommandIsTaken()
    {
        var release = await _world.StartSampleAsync();
        await _world.SendAsync("POST", $"/api/releases/{release}/commands", """{"kind":"pause","id":"k1"}""", Json);
        var path = $"/api/releases/{release}/signals";
        var first = await _world.SendAsync("POST", path, """{"kind":"outage","id":"k2"}""", Json);
        var second = await _world.SendAsync("POST", path, """{"kind":"outage"}""", Json, headers: ("Idempotency-Key", "k2"));
        var taken = await _world.SendAsync("POST", path, """{"kind":"outage","id":"k1"}""", Json);

        Assert.Equal(first.Body, second.Body);
        taken.Problem(409, "command_exists");
        Assert.Equal(3, (await _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task Post_ToAReleaseThatIsOver_IsRefusedWithTheReason()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.Completed);

        (await _world.SendAsync("POST", $"/api/releases/{release}/signals", """{"kind":"outage"}""", Json)).Problem(409, "release_over");
        (await _world.SendAsync("POST", "/api/releases/nothing/signals", """{"kind":"outage"}""", Json)).Problem(404, "no_such_release");
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("{}", "kind")]
    [InlineData("""{"kind":"observation","text":" "}""", "text")]
    [InlineData("""{"kind":"complaint","count":1}""", "kind")]
    [InlineData("""{"kind":"complaints"}""", "count")]
    [InlineData("""{"kind":"complaints","count":0}""", "count")]
    [InlineData("""{"kind":"complaints","count":"12"}""", "count")]
    [InlineData("""{"kind":"complaints","count":1.5}""", "count")]
    [InlineData("""{"kind":"complaints","count":1,"severity":"critical"}""", "severity")]
    [InlineData("""{"kind":"incident"}""", "severity")]
    [InlineData("""{"kind":"incident","severity":"bad"}""", "severity")]
    [InlineData("""{"kind":"outage","count":1}""", "count")]
    [InlineData("""{"kind":"outage","kind":"outage"}""", "kind")]
    [InlineData("""{"kind":"outage","id":"a b"}""", "id")]
    [InlineData("""{"kind":"answer","verdict":"confirm"}""", "evaluation")]
    [InlineData("""{"kind":"answer","evaluation":"e1"}""", "verdict")]
    [InlineData("""{"kind":"answer","evaluation":"e1","verdict":"yes"}""", "verdict")]
    public async Task Post_InvalidReport_NamesTheMemberAndRecordsNothing(string body, string path)
    {
        var release = await _world.StartSampleAsync();

        var answer = await _world.SendAsync("POST", $"/api/releases/{release}/signals", body, Json);

        Assert.Contains(answer.Problem(400, "invalid_input").GetProperty("errors").EnumerateArray(), error => error.GetProperty("path").GetString() == path);
        Assert.Single(await _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken));
    }

    private async Task<T> LastAsync<T>(ReleaseId release)
        where T : LedgerBody => (T)(await _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken))[^1].Read();
}
