using Slipway.Core.Requests;

namespace Slipway.Core.Tests.Requests;

public sealed class PlaceholderTextTests
{
    [Theory]
    [Trait("requirement", "S000-14")]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("tbd")]
    [InlineData("N/A")]
    [InlineData("TODO")]
    [InlineData("???")]
    [InlineData("...")]
    [InlineData("…")]
    [InlineData("-")]
    [InlineData("<version>")]
    public void Is_Placeholder_True(string text) => Assert.True(PlaceholderText.Is(text));

    [Theory]
    [InlineData("none")]
    [InlineData("todo")]
    [InlineData("0")]
    [InlineData("TBD-17")]
    [InlineData("a?")]
    [InlineData("< 5")]
    [InlineData("</end>")]
    [InlineData("<b>bold</b>")]
    public void Is_Answer_False(string text) => Assert.False(PlaceholderText.Is(text));
}
