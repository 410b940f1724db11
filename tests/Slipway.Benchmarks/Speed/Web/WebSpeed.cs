namespace Slipway.Benchmarks.Speed.Web;

/// <summary>
/// What people wait for at their browsers: pages and API of a real server with many releases, at a steady rate of requests; what a page weighs; how soon
/// those who watch a release are told.
/// </summary>
internal static class WebSpeed
{
    private const int Listeners = 100;

    /// <summary>The rows.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        var (releases, duration) = (run.Size(10_000, 1_000), TimeSpan.FromSeconds(run.Size(10, 3)));
        await using var server = await FilledServer.StartAsync(releases, run.Size(20, 5));
        var empty = await EmptyAsync(run);
        yield return new SpeedRow
        {
            What = "an empty answer, p99",
            Result = empty.P99,
            Unit = "ms",
            Note = FormattableString.Invariant($"the same web server with nothing behind it; median {empty.Median:0.00} ms, {empty.Processor:0.00} ms processor with its client"),
        };
        var pages = releases / 25 - 1;
        List<(string What, Func<int, string> Path, bool Quick)> asked =
        [
            ("list page", _ => "/", true),
            ("list page, any of its pages", n => FormattableString.Invariant($"/?skip={n * 7919 % pages * 25}"), false),
            ("list page, those that run", _ => "/?status=running", false),
            ("list page, by words of a title", n => FormattableString.Invariant($"/?q={(n % 2 == 0 ? "checkout" : "no-such-title")}"), false),
            ("list, API", _ => "/api/releases", false),
            ("release page", _ => $"/releases/{server.Over}", true),
            ("release page, one of 24 hours", _ => $"/releases/{server.Day}", false),
            ("release page, one that runs", _ => $"/releases/{server.Waiting}", false),
            ("release page, each time another", n => $"/releases/{ReleaseHistory.IdOf(2 + n * 7919 % (releases - 100))}", false),
            ("report, API", _ => $"/api/releases/{server.Over}", true),
        ];
        foreach (var (what, path, quick) in asked)
        {
            if (run.Quick && !quick) continue;
            var load = await OpenLoop.RunAsync(server.Browser, path, run.Size(1_000, 300), duration);
            yield return new SpeedRow
            {
                What = $"{what}, p99",
                Result = load.P99,
                Unit = "ms",
                Goal = new SpeedGoal(50),
                Ratio = new SpeedRatio("an empty answer, median", empty.Median / load.Median, Guarded: false),
                Note = FormattableString.Invariant(
                    $"{releases:#,0} releases, {OpenLoop.Rate} a second for {duration.TotalSeconds:0} s; median {load.Median:0.00} ms, {load.Processor:0.00} ms processor with its client on the same cores, {load.Bytes / 1024.0:0.0} KB"),
            };
        }

        foreach (var (what, path) in new[] { ("list page", "/"), ("release page", $"/releases/{server.Over}"), ("release page of 24 hours", $"/releases/{server.Day}"), ("release page, one that runs", $"/releases/{server.Waiting}") })
        {
            var paint = await FirstPaint.OfAsync(server.Browser, path);
            yield return new SpeedRow { What = $"{what}, weight", Result = paint.Bytes / 1024.0, Unit = "KB", Goal = new SpeedGoal(100), Note = "everything that its first paint needs, not compressed" };
            yield return new SpeedRow { What = $"{what}, requests until its first paint", Result = paint.Requests, Unit = "requests", Goal = new SpeedGoal(1) };
        }

        await foreach (var row in EventsAsync(run, server)) yield return row;
    }

    private static async Task<Load> EmptyAsync(SpeedRun run)
    {
        await using var server = await EmptyServer.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Url };
        return await OpenLoop.RunAsync(client, _ => "/", run.Size(1_000, 300), TimeSpan.FromSeconds(run.Size(10, 1.5)));
    }

    private static async IAsyncEnumerable<SpeedRow> EventsAsync(SpeedRun run, FilledServer server)
    {
        await using var listeners = await EventListeners.OpenAsync(server.Browser, server.Waiting, Listeners);
        var took = new List<double>();
        var rounds = run.Size(40, 6);
        for (var round = 0; round < 2 + rounds; round++)
        {
            var told = await listeners.TellAsync(server.Browser, server.Token, server.Waiting, FormattableString.Invariant($"seen-{round}"));
            if (round >= 2) took.Add(told);
        }

        yield return new SpeedRow
        {
            What = $"the last of {Listeners} listeners is told, median",
            Result = SpeedRun.Percentile(took, 0.5),
            Unit = "ms",
            Note = FormattableString.Invariant($"from before the report is sent; p99 {SpeedRun.Percentile(took, 0.99):0} ms, {rounds} reports"),
        };
    }
}
