using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;

namespace Slipway.Cli.Tests.Hosting;

/// <summary>A release survives that its server is killed, at the worst moments, and ends right after a restart.</summary>
[Collection(RealTimeTests.Name)]
public sealed class KillTests
{
    private static readonly ReleaseId Id = ReleaseId.Parse("kill-test");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_MidBake_CompletesAfterTheRestart()
    {
        using var data = new TemporaryData();
        await using var service = await FedService.StartAsync(canaryErrorRate: 0);
        using (var first = await BeginAsync(data, service))
        {
            await UntilAsync(first, entries => entries.OfType<PhaseEntered>().Any(entry => entry.Phase == ReleasePhase.Baking), "the first bake");
            await first.KillAsync();
        }

        using var second = await ServeProcess.StartAsync(data.Path, Stop);
        service.Connect(second.File);
        var ended = await EndAsync(second);

        Assert.Equal(ReleasePhase.Completed, ended.Phase);
        Assert.True(await FlagIsOnAsync(second));
        await AssertChainAsync(second);
    }

    [Fact]
    public async Task Killed_MidRollback_EndsRolledBackWithTheFlagOff()
    {
        using var data = new TemporaryData();
        await using var service = await FedService.StartAsync(canaryErrorRate: 0.5);
        using (var first = await BeginAsync(data, service))
        {
            await UntilAsync(first, entries => entries.OfType<StageStarted>().Any(), "the first stage");
            // The smoke check after the rollback hangs, so that the kill comes in its middle and not after it.
            service.Hang();
            await UntilAsync(first, entries => entries.OfType<RollbackBegun>().Any(), "the rollback");
            await first.KillAsync();
        }

        service.Recover();
        using var second = await ServeProcess.StartAsync(data.Path, Stop);
        service.Connect(second.File);
        var before = await ReadAsync(second);
        var ended = await EndAsync(second);

        Assert.DoesNotContain(before, body => body is ReleaseEnded);
        Assert.Equal(ReleasePhase.RolledBack, ended.Phase);
        Assert.False(await FlagIsOnAsync(second));
        await AssertChainAsync(second);
    }

    private static async Task<ServeProcess> BeginAsync(TemporaryData data, FedService service)
    {
        var server = await ServeProcess.StartAsync(data.Path, Stop);
        try
        {
            await server.Operator.CreateFlagAsync(FedService.Flag, Stop);
            service.Connect(server.File);
            await Deadline.UntilAsync(() => Task.FromResult(service.Fed), "the first telemetry", Stop);
            await server.Operator.StartAsync(Request(service), Stop);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private static Task UntilAsync(ServeProcess server, Func<IReadOnlyList<LedgerBody>, bool> isSo, string what) =>
        Deadline.UntilAsync(async () => isSo(await ReadAsync(server)), what, Stop, Limit);

    private static async Task<ReleaseEnded> EndAsync(ServeProcess server)
    {
        await UntilAsync(server, entries => entries.OfType<ReleaseEnded>().Any(), "the end");
        return (await ReadAsync(server)).OfType<ReleaseEnded>().Single();
    }

    private static async Task<IReadOnlyList<LedgerBody>> ReadAsync(ServeProcess server) =>
        [.. (await server.Operator.LedgerAsync(Id, 0, Stop)).Select(entry => entry.Read())];

    private static async Task<bool> FlagIsOnAsync(ServeProcess server)
    {
        using var flag = JsonDocument.Parse(await server.Operator.FlagAsync(FedService.Flag, Stop));
        return flag.RootElement.GetProperty("enabled").GetBoolean();
    }

    private static async Task AssertChainAsync(ServeProcess server)
    {
        var verdict = LedgerChain.Verify(await server.Operator.LedgerAsync(Id, 0, Stop));
        Assert.True(verdict.Ok, verdict.Sentence);
    }

    private static string Request(FedService service) => $$"""
        release: { id: kill-test, version: 1.1.0, title: Survives a kill, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: {{FedService.Flag}}, kill_switch: true }]
        stages:
          - { percentage: 50, bake: 5s, max_bake: 40s }
          - { percentage: 100, bake: 2s, max_bake: 40s }
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
}
