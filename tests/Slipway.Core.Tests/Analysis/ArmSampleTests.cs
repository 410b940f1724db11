using Slipway.Core.Analysis;

namespace Slipway.Core.Tests.Analysis;

public class ArmSampleTests
{
    /// <summary>Rows that are added at once are what they are one after the other, with and without everything that a row can carry.</summary>
    [Fact]
    public void Sum_OfAnyRows_IsWhatAddingThemOneAfterTheOtherGives()
    {
        var random = new Random(7);
        for (var run = 0; run < 3000; run++)
        {
            var plain = run % 3 != 0;
            List<ArmSample> rows = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Row(random, plain))];
            var sum = ArmSample.Sum(rows)!;
            var added = rows.Aggregate((left, right) => left.Add(right));
            Assert.Equal((added.Requests, added.Errors, added.Users, added.FailedUsers), (sum.Requests, sum.Errors, sum.Users, sum.FailedUsers));
            Assert.Equal((added.Latency, added.Latency.Total), (sum.Latency, sum.Latency.Total));
            Assert.Equal(added.Slower, sum.Slower);
            Assert.Equal(added.ErrorTypes, sum.ErrorTypes);
            Assert.Equal(added.DependencyFailures, sum.DependencyFailures);
            Assert.Equal(added.Kpis, sum.Kpis);
            Assert.Equal(added.Measurements, sum.Measurements);
        }
    }

    [Fact]
    public void Sum_OfNoRow_IsNone() => Assert.Null(ArmSample.Sum([]));

    private static ArmSample Row(Random random, bool plain)
    {
        var requests = random.Next(0, 200);
        var errors = random.Next(0, requests + 1);
        return new ArmSample
        {
            Requests = requests,
            Errors = errors,
            Latency = random.Next(4) == 0 ? LatencyHistogram.Empty : LatencyHistogram.Of(Enumerable.Range(0, requests).Select(_ => Math.Exp(10 * random.NextDouble()))),
            Users = random.Next(3) == 0 ? null : random.Next(0, requests + 1),
            FailedUsers = random.Next(3) == 0 ? null : random.Next(0, errors + 1),
            Slower = random.Next(plain ? 12 : 3) switch
            {
                0 => [new SlowCount(250, 3)],
                1 => [],
                2 => [new SlowCount(500, 2), new SlowCount(250, 3)],
                _ => [new SlowCount(250, random.Next(9)), new SlowCount(500, random.Next(4))],
            },
            ErrorTypes = plain ? [] : ["b", $"{random.Next(4)}"],
            DependencyFailures = plain ? new Dictionary<string, long>() : new Dictionary<string, long> { ["db"] = random.Next(5) },
            Kpis = plain ? new Dictionary<string, KpiSample>() : new Dictionary<string, KpiSample> { ["k"] = new(3, random.NextDouble(), random.NextDouble()) },
            Measurements = plain ? new Dictionary<string, MeasurementSample>() : new Dictionary<string, MeasurementSample> { ["m"] = new(1, random.NextDouble()) },
        };
    }
}
