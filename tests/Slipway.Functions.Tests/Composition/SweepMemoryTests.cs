using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Functions.Composition;
using Slipway.Functions.Tests.Engine;
using Slipway.Scenarios.World;
using Slipway.Web.Api;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Ports;

namespace Slipway.Functions.Tests.Composition;

/// <summary>What the sweeps of one application know of each other, although each has a sweeper of its own.</summary>
public sealed class SweepMemoryTests
{
    [Fact]
    public async Task A_release_that_was_over_is_not_read_while_the_list_of_summaries_is_away()
    {
        await using var world = new ReleaseWorld();
        var over = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(over, ReleasePhase.Baking, 0);
        await world.CommandAsync(over, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(over);
        var ledger = new CountedReads(world.Ledger);
        var folder = Directory.CreateTempSubdirectory("slipway-functions-").FullName;
        var adapters = AdapterSettings.Open(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [AdapterSettings.Adapters] = "data-folder",
                [AdapterSettings.DataFolder] = folder,
                [AdapterSettings.BaseUrl] = "http://localhost:7071/",
            }).Build(),
            world.Time);
        var app = new SlipwayApp(adapters with { Ports = world.Ports with { Ledger = ledger } }, world.Time, NullLogger<ApiDispatcher>.Instance);
        await using var host = await InProcessHost.StartAsync(new WorkflowRegistry());

        Assert.Empty(await app.Sweeper(host.Client).SweepAsync(TestContext.Current.CancellationToken));
        world.Snapshots.ListBroken = true;
        ledger.Reads = 0;
        await Assert.ThrowsAsync<PortUnavailableException>(() => app.Sweeper(host.Client).SweepAsync(TestContext.Current.CancellationToken));

        Assert.Equal(0, ledger.Reads);
    }

    private sealed class CountedReads(ILedger inner) : ILedger
    {
        public int Reads { get; set; }

        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
        {
            Reads++;
            return inner.ReadAsync(release, after, cancellation);
        }

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }
}
