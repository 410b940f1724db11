using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Tests.Demo;

public sealed class TelemetryWindowsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TakeClosed_OpenInterval_StaysUntilItsEnd()
    {
        var windows = new TelemetryWindows(TimeSpan.FromSeconds(1));
        windows.Count("search-v2", true, Noon.AddMilliseconds(999), "dana", TimeSpan.FromMilliseconds(5), null);

        Assert.Empty(windows.TakeClosed(Noon.AddMilliseconds(999)));
        var row = Assert.Single(windows.TakeClosed(Noon.AddSeconds(1)));
        Assert.Equal(Noon, row.Start);
        Assert.Empty(windows.TakeClosed(Noon.AddSeconds(2)));
    }

    [Fact]
    public void TakeClosed_SeveralRequests_AddUpPerArm()
    {
        var windows = new TelemetryWindows(TimeSpan.FromSeconds(1));
        windows.Count("search-v2", true, Noon, "dana", TimeSpan.FromMilliseconds(5), null);
        windows.Count("search-v2", true, Noon, "dana", TimeSpan.FromMilliseconds(70), "Busy");
        windows.Count("search-v2", true, Noon, "eve", TimeSpan.FromMilliseconds(5), "Busy");
        windows.Count("search-v2", false, Noon, "finn", TimeSpan.FromMilliseconds(5), null);

        var rows = windows.TakeClosed(Noon.AddSeconds(1));

        var canary = Assert.Single(rows, row => row.Canary).Sample;
        Assert.Equal((3, 2, 2L), (canary.Requests, canary.Errors, canary.Users));
        Assert.Equal(["Busy"], canary.ErrorTypes);
        Assert.Equal(3, canary.Latency.Total);
        Assert.Equal([("dana", 2, 1), ("eve", 1, 1)], rows.Single(row => row.Canary).Shoppers.Select(user => (user.Shopper, (int)user.Requests, (int)user.Errors)));
        Assert.Equal(canary.Latency, rows.Single(row => row.Canary).Shoppers.Select(user => user.Latency).Aggregate((left, right) => left.Add(right)));
        Assert.Equal(1, Assert.Single(rows, row => !row.Canary).Sample.Requests);
    }
}
