using Slipway.Azure.Freezes;
using Slipway.Azure.Ledger;
using Slipway.Azure.Locks;
using Slipway.Azure.Snapshots;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Storage;

/// <summary>Ledgers in append blobs do what every ledger must do.</summary>
public sealed class BlobLedgerContract : LedgerContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.Make();

    public BlobLedgerContract() => Ledger = new BlobLedger(_world.Container, new TickingClock(TestClock.AtNine().GetUtcNow()));

    protected override ILedger Ledger { get; }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}

/// <summary>The same with a new blob behind each two entries.</summary>
public sealed class SegmentedLedgerContract : LedgerContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.Make();

    public SegmentedLedgerContract() => Ledger = new BlobLedger(_world.Container, new TickingClock(TestClock.AtNine().GetUtcNow()), 2);

    protected override ILedger Ledger { get; }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}

/// <summary>Locks in blobs do what all locks must do.</summary>
public sealed class BlobLocksContract : LocksContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.Make();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();

    public BlobLocksContract() => Locks = new BlobLocks(_world.Container, _time);

    protected override ILocks Locks { get; }

    protected override DateTimeOffset Now => _time.GetUtcNow();

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}

/// <summary>Freezes in blobs do what all stores of freezes must do.</summary>
public sealed class BlobFreezesContract : FreezesContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.Make();

    public BlobFreezesContract() => Freezes = new BlobFreezes(_world.Container, new TickingClock(TestClock.AtNine().GetUtcNow()));

    protected override IFreezes Freezes { get; }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}

/// <summary>Snapshots in blobs do what all stores of snapshots must do.</summary>
public sealed class BlobSnapshotsContract : SnapshotsContract, IAsyncDisposable
{
    private readonly BlobWorld _world = BlobWorld.Make();

    public BlobSnapshotsContract() => Snapshots = new BlobReleaseSnapshots(_world.Container, TestClock.AtNine());

    protected override IReleaseSnapshots Snapshots { get; }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
