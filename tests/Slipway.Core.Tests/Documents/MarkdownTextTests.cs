using System.Text;
using Slipway.Core.Documents.Markdown;

namespace Slipway.Core.Tests.Documents;

public class MarkdownTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("version 2.4.0", "version 2.4.0")]
    [InlineData("2. second", @"2\. second")]
    [InlineData("a|b", @"a\|b")]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("`code`", @"\`code\`")]
    [InlineData("<script>", @"\<script>")]
    [InlineData("[x](y)", @"\[x\](y)")]
    [InlineData("*bold* _it_ snake_case", @"\*bold\* \_it\_ snake_case")]
    [InlineData("# head", @"\# head")]
    [InlineData("- item", @"\- item")]
    [InlineData("a & b &amp; &#60;", @"a & b \&amp; \&#60;")]
    [InlineData("a\\b", @"a\\b")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Inline_TextOfPeople_StaysText(string? text, string expected) => Assert.Equal(expected, MarkdownText.Inline(text));

    [Theory]
    [InlineData("kubectl get pods", "`kubectl get pods`")]
    [InlineData("a`b", "``a`b``")]
    [InlineData("`a`", "`` `a` ``")]
    [InlineData("a\nb", "`a b`")]
    [InlineData("  ", "")]
    public void Code_AnyText_IsOneSpan(string text, string expected) => Assert.Equal(expected, MarkdownText.Code(text));

    [Fact]
    public void Clean_CharactersThatReorder_AreTakenOut() =>
        Assert.Equal("rm -rf safe", MarkdownText.Clean("rm -rf \u202Esafe\u202C\u2066\u2069\u200F\uFEFF\u0007"));

    [Fact]
    public void Clean_LongText_IsCutBetweenCharacters()
    {
        // A family of four is one character of seven code points.
        var text = string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 100));
        var clean = MarkdownText.Clean(text, 50);
        Assert.EndsWith("👨‍👩‍👧‍👦…", clean, StringComparison.Ordinal);
        Assert.True(clean.Length <= 51);
        Assert.True(clean.EnumerateRunes().All(rune => rune != Rune.ReplacementChar));
    }

    [Theory]
    [InlineData("https://a.example/x?y=1|2", "[t](<https://a.example/x?y=1%7C2>)")]
    [InlineData("javascript:alert(1)", "`javascript:alert(1)`")]
    [InlineData("not a url", "`not a url`")]
    public void Link_OnlyWebAddresses_AreLinks(string address, string expected) => Assert.Equal(expected, MarkdownText.Link("t", address));

    [Fact]
    [Trait("requirement", "S000-66")]
    public void Table_WhateverACellSays_HasAsManyCellsInEachRow()
    {
        string[] texts = ["a|b", "a\\|b", "`a|b`", "a\nb", "||", "\\", "", "x".PadRight(10_000, 'y')];
        var table = new MarkdownBuilder().Table(["A", "B"], texts.Select(text => (IReadOnlyList<string>)[MarkdownText.Inline(text), MarkdownText.Code(text)])).ToString();
        var lines = table.TrimEnd('\n').Split('\n');
        Assert.Equal(texts.Length + 2, lines.Length);
        Assert.All(lines, line => Assert.Equal(3, Bars(line)));
    }

    [Fact]
    public void Table_RowOfAnotherWidth_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new MarkdownBuilder().Table(["A", "B"], [["only one"]]));

    [Fact]
    public void Fence_BodyWithFences_GetsALongerOne() =>
        Assert.Equal("````bash\necho ```\n````\n", new MarkdownBuilder().Fence("bash", ["echo ```"]).ToString());

    private static int Bars(string line) => Enumerable.Range(0, line.Length).Count(at => line[at] == '|' && line[..at].Reverse().TakeWhile(character => character == '\\').Count() % 2 == 0);
}
