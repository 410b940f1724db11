using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Releases;
using Slipway.Embedded.Telemetry;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What every metric source that knows users must say of a cohort.</summary>
public abstract partial class MetricSourceContract
{
    private const string Flag = "search-v2";

    [Theory]
    [InlineData("5")]
    [InlineData("12.5")]
    [InlineData("0.29")]
    [InlineData("50")]
    [InlineData("99.99")]
    public async Task ReadCohortAsync_EqualsASplitByTargetingItself(string percent)
    {
        var exposure = new Percentage(decimal.Parse(percent, CultureInfo.InvariantCulture));
        var users = Enumerable.Range(0, 5000).Select(number => new User($"u-{number}", 1 + (number % 7), number % 5 == 0 ? 1 : 0, 10 + (number % 300))).ToList();
        await ReportAsync(Rows(users, "west", 0), Rows([.. users.Take(2000)], "north", 59), Rows(users, "west", 60));

        var reading = await CohortAsync(exposure, 0, 120);

        Assert.Equal(CohortSight.Seen, reading.Sight);
        Assert.Equal([(0, "north"), (0, "west"), (60, "west")], reading.Observations.Select(row => ((int)(row.Start - Nine).TotalSeconds, row.Region)));
        var (cohort, others) = (users.Where(user => TargetingHash.Includes(user.Id, Flag, exposure)).ToList(), users.Where(user => !TargetingHash.Includes(user.Id, Flag, exposure)).ToList());
        foreach (var west in reading.Observations.Where(row => row.Region == "west"))
        {
            AssertCounts(cohort, west.Canary!);
            AssertCounts(others, west.Control!);
        }

        AssertCounts([.. cohort.Intersect(users.Take(2000))], reading.Observations[0].Canary!);
    }

    [Fact]
    public async Task ReadCohortAsync_LateRowsAddAndRepeatedOnesDoNot_AndAUserFailsOnceAnInterval()
    {
        var user = new User("u-1", 3, 2, 40);
        var first = Rows([user], "global", 0);
        await ReportAsync(first);
        await ReportAsync(first, Rows([user], "global", 30));

        var row = Assert.Single((await CohortAsync(new Percentage(50), 0, 60)).Observations);
        var sample = TargetingHash.Includes("u-1", Flag, new Percentage(50)) ? row.Canary! : row.Control!;
        Assert.Equal((6, 4, 1L), (sample.Requests, sample.Errors, sample.FailedUsers));
    }

    [Fact]
    public async Task ReadCohortAsync_OnlyTheControlArmOfUnexposedIntervalsCounts()
    {
        var users = new[] { new User("u-1", 3, 0, 40) };
        await ReportAsync(
            Rows(users, "global", 0),
            Rows(users, "global", 60),
            Rows(users, "global", 61) with { Arm = TelemetryArm.Canary },
            Rows(users, "global", 120),
            Row(121) with { Requests = 0 },
            Rows(users, "global", 180) with { Service = "shop" });

        Assert.Equal([0, 120], (await CohortAsync(new Percentage(5), 0, 240)).Observations.Select(row => (int)(row.Start - Nine).TotalSeconds));
        Assert.Equal(CohortSight.Exposed, (await CohortAsync(new Percentage(5), 60, 120)).Sight);
    }

    [Fact]
    public async Task ReadCohortAsync_WhereItCannotTell_SaysWhy()
    {
        var control = Row(0) with { Arm = TelemetryArm.Control };
        Assert.Equal(CohortSight.NoRows, (await CohortAsync(new Percentage(5), 0, 60)).Sight);
        await ReportAsync(control with { Users = [UserHash.Of("ann")] });
        Assert.Equal(CohortSight.NoUsers, (await CohortAsync(new Percentage(5), 0, 60)).Sight);
        await ReportAsync(control with { Id = "failed", FailedUsers = [] });
        Assert.Equal(CohortSight.OtherFlag, (await CohortAsync(new Percentage(5), 0, 60)).Sight);
        await ReportAsync(Rows([new User("ann", 1, 0, 10)], "global", 0));
        Assert.Equal(CohortSight.Seen, (await CohortAsync(new Percentage(5), 0, 60)).Sight);
    }

    private static void AssertCounts(IReadOnlyList<User> users, ArmSample sample)
    {
        Assert.Equal((users.Sum(user => user.Requests), users.Sum(user => user.Errors)), (sample.Requests, sample.Errors));
        Assert.Equal(users.Count(user => user.Errors > 0), sample.FailedUsers);
        Assert.Equal(LatencyHistogram.Of(users.Select(user => user.Milliseconds)), sample.Latency);
    }

    /// <summary>A row of the control arm with users that send one latency each.</summary>
    private TelemetryRow Rows(IReadOnlyList<User> users, string region, int second) => Row(second) with
    {
        Arm = TelemetryArm.Control,
        Region = region,
        Requests = users.Sum(user => user.Requests),
        Errors = users.Sum(user => user.Errors),
        FailedUsers = [.. users.Where(user => user.Errors > 0).Select(user => UserHash.Of(user.Id))],
        Flag = Flag,
        Positions =
        [
            .. users.GroupBy(user => PositionCounts.SliceOf(user.Id, Flag)).OrderBy(slice => slice.Key).Select(slice => new PositionCounts(
                slice.Key,
                slice.Sum(user => user.Requests),
                slice.Sum(user => user.Errors),
                LatencyHistogram.Of(slice.Select(user => user.Milliseconds)),
                [.. slice.Where(user => user.Errors > 0).Select(user => UserHash.Of(user.Id))])),
        ],
    };

    private Task<CohortReading> CohortAsync(Percentage percentage, int from, int to) =>
        Source.ReadCohortAsync(LedgerSamples.Watch(60), new CohortQuery(Flag, percentage), Nine.AddSeconds(from), Nine.AddSeconds(to), Cancellation);

    private sealed record User(string Id, long Requests, long Errors, double Milliseconds);
}
