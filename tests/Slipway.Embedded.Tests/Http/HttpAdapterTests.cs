using System.Net;
using System.Net.Sockets;
using Slipway.Embedded.Http;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Http;

public sealed class HttpAdapterTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = OutboundHttp.CreateClient();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("200 OK", 200)]
    [InlineData("404 Not Found", 404)]
    [InlineData("503 Service Unavailable", 503)]
    public async Task GetAsync_AnyAnswer_IsItsStatusAndBody(string status, int expected)
    {
        await using var server = LoopbackServer.Answering(status, "höhö");
        var result = await Probe().GetAsync(server.Url, Second, Cancellation);
        Assert.Equal(new ProbeResult(expected, 0, "höhö", ""), result);
        Assert.StartsWith("GET / HTTP/1.1\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_ARedirect_IsReportedAndNotFollowed()
    {
        await using var inside = LoopbackServer.Answering("200 OK", "secret");
        await using var server = LoopbackServer.Answering("302 Found", headers: $"Location: {inside.Url}\r\n");
        Assert.Equal(302, (await Probe().GetAsync(server.Url, Second, Cancellation)).Status);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task GetAsync_AClientThatFollowsARedirectOutOfTheList_GivesNothingAway()
    {
        await using var inside = LoopbackServer.Answering("200 OK", "secret");
        await using var server = LoopbackServer.Answering("302 Found", headers: $"Location: {inside.Url}\r\n");
        using var following = new HttpClient();
        var start = server.Url;
        var result = await new HttpProbe(following, url => url == start, _time).GetAsync(start, Second, Cancellation);
        Assert.Null(result.Status);
        Assert.Equal("", result.Body);
        Assert.Contains("not on the server's allow-list", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_AUrlThatIsNotOnTheList_IsNotAsked()
    {
        await using var server = LoopbackServer.Answering("200 OK");
        var result = await new HttpProbe(_client, _ => false, _time).GetAsync(server.Url, Second, Cancellation);
        Assert.Null(result.Status);
        Assert.Contains("not on the server's allow-list", result.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task GetAsync_WhateverGoesWrong_TheQueryIsToldToNobody()
    {
        var server = LoopbackServer.Answering("200 OK");
        var url = new Uri(server.Url, "/health?key=credential");
        await server.DisposeAsync();

        foreach (var allowed in (bool[])[true, false])
        {
            var result = await new HttpProbe(_client, _ => allowed, _time).GetAsync(url, Second, Cancellation);
            Assert.Contains("/health?…", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("credential", result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/")]
    public async Task GetAsync_AnotherScheme_IsNotAsked(string url) =>
        Assert.Contains("not an absolute http or https URL", (await Probe().GetAsync(new Uri(url), Second, Cancellation)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task GetAsync_NobodyThere_IsAResult()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var result = await Probe().GetAsync(new Uri($"http://127.0.0.1:{port}/"), Second, Cancellation);
        Assert.Null(result.Status);
        Assert.NotEmpty(result.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public async Task GetAsync_ABrokenAnswer_IsAResultWithoutAStatus(string raw)
    {
        await using var server = new LoopbackServer(_ => raw);
        var result = await Probe().GetAsync(server.Url, Second, Cancellation);
        Assert.Null(result.Status);
        Assert.NotEmpty(result.Error);
    }

    [Fact]
    public async Task GetAsync_NoAnswerInTime_SaysSo()
    {
        await using var server = new LoopbackServer(_ => null);
        var asking = Probe().GetAsync(server.Url, TimeSpan.FromMilliseconds(1500), Cancellation);
        await server.Asked;
        _time.Advance(TimeSpan.FromMilliseconds(1500));
        var result = await asking;
        Assert.Null(result.Status);
        Assert.EndsWith("no complete answer within 1.5 s", result.Error, StringComparison.Ordinal);
        Assert.Equal(1500, result.LatencyMs);
    }

    [Fact]
    public async Task GetAsync_CancelledByTheCaller_Throws()
    {
        await using var server = new LoopbackServer(_ => null);
        using var cancelling = new CancellationTokenSource();
        var asking = Probe().GetAsync(server.Url, Second, cancelling.Token);
        await server.Asked;
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task GetAsync_AnEndlessAnswer_IsCutOff()
    {
        await using var server = LoopbackServer.Answering("200 OK", new string('x', 3999) + "🚀" + new string('y', 3_000_000));
        var result = await Probe().GetAsync(server.Url, TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(200, result.Status);
        Assert.Equal(new string('x', 3999), result.Body);
    }

    [Fact]
    public async Task PostAsync_PostsTheJsonWithItsKey()
    {
        await using var server = LoopbackServer.Answering("200 OK");
        await new HttpWebhook(_client, _ => true, _time).PostAsync(server.Url, """{"text":"é"}""", "k-1", Cancellation);
        var request = Assert.Single(server.Requests);
        Assert.Contains("\r\nIdempotency-Key: k-1\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"text":"é"}""", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostAsync_NotAccepted_IsWorthAnotherTry()
    {
        await using var server = LoopbackServer.Answering("429 Too Many Requests", "later");
        var error = await Assert.ThrowsAsync<PortUnavailableException>(
            () => new HttpWebhook(_client, _ => true, _time).PostAsync(server.Url, "{}", "k", Cancellation));
        Assert.Equal("webhook: HTTP 429: later", error.Message);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task PostAsync_WhateverGoesWrong_TheAddressIsToldToNobody(bool allowed, bool answers)
    {
        // Many a server repeats in its answer what it was asked.
        var server = LoopbackServer.Answering("404 Not Found", "Cannot POST /services/T0/credential-in-path?code=credential%2Fin%2Fquery (credential/in/query)");
        var url = new Uri(server.Url, "/services/T0/credential-in-path?code=credential%2Fin%2Fquery");
        if (!answers) await server.DisposeAsync();
        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => new HttpWebhook(_client, _ => allowed, _time).PostAsync(url, "{}", "k", Cancellation));
        if (answers) await server.DisposeAsync();

        Assert.DoesNotContain("credential", error.Message, StringComparison.Ordinal);
        Assert.Contains(answers ? "webhook: HTTP 404: Cannot POST " : $"{url.Scheme}://{url.Authority}/…", error.Message, StringComparison.Ordinal);
    }

    private HttpProbe Probe() => new(_client, _ => true, _time);
}
