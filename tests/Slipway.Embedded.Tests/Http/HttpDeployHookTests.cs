using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Embedded.Http;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Http;

/// <summary>The deploy hook over a real loopback connection.</summary>
public sealed class HttpDeployHookTests : IDisposable
{
    private readonly HttpClient _client = OutboundHttp.CreateClient();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task CallAsync_PostsTheWholeStepWithItsKey()
    {
        await using var server = LoopbackServer.Answering("200 OK", "done\nas 7");
        var result = await Hook().CallAsync(server.Url, Call(new HookStep(DeployAction.ShadowStart, "2.4.0 \"x\"", "all", new Percentage(12.5m))), Cancellation);

        Assert.Equal(new HookResult(HookProgress.Done, "HTTP 200: done as 7"), result);
        var request = Assert.Single(server.Requests);
        Assert.StartsWith("POST / ", request, StringComparison.Ordinal);
        Assert.Contains("\r\nIdempotency-Key: search:stage-1:x\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: application/json", request, StringComparison.Ordinal);
        Assert.EndsWith(
            """{"release":"search","action":"shadow_start","version":"2.4.0 \"x\"","region":"all","percentage":12.5,"sequence":7,"idempotency_key":"search:stage-1:x"}""",
            request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_AnAnswerThatRepeatsItsAddress_KeepsTheQueryToItself()
    {
        await using var server = LoopbackServer.Answering("422 Unprocessable Entity", "Cannot POST /deploy?sig=credential%2Bone (credential+one)");
        var result = await Hook().CallAsync(new Uri(server.Url, "/deploy?sig=credential%2Bone"), Call(new HookStep(DeployAction.ShadowStart, "2.4.0", "all", new Percentage(10))), Cancellation);

        Assert.Equal(new HookResult(HookProgress.Refused, "HTTP 422: Cannot POST /deploy?sig=… (…)"), result);
    }

    [Fact]
    public async Task CallAsync_SaysWhatAnOperationIsAbout()
    {
        await using var server = LoopbackServer.Answering("200 OK", "");
        var step = new HookStep(DeployAction.PurgeCache, "2.4.0", "all", Percentage.Zero) { Target = "assets", Argument = "/*" };
        await Hook().CallAsync(server.Url, Call(step), Cancellation);

        Assert.EndsWith(
            """{"release":"search","action":"purge_cache","version":"2.4.0","region":"all","percentage":0,"sequence":7,"idempotency_key":"search:stage-1:x","target":"assets","argument":"/*"}""",
            Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", "", HookProgress.Done)]
    [InlineData("204 No Content", "", HookProgress.Done)]
    [InlineData("202 Accepted", "", HookProgress.UnderWay)]
    [InlineData("202 Accepted", "{\"status\":\"failed\"}", HookProgress.Refused)]
    [InlineData("200 OK", "{\"status\":\"InProgress\"}", HookProgress.UnderWay)]
    [InlineData("200 OK", "{\"status\":\"Succeeded\"}", HookProgress.Done)]
    [InlineData("200 OK", "{\"status\":\"Failed\",\"why\":\"no quota\"}", HookProgress.Refused)]
    [InlineData("200 OK", "{\"status\":42}", HookProgress.Done)]
    [InlineData("200 OK", "{broken", HookProgress.Done)]
    [InlineData("302 Found", "", HookProgress.NoAnswer)]
    [InlineData("404 Not Found", "", HookProgress.Refused)]
    [InlineData("409 Conflict", "", HookProgress.NoAnswer)]
    [InlineData("429 Too Many Requests", "", HookProgress.NoAnswer)]
    [InlineData("503 Service Unavailable", "", HookProgress.NoAnswer)]
    public async Task EveryAnswer_SaysHowFarTheStepIs(string status, string body, HookProgress expected)
    {
        await using var server = LoopbackServer.Answering(status, body);

        Assert.Equal(expected, (await Hook().CallAsync(server.Url, Call(), Cancellation)).Progress);

        // A status address that refuses the question says nothing of the step.
        var refused = status.StartsWith('4') ? HookProgress.NoAnswer : expected;
        Assert.Equal(refused, (await Hook().StatusAsync(server.Url, Cancellation)).Progress);
    }

    [Fact]
    public async Task CallAsync_AcceptedWithALocation_IsAskedThereWithGet()
    {
        await using var server = LoopbackServer.Answering("202 Accepted", "", "Location: /runs/7?x=1\r\n");
        var accepted = await Hook().CallAsync(server.Url, Call(), Cancellation);

        Assert.Equal(new Uri(server.Url, "/runs/7?x=1"), accepted.Status);
        Assert.Equal(HookProgress.UnderWay, (await Hook().StatusAsync(accepted.Status!, Cancellation)).Progress);
        Assert.StartsWith("GET /runs/7?x=1 ", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//[")]
    [InlineData("http://[/runs/7")]
    [InlineData("http://")]
    public async Task CallAsync_AcceptedWithALocationThatIsNoAddress_SaysSoAndAsksNobody(string location)
    {
        await using var server = LoopbackServer.Answering("202 Accepted", "", $"Location: {location}\r\n");

        var result = await Hook().CallAsync(server.Url, Call(), Cancellation);

        Assert.Equal(new HookResult(HookProgress.NoAnswer, "HTTP 202 with a Location that is no address, so that how far the step is cannot be asked."), result);
    }

    [Fact]
    public async Task AStatusAddressOutsideTheAllowList_IsNeverAskedAlsoWhenTheHookThatGaveItIsAllowed()
    {
        await using var other = LoopbackServer.Answering("200 OK", "{\"status\":\"succeeded\"}");
        await using var server = LoopbackServer.Answering("202 Accepted", "", $"Location: {other.Url}admin/keys\r\n");
        var hook = new HttpDeployHook(_client, url => url.Port == server.Url.Port, TimeProvider.System);

        var accepted = await hook.CallAsync(server.Url, Call(), Cancellation);
        var asked = await hook.StatusAsync(accepted.Status!, Cancellation);

        Assert.Equal(HookProgress.UnderWay, accepted.Progress);
        Assert.Equal(new Uri(other.Url, "/admin/keys"), accepted.Status);
        Assert.Equal(HookProgress.NoAnswer, asked.Progress);
        Assert.Contains("is not on the server's allow-list of URLs; nothing was sent", asked.Details, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AnAddressOutsideTheAllowList_IsNeverCalled()
    {
        await using var server = LoopbackServer.Answering("200 OK");
        var hook = new HttpDeployHook(_client, _ => false, TimeProvider.System);

        Assert.Contains("allow-list", (await hook.CallAsync(server.Url, Call(), Cancellation)).Details, StringComparison.Ordinal);
        Assert.Contains("allow-list", (await hook.StatusAsync(server.Url, Cancellation)).Details, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task CallAsync_ALongAnswer_IsToldInShort()
    {
        await using var server = LoopbackServer.Answering("409 Conflict", new string('x', 500));

        Assert.Equal($"HTTP 409: {new string('x', 200)}…", (await Hook().CallAsync(server.Url, Call(), Cancellation)).Details);
    }

    [Fact]
    public async Task CallAsync_AKeyThatCannotStandInAHeader_IsABug() => await Assert.ThrowsAsync<ArgumentException>(
        () => Hook().CallAsync(new Uri("http://127.0.0.1:1/"), Call() with { Key = "a\r\nX: b" }, Cancellation));

    private HttpDeployHook Hook() => new(_client, _ => true, TimeProvider.System);

    private static HookCall Call(HookStep? step = null) => new(
        ReleaseId.Parse("search"), step ?? new HookStep(DeployAction.Swap, "2.4.0", HookStep.AllRegions, Percentage.Full), "search:stage-1:x", 7);
}
