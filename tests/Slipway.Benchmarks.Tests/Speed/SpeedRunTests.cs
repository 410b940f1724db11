using Slipway.Benchmarks.Speed;

namespace Slipway.Benchmarks.Tests.Speed;

public sealed class SpeedRunTests
{
    [Fact]
    public void Median_OddAndEvenNumber_IsTheMiddleOneOrTheMeanOfTheMiddleTwo()
    {
        Assert.Equal(3, SpeedRun.Median([9, 3, 1]));
        Assert.Equal(2.5, SpeedRun.Median([4, 1, 2, 3]));
        Assert.Equal(7, SpeedRun.Median([7]));
    }

    [Theory, InlineData(0.99, 99), InlineData(0.5, 50), InlineData(1, 100), InlineData(0, 1), InlineData(0.991, 100)]
    public void Percentile_OneToAHundred_IsTheSmallestThatTheShareDoesNotExceed(double share, double expected) =>
        Assert.Equal(expected, SpeedRun.Percentile(Enumerable.Range(1, 100).Reverse().Select(number => (double)number), share));

    [Fact]
    public async Task Side_by_side_the_ratio_is_of_each_pair_and_they_take_turns()
    {
        var turns = new List<string>();
        var (first, second, ratio) = await new SpeedRun(Quick: true).SideBySideAsync(
            () => Number("first", turns.Count + 1),
            () => Number("second", (turns.Count + 1) * turns.Count));

        // The firsts are 1, 3 and 5; each second is that of its own pair times 2, 4 and 6.
        Assert.Equal((3, 12, 4), (first, second, ratio));
        Assert.Equal(["first", "second", "first", "second", "first", "second"], turns);

        Task<double> Number(string whose, double number)
        {
            turns.Add(whose);
            return Task.FromResult(number);
        }
    }
}
