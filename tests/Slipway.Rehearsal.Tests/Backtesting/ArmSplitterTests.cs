using Slipway.Core.Analysis;
using Slipway.Rehearsal.Backtesting.Splitting;

namespace Slipway.Rehearsal.Tests.Backtesting;

public class ArmSplitterTests
{
    private static readonly ArmSample Everybody = new()
    {
        Requests = 2000,
        Errors = 100,
        Latency = new LatencyHistogram(new Dictionary<int, long> { [80] = 1500, [90] = 400, [100] = 100 }),
    };

    [Fact]
    public void Both_parts_add_up_to_what_was_recorded()
    {
        foreach (var (canary, control) in Splits(0.25, 200))
        {
            Assert.Equal((2000, 100), (canary.Requests + control.Requests, canary.Errors + control.Errors));
            Assert.Equal(Everybody.Latency, canary.Latency.Add(control.Latency));
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void Counts_vary_as_those_of_a_random_split_do(double share)
    {
        var canaries = Splits(share, 4000).Select(split => split.Canary).ToList();

        Vary(canaries.Select(canary => canary.Errors), 100);
        Vary(canaries.Select(canary => canary.Requests - canary.Errors), 1900);
        Vary(canaries.Select(canary => canary.Latency.Above(99)), 100);

        // Of a binomial count: the mean within 4 standard errors, the variance within 12 % (5 standard errors of 4,000 draws).
        void Vary(IEnumerable<long> counts, int of)
        {
            var values = counts.Select(count => (double)count).ToArray();
            var (mean, variance) = (values.Average(), of * share * (1 - share));
            Assert.InRange(mean, (of * share) - (4 * Math.Sqrt(variance / values.Length)), (of * share) + (4 * Math.Sqrt(variance / values.Length)));
            Assert.InRange(values.Sum(value => (value - mean) * (value - mean)) / values.Length / variance, 0.88, 1.12);
        }
    }

    [Fact]
    public void A_split_depends_on_seed_region_and_interval_alone()
    {
        var (one, other) = (new ArmSplitter(7), new ArmSplitter(7));
        _ = other.Split(At(3), "b", Everybody, 0.1, null);

        Assert.Equal(Errors(one, 5, "a"), Errors(other, 5, "a"));
        Assert.Equal(4, new HashSet<string> { Errors(one, 5, "a"), Errors(one, 6, "a"), Errors(one, 5, "b"), Errors(new ArmSplitter(8), 5, "a") }.Count);

        static string Errors(ArmSplitter splitter, int minute, string region)
        {
            var canary = splitter.Split(At(minute), region, Everybody, 0.3, null).Canary!;
            return string.Join(' ', canary.Latency.Counts.Values.Append(canary.Requests).Append(canary.Errors));
        }
    }

    [Fact]
    public void Nobody_and_everybody_are_one_arm()
    {
        var splitter = new ArmSplitter(1);

        Assert.Equal((null, 2000L), (splitter.Split(At(0), "a", Everybody, 0, null).Canary, splitter.Split(At(0), "a", Everybody, 0, null).Control!.Requests));
        Assert.Equal((2000L, null), (splitter.Split(At(0), "a", Everybody, 1, null).Canary!.Requests, splitter.Split(At(0), "a", Everybody, 1, null).Control));
    }

    [Fact]
    public void In_an_incident_the_old_version_is_as_usual_and_the_new_one_as_recorded()
    {
        var usual = new ArmSample { Requests = 100_000, Errors = 200, Latency = new LatencyHistogram(new Dictionary<int, long> { [80] = 100_000 }) };
        var splitter = new ArmSplitter(1);
        var splits = Enumerable.Range(0, 500).Select(minute => splitter.Split(At(minute), "a", Everybody, 0.25, usual)).ToList();

        // 750,000 requests of the old version at 0.2 %: 1,500 failures, standard deviation 39.
        Assert.InRange(splits.Sum(split => split.Control!.Errors), 1350, 1650);
        Assert.InRange(splits.Sum(split => split.Canary!.Errors), 12_000, 13_000);
        Assert.Equal(0, splits.Sum(split => split.Control!.Latency.Above(80)));
        Assert.All(splits, split => Assert.Equal(2000, split.Canary!.Requests + split.Control!.Requests));
    }

    [Theory]
    [InlineData("2026-11-03T14:05Z..2026-11-03T14:40Z", true)]
    [InlineData("2026-11-03T15:05+01:00..2026-11-03T14:40:30Z", true)]
    [InlineData("2026-11-03T14:05..2026-11-03T14:40", false)]
    [InlineData("2026-11-03T14:40Z..2026-11-03T14:05Z", false)]
    [InlineData("2026-11-03T14:05Z", false)]
    public void An_incident_is_two_times_with_zones_the_second_later(string text, bool valid)
    {
        var incident = Incident.Parse(text);

        Assert.Equal(valid, incident is not null);
        if (incident is not null) Assert.Equal(new DateTimeOffset(2026, 11, 3, 14, 5, 0, TimeSpan.Zero), incident.From);
    }

    private static IEnumerable<(ArmSample Canary, ArmSample Control)> Splits(double share, int minutes)
    {
        var splitter = new ArmSplitter(1);
        for (var minute = 0; minute < minutes; minute++)
        {
            var (canary, control) = splitter.Split(At(minute), "westeurope", Everybody, share, null);
            yield return (canary!, control!);
        }
    }

    private static DateTimeOffset At(int minute) => SampleRecordings.From + TimeSpan.FromMinutes(minute);
}
