using System.Net;
using Slipway.Embedded.Http;

namespace Slipway.Embedded.Tests.Http;

/// <summary>A host in a network of its own calls nothing behind it.</summary>
public sealed class PublicClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::10.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a00:1::")]
    public void PrivateAddresses_OfNoPublicNetwork_AreFound(string address) => Assert.True(PrivateAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::")]
    public void PrivateAddresses_OfThePublicInternet_AreNot(string address) => Assert.False(PrivateAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    public async Task A_private_address_is_not_called_under_whatever_name(string url)
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = OutboundHttp.CreatePublicClient(host => host == "hooks.example.com");

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, server.Url.Port)), Cancellation));
        Assert.Contains("which is not public", (error.InnerException ?? error).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_host_that_the_operator_has_named_may_be_private()
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = OutboundHttp.CreatePublicClient(host => host == "127.0.0.1");
        Assert.Equal("ok", await client.GetStringAsync(server.Url, Cancellation));
    }
}
