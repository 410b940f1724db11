namespace Slipway.Security.Tests.Hostile;

/// <summary>The check sees each attack where it is not encoded.</summary>
public sealed class HtmlCheckTests
{
    [Theory]
    [InlineData("<p>{0}</p>")]
    [InlineData("<p title=\"{0}\">x</p>")]
    [InlineData("<a href='{0}'>x</a>")]
    [InlineData("<textarea>{0}</textarea><svg onload=x></svg>")]
    [InlineData("<a href=\"java\tscript:x()\">x</a>")]
    [InlineData("<a href=\"//evil.example\">x</a>")]
    [InlineData("<script>x()</script>")]
    [InlineData("<style>a {{ content: 'zq7' }}</style>")]
    [InlineData("<p style=\"background:zq7\">x</p>")]
    [InlineData("<iframe srcdoc=x sandbox></iframe>")]
    [InlineData("<form action=https://evil.example></form>")]
    public void An_attack_that_is_not_encoded_is_found(string page)
    {
        var html = string.Format(System.Globalization.CultureInfo.InvariantCulture, page, HostileText.Line($"{HostileText.Mark}1"));

        Assert.ThrowsAny<Exception>(() => HtmlCheck.AssertHarmless("a page", html));
    }

    [Fact]
    public void An_attack_that_is_encoded_is_text()
    {
        var attack = HostileText.Line($"{HostileText.Mark}1");

        Assert.Contains(attack, HtmlCheck.AssertHarmless("a page", $"<p title=\"{System.Net.WebUtility.HtmlEncode(attack)}\">{System.Net.WebUtility.HtmlEncode(attack)}</p>"), StringComparison.Ordinal);
    }
}
