using Slipway.Cli.Demo.Storefront;
using Slipway.Cli.Hosting;

namespace Slipway.Cli.Demo;

/// <summary>The whole demo: server, storefront, shoppers, both releases, and everything closed again.</summary>
internal sealed class DemoRun(DemoConsole console, DemoFolder folder)
{
    private const int Seed = 20260301;
    private const int RequestsPerSecond = 800;
    private const int Users = 5000;

    /// <summary>The preflight looks at the traffic before the start, so there has to be some.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    /// <summary>Runs it.</summary>
    public async Task<DemoSummary> RunAsync(CancellationToken cancellation)
    {
        var began = console.Time.GetTimestamp();
        var say = console.Progress;
        await say.WriteLineAsync("Slipway demo: two releases of a small online shop, on this machine, in under a minute.");
        await using var server = await SlipwayServer.StartAsync(
            new SlipwayServerOptions { DataDirectory = folder.Data, Port = 0, PolicyFile = folder.Policy, Time = console.Time }, cancellation);
        using var operations = new DemoClient(server.Url, server.OperatorToken);
        foreach (var scenario in DemoScenario.All) await operations.CreateFlagAsync(scenario.Feature.Flag, cancellation);

        using var connection = new SlipwayConnection(server.Url, server.TelemetryToken);
        await using var shop = await StorefrontServer.StartAsync(Seed, connection, connection, cancellation);
        var traffic = new TrafficDriver(shop.Url, Seed, RequestsPerSecond, Users, console.Time);
        await say.WriteLineAsync($"""
              Slipway  {Text(server.Url)}  decides who gets the new code
              Shop     {Text(shop.Url)}  asks Slipway's flags through Microsoft.FeatureManagement, reports every second
              Traffic  {RequestsPerSecond} searches a second by {Users:N0} shoppers
            """);

        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var shopping = traffic.RunAsync(closing.Token);
        List<DemoResult> results = [];
        try
        {
            await Task.Delay(WarmUp, console.Time, cancellation);
            var runner = new DemoRunner(operations, shop, folder, server.OutboxDirectory, console, console.Time);
            foreach (var scenario in DemoScenario.All)
            {
                await say.WriteLineAsync($"{Environment.NewLine}Release {results.Count + 1} of {DemoScenario.All.Count}, \"{scenario.Name}\": {scenario.Story}");
                results.Add(await runner.RunAsync(scenario, cancellation));
            }
        }
        finally
        {
            await closing.CancelAsync();
            await shopping;
        }

        return new DemoSummary(results, folder.Path, console.Time.GetElapsedTime(began), traffic.Answered, Users);
    }

    private static string Text(Uri url) => url.AbsoluteUri.TrimEnd('/');
}
