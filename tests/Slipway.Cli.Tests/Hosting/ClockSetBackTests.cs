using Slipway.Cli.Client;
using Slipway.Cli.Demo;
using Slipway.Cli.Hosting;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>The machine's clock is set back by an hour while a release bakes: it goes on as if nothing had been, not early and not an hour late.</summary>
[Collection(RealTimeTests.Name)]
public sealed class ClockSetBackTests
{
    private static readonly ReleaseId Id = ReleaseId.Parse("clock-test");
    private static readonly TimeSpan Bake = TimeSpan.FromSeconds(4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClockSetBack_MidBake_CompletesWithWholeBakesAndTimesInOrder()
    {
        using var data = new TemporaryData();
        await File.WriteAllTextAsync(Path.Combine(data.Path, PolicyFile.Name), "calendar_rules: false\n", Stop);
        await using var service = await FedService.StartAsync(canaryErrorRate: 0);
        var clock = new MovedClock();
        await using var server = await SlipwayServer.StartAsync(new SlipwayServerOptions { DataDirectory = data.Path, Port = 0, Time = clock }, Stop);
        using var people = new DemoClient(server.Url, server.OperatorToken);
        await people.CreateFlagAsync(FedService.Flag, Stop);
        service.Connect(new ServerFile(server.Url.ToString(), server.OperatorToken, server.TelemetryToken));
        await Deadline.UntilAsync(() => Task.FromResult(service.Fed), "the first telemetry", Stop);
        await people.StartAsync(Request(service), Stop);
        await Deadline.UntilAsync(async () => (await ReadAsync(people)).Any(entry => entry.Body is PhaseEntered { Phase: ReleasePhase.Baking }), "the first bake", Stop);

        clock.By = TimeSpan.FromHours(-1);
        await Deadline.UntilAsync(async () => (await ReadAsync(people)).Any(entry => entry.Body is ReleaseEnded), "the end, without waiting for an hour", Stop, TimeSpan.FromSeconds(60));

        var entries = await ReadAsync(people);
        Assert.Equal(ReleasePhase.Completed, entries.Select(entry => entry.Body).OfType<ReleaseEnded>().Single().Phase);
        Assert.Equal(entries.Select(entry => entry.At).Order(), entries.Select(entry => entry.At));
        foreach (var baking in entries.Where(entry => entry.Body is PhaseEntered { Phase: ReleasePhase.Baking }))
        {
            var ended = entries.First(entry => entry.At >= baking.At && entry.Body is StageEnded stage && stage.Stage == ((PhaseEntered)baking.Body).Stage);
            Assert.True(ended.At - baking.At >= Bake, $"a bake of {Bake} was over after {ended.At - baking.At}");
        }
    }

    private static async Task<IReadOnlyList<(DateTimeOffset At, LedgerBody Body)>> ReadAsync(DemoClient people) =>
        [.. (await people.LedgerAsync(Id, 0, Stop)).Select(entry => (entry.At, entry.Read()))];

    private static string Request(FedService service) => $$"""
        release: { id: {{Id}}, version: 1.1.0, title: Survives its clock, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: {{FedService.Flag}}, kill_switch: true }]
        stages:
          - { percentage: 50, bake: {{Bake.TotalSeconds}}s, max_bake: 60s }
          - { percentage: 100, bake: {{Bake.TotalSeconds}}s, max_bake: 60s }
        guardrails:
          error_rate: { limit: 5% }
          latency_p95: { limit: 500ms }
          availability: { objective: 95% }
          when_blind: { hold: 60s, then: rollback }
        telemetry: { source: embedded, service: {{FedService.Flag}}, interval: 1s, ingestion_delay: 1s, propagation: 1s }
        preflight:
          smoke: [{ name: health, url: "{{service.Health}}", within: 20s }]
        communications: { stakeholders: [{ name: Support, email: support@example.com }] }
        operations: { traffic_rps: 100, windows: ["Mon-Sun 00:00-24:00 UTC"] }
        """;

    /// <summary>The machine's clock, moved; its timer is not.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private long _by;

        public TimeSpan By
        {
            set => Interlocked.Exchange(ref _by, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _by));
    }
}
