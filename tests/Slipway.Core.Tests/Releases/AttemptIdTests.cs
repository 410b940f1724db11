using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Releases;

public sealed class AttemptIdTests
{
    [Theory]
    [InlineData("search", 2, 0, "search-attempt-2")]
    [InlineData("search", 2, 2, "search-attempt-2-3")]
    [InlineData("search-attempt-2", 3, 0, "search-attempt-3")]
    [InlineData("search-attempt-2-3", 3, 0, "search-attempt-3")]
    [InlineData("search-attempt-9", 2, 0, "search-attempt-9-attempt-2")]
    public void Of_AnyPredecessor_CountsFromTheFirstAttempt(string predecessor, int attempt, int taken, string expected) =>
        Assert.Equal(expected, AttemptId.Of(ReleaseId.Parse(predecessor), attempt, taken).Value);

    [Fact]
    public void Of_TheLongestId_StaysAnId()
    {
        var id = AttemptId.Of(ReleaseId.Parse($"{new string('a', 69)}-{new string('b', 10)}"), 2, 0).Value;

        Assert.True(id.Length <= 80);
        Assert.EndsWith("a-attempt-2", id, StringComparison.Ordinal);
    }
}
