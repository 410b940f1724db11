using Slipway.Core.Releases;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

public sealed class LockActivityTests
{
    private static readonly ReleaseId Mine = ReleaseId.Parse("mine");

    private readonly DeskWorld _world = new();
    private readonly InMemoryLocks _locks = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<LockOutput> Take(params string[] resources) =>
        new TakeLocks(_locks, new ReleaseJournal(_world.Ledger, _world.Snapshots)).RunAsync(new LockInput(Mine, resources), Stop);

    [Fact]
    public async Task Locks_are_taken_all_in_one_order_for_everybody()
    {
        Assert.Equal(new LockOutput("", null), await Take("flag:b", "key:a", "flag:a"));
        Assert.Equal(["flag:a", "flag:b", "key:a"], _locks.Asked);
        Assert.All(_locks.Holders.Values, holder => Assert.Equal(Mine, holder));
        Assert.Equal(new LockOutput("", null), await Take("flag:b", "flag:a"));
    }

    [Fact]
    public async Task Locks_are_taken_not_at_all_where_a_running_release_holds_one()
    {
        var theirs = await _world.StartAsync();
        _locks.Holders["flag:b"] = theirs;

        Assert.Equal(new LockOutput("flag:b", theirs), await Take("flag:c", "flag:b", "flag:a"));
        Assert.Equal(["flag:b"], _locks.Holders.Keys);
        Assert.DoesNotContain("flag:c", _locks.Asked);
    }

    [Fact]
    public async Task A_lock_of_a_release_without_a_ledger_is_not_taken_over()
    {
        _locks.Holders["flag:b"] = ReleaseId.Parse("unknown");

        Assert.Equal(new LockOutput("flag:b", ReleaseId.Parse("unknown")), await Take("flag:b"));
    }

    [Theory]
    [InlineData(ReleasePhase.Completed)]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Failed)]
    public async Task A_lock_that_a_release_left_behind_which_is_over_is_taken_over(ReleasePhase phase)
    {
        var theirs = await _world.StartAsync();
        await _world.EndAsync(theirs, phase);
        _locks.Holders["flag:b"] = theirs;

        var output = await Take("flag:b", "flag:a");

        Assert.Null(output.Holder);
        Assert.Equal([$"flag:b of {theirs}"], output.TakenOver!);
        Assert.All(_locks.Holders.Values, holder => Assert.Equal(Mine, holder));
    }

    [Fact]
    public async Task Locks_of_one_release_are_given_up_alone()
    {
        (_locks.Holders["flag:a"], _locks.Holders["flag:b"]) = (Mine, ReleaseId.Parse("theirs"));

        await new ReleaseLocks(_locks).RunAsync(new UnlockInput(Mine), Stop);

        Assert.Equal(["flag:b"], _locks.Holders.Keys);
    }
}
