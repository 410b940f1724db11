using Slipway.Web.Api;

namespace Slipway.Web.Tests.Api;

public sealed class RouteTemplateTests
{
    [Theory]
    [InlineData("/a/{id}", "/a/x", "x")]
    [InlineData("/a/{id}", "/a/x/", "x")]
    [InlineData("/a/{id}/b", "/a/x y/b", "x y")]
    public void Match_PathOfTheForm_GivesTheValues(string template, string path, string id) => Assert.Equal(id, new RouteTemplate(template).Match(path)!["id"]);

    [Theory]
    [InlineData("/a/{id}", "/a")]
    [InlineData("/a/{id}", "/a/x/y")]
    [InlineData("/a/{id}/b", "/a//b")]
    [InlineData("/a/{id}", "/A/x")]
    [InlineData("/a", "/")]
    public void Match_OtherPath_GivesNothing(string template, string path) => Assert.Null(new RouteTemplate(template).Match(path));
}
