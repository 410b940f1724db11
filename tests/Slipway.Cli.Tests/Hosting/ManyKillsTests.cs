using System.Globalization;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>
/// A real <c>slipway serve</c> is killed (SIGKILL) at random moments, again and again, with several releases under way, while people start
/// releases and give commands; afterwards every release has ended right and nothing was done twice or lost.
/// <para>
/// 12 kills by default. More: <c>SLIPWAY_KILLS=50 dotnet test tests/Slipway.Cli.Tests --filter FullyQualifiedName~ManyKillsTests</c>
/// (about three minutes; 200 take about ten). The moments come from a seed, which the test prints; <c>SLIPWAY_KILL_SEED</c> sets it.
/// </para>
/// </summary>
[Collection(RealTimeTests.Name)]
public sealed class ManyKillsTests(ITestOutputHelper output)
{
    private const int LongestMomentMs = 1_500;

    /// <summary>Releases under way: enough that a kill hits many phases, and few enough for two busy processors.</summary>
    private const int AtOnce = 5;

    /// <summary>The last kills hit what is under way already, so that the end does not wait for many that have only begun.</summary>
    private const int LastKills = 5;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_AtManyMoments_EveryReleaseEndsRightAndNothingIsDoneTwiceOrLost()
    {
        var (kills, seed) = (Setting("SLIPWAY_KILLS", 12), Setting("SLIPWAY_KILL_SEED", Random.Shared.Next()));
        output.WriteLine($"{kills} kills; SLIPWAY_KILL_SEED={seed}");
        var random = new Random(seed);
        using var data = new TemporaryData();
        await using var service = await FedService.StartAsync();
        var fleet = new KillFleet(service, random);

        for (var kill = 1; kill <= kills; kill++)
        {
            // One in four dies while it starts; the others live until a release was seen under way, and a moment longer.
            var (early, moment) = (kill > 1 && random.Next(4) == 0, TimeSpan.FromMilliseconds(random.Next(LongestMomentMs)));
            fleet.AtLeast = kill == 1 || kill <= kills - LastKills ? AtOnce : 1;
            await LiveAndDieAsync(data, service, fleet, early, moment);
            output.WriteLine($"kill {kill}{(early ? ", at the start" : "")}, after {moment.TotalMilliseconds:0} ms: {string.Join(", ", fleet.Phases)}");
        }

        fleet.AtLeast = 0;
        var aftermath = new KillAftermath(data, fleet.Releases);
        using (var last = await ServeProcess.StartAsync(data.Path, Stop))
        {
            service.Connect(last.File);
            await EndAsync(fleet, last);
            await aftermath.CheckServedAsync(last, Stop);
        }

        await aftermath.CheckFlagsAsync(Stop);
        output.WriteLine($"{fleet.Releases.Count} releases, {aftermath.Changes} flag changes, {aftermath.Hooks} hook effects, {aftermath.Mails} mails");
    }

    private static async Task LiveAndDieAsync(TemporaryData data, FedService service, KillFleet fleet, bool early, TimeSpan moment)
    {
        using var server = await ServeProcess.StartAsync(data.Path, Stop);
        service.Connect(server.File);
        using var dead = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var before = fleet.Looks;
        var people = fleet.RunAsync(server, dead.Token);
        if (!early) await Deadline.UntilAsync(() => Task.FromResult(fleet.Looks > before), "a release is under way", Stop, TimeSpan.FromSeconds(60));

        // Not a wait for something: the random moment itself.
        await Task.Delay(moment, Stop);
        await server.KillAsync();
        await dead.CancelAsync();
        await people;
    }

    private static async Task EndAsync(KillFleet fleet, ServeProcess server)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        await fleet.RunAsync(server, limit.Token);
        Assert.True(fleet.HasEnded, $"not ended in time: {fleet.Describe()}");
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
