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

    /// <summary>What is told to be clean at a glance is what comes out of every single step: pieces of all that is neutralised, put together at random.</summary>
    [Fact]
    public void Clean_OfAnyText_IsWhatTheStepsGive()
    {
        string[] pieces =
        [
            " ", " ", " ", "  ", "a", "the", "Error_rate", "2.1 %", "[1.6–2.7]", "“", "…", "git", "GIT", "gitops", "rm", "func", "\u212Aubectl", "ansible-playbook", "cmd", "PS>", ">>", ">",
            "$", "#", "#!/", "`", "```", "~", "~~~", "<", "<script", "<Script>", "\t", "\n", "\r\n", "\u0000", "\u0085", "\u00A0", "\u2028", "\uFEFF", "é", "😀", "\uD83D", "\uDE00", "-", "/", "'", "\"", "=", "sudo",
        ];
        var random = new Random(20260301);
        var untouched = 0;
        for (var run = 0; run < 200_000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
            var most = random.Next(4) == 0 ? random.Next(2, 12) : ReportText.MostCharacters;
            var clean = ReportText.Clean(text, most);
            Assert.Equal(ReportText.MakeFit(text, most), clean);
            if (ReferenceEquals(text, clean)) untouched++;
        }

        Assert.True(untouched > 1000, $"only {untouched} texts were told to be clean at a glance");
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
