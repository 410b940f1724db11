using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;
using Slipway.Web.Tests.Requests;

namespace Slipway.Web.Tests.Api;

public sealed class ApprovalTests
{
    private const string Json = "application/json";
    private const string Ada = "ada@example.com";

    private readonly ApiWorld _world = new(policy: new ServerPolicy
    {
        ApproverGroups = new Dictionary<string, IReadOnlyList<string>> { ["release-managers"] = [Ada] },
        Keys = [new PolicyKey(Ada, [PolicyRole.Approver], "")],
    });

    [Fact]
    public async Task Get_Link_ShowsWhatIsAskedAndChangesNothing()
    {
        var (release, token) = await AskAsync();
        var before = (await EntriesAsync(release)).Count;

        var answer = await _world.SendAsync("GET", $"/approvals/{token}", token: null);
        var head = await _world.SendAsync("HEAD", $"/approvals/{token}", token: null);

        Assert.Equal((200, 200), (answer.Status, head.Status));
        Assert.Equal((Ada, "prod", "shown"), (Text(answer, "approver"), Text(answer, "confirm"), Text(answer, "evidence")));
        Assert.Equal(("no-store", "no-referrer"), (answer.Headers.CacheControl.ToString(), answer.Headers["Referrer-Policy"].ToString()));
        Assert.Equal(before, (await EntriesAsync(release)).Count);
        Assert.Empty(_world.Engine.Woken);
    }

    [Fact]
    public async Task Get_LinkWhileTheLedgerIsAway_IsToldAndTheLinkIsNotLogged()
    {
        var (_, token) = await AskAsync();
        _world.Ledger.Down = true;
        var lines = new List<string>();
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Host, context.Request.Path) = ("GET", new HostString("localhost"), $"/approvals/{token}");

        await new ApiDispatcher(_world.Services, new LinesOf(lines)).HandleAsync(context);

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Contains("/approvals/…", Assert.Single(lines), StringComparison.Ordinal);
        Assert.DoesNotContain(token, lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("approve", ApprovalChoice.Approve)]
    [InlineData("reject", ApprovalChoice.Reject)]
    public async Task Post_Decision_IsRecordedOnceAndTheReleaseWoken(string decision, ApprovalChoice choice)
    {
        var (release, token) = await AskAsync();
        var body = $$"""{"decision":"{{decision}}","comment":"fine\nso far","confirm":"PROD "}""";

        var first = await _world.SendAsync("POST", $"/approvals/{token}", body, Json, token: null);
        var second = await _world.SendAsync("POST", $"/approvals/{token}", body, Json, token: null);

        Assert.True(first.Status == 202, first.Body);
        Assert.Equal(first.Body, second.Body);
        var recorded = Assert.Single((await EntriesAsync(release)).Select(entry => entry.Read()).OfType<ApprovalDecided>()).Decision;
        Assert.Equal((Ada, choice, "fine so far", ApproverIdentity.Link), (recorded.Approver, recorded.Choice, recorded.Comment, recorded.Identity));
        Assert.Contains(release, _world.Engine.Woken);
    }

    [Theory]
    [InlineData("""{"decision":"approve"}""", "confirm")]
    [InlineData("""{"decision":"approve","confirm":"yes"}""", "confirm")]
    [InlineData("""{"decision":"aprove","confirm":"prod"}""", "decision")]
    [InlineData("""{"confirm":"prod"}""", "decision")]
    [InlineData("""{"decision":"approve","confirm":"prod","comments":"x"}""", "comments")]
    [InlineData("""{"decision":"approve","confirm":true}""", "confirm")]
    [InlineData("[]", "")]
    [InlineData("approve", "")]
    public async Task Post_WhatIsNoDecision_IsRefusedWithItsPathAndRecordsNothing(string body, string path)
    {
        var (release, token) = await AskAsync();

        var answer = await _world.SendAsync("POST", $"/approvals/{token}", body, Json, token: null);

        answer.Problem(400, "invalid_input");
        Assert.Equal(path, answer.Json.GetProperty("errors")[0].GetProperty("path").GetString());
        Assert.Empty((await EntriesAsync(release)).Select(entry => entry.Read()).OfType<ApprovalDecided>());
    }

    [Fact]
    public async Task Post_AGateThatAsksForASignIn_WantsTheApproversOwnKey()
    {
        var (release, token) = await AskAsync("high");
        const string Body = """{"decision":"approve","confirm":"prod"}""";

        (await _world.SendAsync("POST", $"/approvals/{token}", Body, Json, token: null)).Problem(401, "sign_in_needed");
        (await _world.SendAsync("POST", $"/approvals/{token}", Body, Json, token: ApiWorld.LeeKey)).Problem(403, "not_you");
        (await _world.SendAsync("POST", $"/approvals/{token}", Body, Json, token: ApiWorld.OperatorToken)).Problem(403, "not_you");
        Assert.Empty((await EntriesAsync(release)).Select(entry => entry.Read()).OfType<ApprovalDecided>());

        Assert.Equal(202, (await _world.SendAsync("POST", $"/approvals/{token}", Body, Json, token: ApiWorld.AdaKey)).Status);
        var recorded = Assert.Single((await EntriesAsync(release)).Select(entry => entry.Read()).OfType<ApprovalDecided>()).Decision;
        Assert.Equal((Ada, ApproverIdentity.SignIn), (recorded.Approver, recorded.Identity));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Any_LinkThatDoesNotHold_HasItsOwnAnswerAndRecordsNothing(string method)
    {
        var (release, token) = await AskAsync();
        var claim = ((ApprovalTokenCheck.Valid)ApprovalToken.Verify(token, ApiWorld.Keys, ApiWorld.Start)).Claim;
        async Task<ApiAnswer> Send(string link) => await _world.SendAsync(method, $"/approvals/{link}", """{"decision":"approve","confirm":"prod"}""", Json, token: null);

        (await Send("abc")).Problem(404, "link_malformed");
        (await Send(ApprovalToken.Sign(claim, new ApprovalKeys([new ApprovalKey("other", new byte[32])])))).Problem(403, "link_forged");
        (await Send(ApprovalToken.Sign(claim with { ExpiresAt = ApiWorld.Start.AddSeconds(-1) }, ApiWorld.Keys))).Problem(410, "link_expired");
        (await Send(ApprovalToken.Sign(claim with { Gate = "stage-3:release-managers" }, ApiWorld.Keys))).Problem(404, "nothing_asked");
        (await Send(ApprovalToken.Sign(claim with { Release = ReleaseId.Parse("no-such") }, ApiWorld.Keys))).Problem(404, "nothing_asked");
        Assert.Empty((await EntriesAsync(release)).Select(entry => entry.Read()).OfType<ApprovalDecided>());
    }

    [Fact]
    public async Task Post_WhenTheReleaseIsOver_RecordsNothing()
    {
        var (release, token) = await AskAsync();
        await _world.EndAsync(release, ReleasePhase.Failed);

        (await _world.SendAsync("POST", $"/approvals/{token}", """{"decision":"approve","confirm":"prod"}""", Json, token: null)).Problem(409, "release_over");
    }

    private static string? Text(ApiAnswer answer, string member) => answer.Json.GetProperty(member).GetString();

    private Task<IReadOnlyList<LedgerEntry>> EntriesAsync(ReleaseId release) => _world.Ledger.ReadAsync(release, 0, TestContext.Current.CancellationToken);

    private async Task<(ReleaseId Release, string Token)> AskAsync(string risk = "medium")
    {
        var yaml = Samples.Patient.Replace("declared_risk: low", $"declared_risk: {risk}", StringComparison.Ordinal) + "\napprovals: { release-managers: {} }\n";
        var release = await _world.StartSampleAsync(yaml);
        var gate = ((ReleaseCreated)(await EntriesAsync(release))[0].Read()).Approvals[0];
        await _world.AppendAsync(
            release,
            new PhaseEntered(ReleasePhase.Approving, ReleaseTrigger.ApprovalNeeded, -1, "asked", null, ""),
            new ApprovalRequested(gate, "shown", "e1", ApiWorld.Start, ApiWorld.Start + gate.Timeout));
        return (release, ApprovalToken.Sign(new ApprovalClaim(release, gate.Id, Ada, "e1", ApiWorld.Start + gate.Timeout, "n"), ApiWorld.Keys));
    }

    private sealed class LinesOf(List<string> lines) : ILogger<ApiDispatcher>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
