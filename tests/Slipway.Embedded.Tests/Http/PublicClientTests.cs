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
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("64:ff9b:1:fffe::101:101")]
    [InlineData("2002:a00:1::")]
    [InlineData("2001:0:101:101::f5ff:fffe")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("2606:4700::5efe:10.0.0.1")]
    [InlineData("2606:4700::200:5efe:192.168.0.1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    public void PrivateAddresses_OfNoPublicNetwork_AreFound(string address) => Assert.True(PrivateAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::")]
    [InlineData("2606:4700::5efe:1.1.1.1")]
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
        Assert.Contains("not public", (error.InnerException ?? error).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:c1::a9fe:a9fe")]
    [InlineData("fd00:42::42")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b::168.63.129.16")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("64:ff9b:1:fffe::a9fe:a9fe")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::")] // behind a prefix of 48 bits
    [InlineData("64:ff9b:1:aaa9:fe:a9fe::")] // of 56
    [InlineData("64:ff9b:1:aaaa:a9:fea9:fe00:0")] // of 64
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2002:a83f:8110::1")]
    [InlineData("2001:0:a9fe:a9fe::1")] // the server of Teredo
    [InlineData("2001::5601:5601")] // and its client
    [InlineData("fd12:3456::5efe:169.254.169.254")]
    public void Metadata_and_link_local_are_never_called_also_not_where_the_operator_names_the_host(string address)
    {
        Assert.True(PrivateAddresses.IsRefused(IPAddress.Parse(address)));
        Assert.False(OutboundHttp.MayConnect(IPAddress.Parse(address), named: true, thisMachine: true));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b:1::127.0.0.1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::80ff:fffe")]
    public void The_machine_itself_is_not_called_also_where_the_operator_names_the_host(string address)
    {
        Assert.False(OutboundHttp.MayConnect(IPAddress.Parse(address), named: true, thisMachine: false));
        Assert.False(OutboundHttp.MayConnect(IPAddress.Parse(address), named: false, thisMachine: false));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.9")]
    [InlineData("192.168.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b:1::10.0.0.1")]
    public void A_private_address_is_called_only_where_the_operator_names_the_host(string address)
    {
        Assert.True(OutboundHttp.MayConnect(IPAddress.Parse(address), named: true, thisMachine: false));
        Assert.False(OutboundHttp.MayConnect(IPAddress.Parse(address), named: false, thisMachine: false));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("64:ff9b::127.0.0.1", false)]
    public void On_a_workstation_the_loopback_addresses_themselves_are_called(string address, bool may) =>
        Assert.Equal(may, OutboundHttp.MayConnect(IPAddress.Parse(address), named: false, thisMachine: true));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_host_that_the_operator_has_named_is_still_not_this_machine(string host)
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = OutboundHttp.CreatePublicClient(_ => true);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new UriBuilder(server.Url) { Host = host }.Uri, Cancellation));
        Assert.Contains("is never called, also where the server policy names the host", (error.InnerException ?? error).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task On_a_workstation_a_server_of_this_machine_answers()
    {
        await using var server = LoopbackServer.Answering("200 OK", "ok");
        using var client = OutboundHttp.CreatePublicClient(_ => false, thisMachine: true);
        Assert.Equal("ok", await client.GetStringAsync(server.Url, Cancellation));
    }
}
