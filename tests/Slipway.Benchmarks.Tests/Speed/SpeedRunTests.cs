using Slipway.Benchmarks.Speed;

namespace Slipway.Benchmarks.Tests.Speed;

public class SpeedRunTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 5 }, 5)]
    [InlineData(new double[] { 4, 1, 2, 9 }, 3)]
    public void Median_is_the_middle_one_or_between_the_middle_two(double[] numbers, double expected) => Assert.Equal(expected, SpeedRun.Median(numbers));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.991, 100)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void Percentile_is_the_smallest_number_that_so_many_do_not_exceed(double share, double expected) =>
        Assert.Equal(expected, SpeedRun.Percentile(Enumerable.Range(1, 100).Reverse().Select(number => (double)number), share));

    [Fact]
    public async Task SideBySide_takes_turns_and_gives_the_median_of_the_ratios_of_each_pair()
    {
        List<string> order = [];
        Queue<double> first = new([1, 2, 10]), second = new([3, 4, 5]);

        var (ours, others, ratio) = await new SpeedRun(Quick: true).SideBySideAsync(() => Take("first", first), () => Take("second", second));

        Assert.Equal(["first", "second", "first", "second", "first", "second"], order);
        Assert.Equal((2, 4, 2), (ours, others, ratio));

        Task<double> Take(string name, Queue<double> from)
        {
            order.Add(name);
            return Task.FromResult(from.Dequeue());
        }
    }

    [Fact]
    public void Goal_is_met_at_its_limit_from_either_side()
    {
        Assert.True(new SpeedGoal(100).IsMetBy(100));
        Assert.False(new SpeedGoal(100).IsMetBy(100.1));
        Assert.True(new SpeedGoal(100, AtLeast: true).IsMetBy(100));
        Assert.False(new SpeedGoal(100, AtLeast: true).IsMetBy(99.9));
        Assert.False(new SpeedGoal(100, AtLeast: true).IsMetBy(double.NaN));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--quick --json verdicts rehearsals")]
    [InlineData("verdicts --against kept.json")]
    public void Parse_KnownArguments_AreTaken(string arguments) => Assert.NotNull(SpeedArguments.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--fast")]
    [InlineData("--against")]
    [InlineData("--against a --against b")]
    [InlineData("Verdicts")]
    public void Parse_AnythingElse_IsRefused(string arguments) => Assert.Null(SpeedArguments.Parse(arguments.Split(' ')));
}
