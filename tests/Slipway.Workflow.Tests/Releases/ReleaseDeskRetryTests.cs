using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class ReleaseDeskRetryTests
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_attempt_under_way_is_scheduled_again_by_asking_again_and_one_that_is_over_is_not()
    {
        var first = await _world.StartAsync();
        await _world.EndAsync(first, ReleasePhase.RolledBack);
        var second = await RetryAsync(first);
        _world.Engine.Scheduled.Clear();

        Assert.Equal(second, await RetryAsync(first));
        Assert.Equal([second], _world.Engine.Scheduled);
        await _world.EndAsync(second, ReleasePhase.Failed);

        Assert.Equal(second, await RetryAsync(first));
        Assert.Equal([second], _world.Engine.Scheduled);
    }

    [Fact]
    public async Task An_attempt_whose_link_was_not_recorded_is_not_scheduled_once_it_is_over()
    {
        var first = await _world.StartAsync();
        await _world.EndAsync(first, ReleasePhase.RolledBack);
        var ledger = new PartialLedger(_world.Ledger) { Refuses = draft => draft.Body is ReleaseRetried };
        await Assert.ThrowsAsync<PortUnavailableException>(() => _world.Desk(ledger: ledger).RetryAsync(first, DeskWorld.Requester, "", Stop));
        var second = (await _world.Ledger.ListAsync(Stop))[0];
        await _world.EndAsync(second, ReleasePhase.Failed);
        _world.Engine.Scheduled.Clear();

        Assert.Equal(second, await RetryAsync(first));
        Assert.Empty(_world.Engine.Scheduled);
        Assert.Equal(second, Assert.IsType<ReleaseRetried>((await _world.EntriesAsync(first))[^1].Read()).Successor);
    }

    private async Task<ReleaseId> RetryAsync(ReleaseId release) =>
        Assert.IsType<RetryOutcome.Started>(await _world.Desk().RetryAsync(release, DeskWorld.Requester, "", Stop)).Release;
}
