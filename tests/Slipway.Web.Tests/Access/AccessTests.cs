using Microsoft.AspNetCore.Http;
using Slipway.Web.Access;

namespace Slipway.Web.Tests.Access;

public sealed class AccessTests
{
    private static readonly TokenAccessControl Control = new(
    [
        new ApiToken("dana", ApiRoles.Operator, "operator-token-0123456789"),
        new ApiToken("shop", ApiRoles.Telemetry, "telemetry-token-0123456789"),
    ]);

    [Fact]
    public void Authenticate_KnownToken_GivesItsNameAndRoles()
    {
        Assert.Equal(new Caller("dana", ApiRoles.Operator), Control.Authenticate(With("Bearer operator-token-0123456789")));
        Assert.Equal(new Caller("shop", ApiRoles.Telemetry), Control.Authenticate(With("bearer telemetry-token-0123456789")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong-token-0123456789")]
    [InlineData("Bearer operator-token-012345678")]
    [InlineData("Basic operator-token-0123456789")]
    [InlineData("operator-token-0123456789")]
    public void Authenticate_AnythingElse_GivesNobody(string? header) => Assert.Null(Control.Authenticate(With(header)));

    [Fact]
    public void Authenticate_TwoHeadersOrAnEndlessOne_GivesNobody()
    {
        var two = new DefaultHttpContext();
        two.Request.Headers.Authorization = new(["Bearer operator-token-0123456789", "Bearer operator-token-0123456789"]);

        Assert.Null(Control.Authenticate(two));
        Assert.Null(Control.Authenticate(With("Bearer " + new string('x', 100_000))));
    }

    [Theory]
    [InlineData("name", "short")]
    [InlineData("", "operator-token-0123456789")]
    public void Constructor_WeakTokenOrNoName_IsRefused(string name, string token) =>
        Assert.Throws<ArgumentException>(() => new TokenAccessControl([new ApiToken(name, ApiRoles.Viewer, token)]));

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:5180", true)]
    [InlineData("127.0.0.1:5180", true)]
    [InlineData("[::1]:5180", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("", false)]
    public void Loopback_AllowsOnlyItsOwnNames(string host, bool allowed) => Assert.Equal(allowed, HostAllowList.Loopback.Allows(new HostString(host)));

    [Fact]
    public void Star_AllowsEveryName() => Assert.True(new HostAllowList(["*"]).Allows(new HostString("any.example")));

    private static DefaultHttpContext With(string? authorization)
    {
        var context = new DefaultHttpContext();
        if (authorization is not null)
            context.Request.Headers.Authorization = authorization;
        return context;
    }
}
