using System.Net;
using Slipway.Embedded.Http;

namespace Slipway.Embedded.Tests.Http;

public sealed class LoopbackPastProxyTests
{
    private static readonly LoopbackPastProxy Proxy = new(new WebProxy("http://proxy.example.com:3128"));

    [Theory]
    [InlineData("http://127.0.0.1:5180/health")]
    [InlineData("http://localhost/health")]
    [InlineData("http://[::1]:5180/health")]
    public void Loopback_Any_GoesPastTheProxy(string url)
    {
        Assert.True(Proxy.IsBypassed(new Uri(url)));
        Assert.Null(Proxy.GetProxy(new Uri(url)));
    }

    [Fact]
    public void OtherHost_Any_TakesTheProxy()
    {
        var url = new Uri("http://search.example.com/health");

        Assert.False(Proxy.IsBypassed(url));
        Assert.Equal(new Uri("http://proxy.example.com:3128"), Proxy.GetProxy(url));
    }
}
