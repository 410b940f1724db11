using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Tests.Contracts;

/// <summary>What all stores of freezes must do.</summary>
public abstract class FreezesContract
{
    private static readonly DateTimeOffset Nine = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IFreezes Freezes { get; }

    private static FleetFreeze Freeze(string id, TimeSpan? lasts = null) => new(id, "dana", $"because {id}", Nine, Nine + lasts, null);

    [Fact]
    public async Task RaiseAsync_ANewFreeze_IsInForceUntilItsEndExclusive()
    {
        Assert.True(await Freezes.RaiseAsync(Freeze("a", TimeSpan.FromHours(1)), Cancellation));

        Assert.Equal([Freeze("a", TimeSpan.FromHours(1))], await Freezes.InForceAsync(Nine, Cancellation));
        Assert.Single(await Freezes.InForceAsync(Nine.AddHours(1).AddTicks(-1), Cancellation));
        Assert.Empty(await Freezes.InForceAsync(Nine.AddHours(1), Cancellation));
    }

    [Fact]
    public async Task RaiseAsync_AnIdThatIsThere_ChangesNothing()
    {
        await Freezes.RaiseAsync(Freeze("a"), Cancellation);

        Assert.False(await Freezes.RaiseAsync(Freeze("a", TimeSpan.FromHours(1)), Cancellation));
        Assert.Equal([Freeze("a")], await Freezes.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task LiftAsync_EndsAFreezeOnceAndKeepsWhoAndWhy()
    {
        await Freezes.RaiseAsync(Freeze("a"), Cancellation);
        var lift = new FreezeLift("lee", "over", Nine.AddHours(2));

        Assert.True(await Freezes.LiftAsync("a", lift, Cancellation));
        Assert.False(await Freezes.LiftAsync("a", new FreezeLift("dana", "again", Nine.AddHours(3)), Cancellation));
        Assert.False(await Freezes.LiftAsync("b", lift, Cancellation));
        Assert.Empty(await Freezes.InForceAsync(Nine.AddHours(1), Cancellation));
        Assert.Equal([Freeze("a") with { Lifted = lift }], await Freezes.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task Lists_InForceOldestFirstAndHistoryNewestFirst()
    {
        foreach (var id in new[] { "a", "b", "c" }) await Freezes.RaiseAsync(Freeze(id), Cancellation);
        await Freezes.LiftAsync("b", new FreezeLift("lee", "", Nine), Cancellation);

        Assert.Equal(["a", "c"], (await Freezes.InForceAsync(Nine, Cancellation)).Select(freeze => freeze.Id));
        Assert.Equal(["c", "b"], (await Freezes.ListAsync(2, Cancellation)).Select(freeze => freeze.Id));
    }
}
