using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Scenarios.Stories;

/// <summary>The sweeper looks after each release for itself.</summary>
public class SweepStories
{
    [Fact]
    public async Task A_release_that_cannot_be_read_keeps_nobody_from_the_others()
    {
        await using var world = new ReleaseWorld();
        world.LosesSignals = true;
        var older = await world.StartAsync(Requests.Canary("older-1.0"));
        var damaged = await world.StartAsync(Requests.Canary("damaged-1.0") with { Flags = [Requests.Canary().Flags[0] with { Name = "other" }] });
        world.LosesSignals = false;
        await world.RunUntilAsync(TimeSpan.FromMinutes(1));
        var journal = new ReleaseJournal(new OneUnreadable(world.Ledger, damaged), world.Snapshots);
        var sweeper = new ReleaseSweeper(journal, world.Snapshots, world.Freezes, world, world.Time);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => sweeper.SweepAsync(default));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        await world.RunUntilAsync(older, ReleasePhase.Baking, 0);
        Assert.Equal(ReleasePhase.Received, (await world.StateAsync(damaged)).Phase);
    }

    private sealed class OneUnreadable(ILedger inner, ReleaseId damaged) : ILedger
    {
        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
            release == damaged ? throw new InvalidDataException($"{release} is damaged") : inner.ReadAsync(release, after, cancellation);

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }
}
