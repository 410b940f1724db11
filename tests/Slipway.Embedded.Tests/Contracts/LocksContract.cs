using Slipway.Core.Releases;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What all locks must do.</summary>
public abstract class LocksContract
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");
    private static readonly ReleaseId Two = ReleaseId.Parse("two");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ILocks Locks { get; }

    /// <summary>What the adapter's clock shows.</summary>
    protected abstract DateTimeOffset Now { get; }

    [Fact]
    public async Task TakeAsync_AFreeResource_IsHeldByTheTakerHoweverOftenItAsks()
    {
        Assert.Equal(One, await Locks.TakeAsync("flag:search", One, Cancellation));
        Assert.Equal(One, await Locks.TakeAsync("flag:search", One, Cancellation));
    }

    [Fact]
    public async Task TakeAsync_AHeldResource_NamesTheHolder()
    {
        await Locks.TakeAsync("flag:search", One, Cancellation);
        Assert.Equal(One, await Locks.TakeAsync("flag:search", Two, Cancellation));
        Assert.Equal(Two, await Locks.TakeAsync("flag:other", Two, Cancellation));
    }

    [Fact]
    public async Task TakeAsync_ByManyAtOnce_IsWonByExactlyOne()
    {
        var holders = await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(number => Locks.TakeAsync("flag:search", ReleaseId.Parse($"r{number}"), Cancellation)));
        Assert.Single(holders.Distinct());
    }

    [Fact]
    public async Task ReleaseAsync_ByItsHolder_FreesThatLockAlone()
    {
        await Locks.TakeAsync("a", One, Cancellation);
        await Locks.TakeAsync("b", One, Cancellation);

        Assert.True(await Locks.ReleaseAsync("a", One, Cancellation));
        Assert.Equal(Two, await Locks.TakeAsync("a", Two, Cancellation));
        Assert.Equal(One, await Locks.TakeAsync("b", Two, Cancellation));
    }

    [Fact]
    public async Task ReleaseAsync_OfALockThatIsFreeOrAnothersOne_ChangesNothing()
    {
        await Locks.TakeAsync("a", One, Cancellation);

        Assert.False(await Locks.ReleaseAsync("a", Two, Cancellation));
        Assert.False(await Locks.ReleaseAsync("b", One, Cancellation));
        Assert.Equal(One, await Locks.TakeAsync("a", Two, Cancellation));
    }

    [Fact]
    public async Task ListAsync_NamesEachLockWithItsHolderAndWhenItWasFirstTaken()
    {
        Assert.Empty(await Locks.ListAsync(Cancellation));
        await Locks.TakeAsync("b", Two, Cancellation);
        await Locks.TakeAsync("a", One, Cancellation);
        await Locks.TakeAsync("a", Two, Cancellation);

        Assert.Equal([new HeldLock("a", One, Now), new HeldLock("b", Two, Now)], await Locks.ListAsync(Cancellation));
    }

    [Fact]
    public async Task ReleaseAllAsync_FreesWhatTheReleaseHoldsAndNothingElse()
    {
        await Locks.TakeAsync("a", One, Cancellation);
        await Locks.TakeAsync("b", One, Cancellation);
        await Locks.TakeAsync("c", Two, Cancellation);
        await Locks.ReleaseAllAsync(One, Cancellation);
        await Locks.ReleaseAllAsync(One, Cancellation);

        Assert.Equal(Two, await Locks.TakeAsync("a", Two, Cancellation));
        Assert.Equal(Two, await Locks.TakeAsync("b", Two, Cancellation));
        Assert.Equal(Two, await Locks.TakeAsync("c", One, Cancellation));
    }
}
