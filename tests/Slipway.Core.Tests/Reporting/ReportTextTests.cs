using Slipway.Core.Reporting;

namespace Slipway.Core.Tests.Reporting;

public sealed class ReportTextTests
{
    [Theory]
    [Trait("requirement", "S002-52")]
    [Trait("requirement", "X01")]
    [InlineData("kubectl apply -f x.yaml", "“kubectl apply -f x.yaml”")]
    [InlineData("  GIT push --force", "“GIT push --force”")]
    [InlineData("fix\nnpm install\nnpm test", "fix npm install npm test")]
    [InlineData("$ ls", "“$ ls”")]
    [InlineData("PS> Get-Item", "“PS> Get-Item”")]
    [InlineData("```sh\nrm -rf /\n```", "'''sh rm -rf / '''")]
    [InlineData("~~~~ code", "~-~ code")]
    [InlineData("#!/bin/sh", "#-/bin/sh")]
    [InlineData("<script>x</script>", "<-script>x</script>")]
    [InlineData("#inc-search", "#inc-search")]
    [InlineData("gitops for everyone", "gitops for everyone")]
    [InlineData(" a\t\u0000\r\n b ", "a b")]
    [InlineData("costs $5", "costs $5")]
    public void Clean_OfUserText_NeutralisesWhatReadsAsAScript(string text, string expected)
    {
        Assert.Equal(expected, ReportText.Clean(text));
        Assert.Equal(expected, ReportText.Clean(expected));
    }

    [Fact]
    public void Clean_OfALongText_CutsAtAWordAndStaysInTheLimit()
    {
        var clean = ReportText.Clean(string.Join(' ', Enumerable.Repeat("indexer", 1000)));
        Assert.InRange(clean.Length, 3900, ReportText.MostCharacters);
        Assert.EndsWith("indexer…", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void Clean_OfOneEndlessWord_NeverCutsInsideACharacter()
    {
        var clean = ReportText.Clean("a" + string.Concat(Enumerable.Repeat("😀", 3000)));
        Assert.InRange(clean.Length, 3900, ReportText.MostCharacters);
        Assert.DoesNotContain(clean.EnumerateRunes(), rune => rune.Value == 0xFFFD);
    }

    [Theory]
    [Trait("requirement", "S002-60")]
    [InlineData(200, 200)]
    [InlineData(201, 200)]
    [InlineData(5000, 200)]
    public void Words_OfAnyLength_AreAtMost200(int given, int expected) =>
        Assert.Equal(expected, ReportText.Words(Enumerable.Repeat("word", given)).Split(' ').Length);
}
