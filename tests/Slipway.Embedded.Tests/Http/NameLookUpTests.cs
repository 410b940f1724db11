using System.Net;
using System.Net.Sockets;
using Slipway.Embedded.Http;

namespace Slipway.Embedded.Tests.Http;

/// <summary>A name that leads elsewhere from one look-up to the next. The look-up is the test's own, and every address that would be connected to is kept.</summary>
public sealed class NameLookUpTests
{
    private readonly List<string> _asked = [];
    private readonly List<string[]> _connected = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_looked_up_once_a_connection_and_the_address_that_was_checked_is_the_one_that_is_used()
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = Client(server, ["1.1.1.1"], ["169.254.169.254"]);

        Assert.Equal("ok", await client.GetStringAsync(Url(server), Cancellation));

        Assert.Equal(["hooks.example.com"], _asked);
        Assert.Equal(["1.1.1.1"], Assert.Single(_connected));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task A_name_that_is_public_at_first_and_private_at_the_next_connection_is_refused_there(string then)
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = Client(server, ["1.1.1.1"], [then]);
        await client.GetStringAsync(Url(server), Cancellation);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Url(server), Cancellation));

        Assert.Contains($"hooks.example.com leads to {then}", (error.InnerException ?? error).Message, StringComparison.Ordinal);
        Assert.Equal(2, _asked.Count);
        Assert.Single(_connected);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("1.1.1.1", "10.0.0.1")]
    [InlineData("169.254.169.254", "1.1.1.1")]
    [InlineData("127.0.0.1", "1.1.1.1")]
    public async Task Of_a_name_with_public_and_private_addresses_only_the_public_ones_are_used(string first, string second)
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = Client(server, [first, second]);

        await client.GetStringAsync(Url(server), Cancellation);

        Assert.Equal(["1.1.1.1"], Assert.Single(_connected));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("169.254.169.254", false)]
    [InlineData("127.0.0.1", false)]
    public async Task A_name_that_the_operator_has_named_may_lead_into_the_private_network_and_no_further(string address, bool may)
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = Client(server, host => host == "hooks.example.com", [address]);

        var call = client.GetStringAsync(Url(server), Cancellation);

        if (may) Assert.Equal("ok", await call);
        else await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal(may ? 1 : 0, _connected.Count);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_refused()
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = Client(server, [[]]);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Url(server), Cancellation));

        Assert.Equal("The name hooks.example.com has no address.", (error.InnerException ?? error).Message);
        Assert.Empty(_connected);
    }

    private static Uri Url(LoopbackServer server) => new($"http://hooks.example.com:{server.Url.Port}/");

    private HttpClient Client(LoopbackServer server, params string[][] lookUps) => Client(server, _ => false, lookUps);

    /// <summary>A client whose look-ups answer one after the other, and whose connections all lead to the server, so that nothing leaves this machine.</summary>
    private HttpClient Client(LoopbackServer server, Func<string, bool> isNamed, params string[][] lookUps) => OutboundHttp.CreatePublicClient(
        isNamed,
        thisMachine: false,
        (host, _) =>
        {
            _asked.Add(host);
            return Task.FromResult(lookUps[_asked.Count - 1].Select(IPAddress.Parse).ToArray());
        },
        async (addresses, port, cancellation) =>
        {
            _connected.Add([.. addresses.Select(address => address.ToString())]);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(server.Url.Host, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        });
}
