using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class ReleaseDeskCommandTests
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ReleaseCommand Command(string id, ReleaseCommandKind kind = ReleaseCommandKind.Pause) => new(id, kind, "otto@example.com", "it looks odd");

    [Fact]
    public async Task A_command_is_in_the_ledger_before_the_release_is_woken()
    {
        var release = await _world.StartAsync();
        IReadOnlyList<LedgerEntry> seen = [];
        _world.Engine.OnWake = async woken => seen = await _world.EntriesAsync(woken);

        var outcome = await _world.Desk().CommandAsync(release, Command("c-1"), Stop);

        Assert.Equal(new CommandOutcome.Accepted(2), outcome);
        Assert.Equal(Command("c-1"), Assert.IsType<CommandReceived>(seen[^1].Read()).Command);
        Assert.Equal("otto@example.com", seen[^1].Actor);
    }

    [Fact]
    public async Task A_command_that_is_recorded_is_accepted_although_nobody_can_be_woken()
    {
        var release = await _world.StartAsync();

        Assert.Equal(new CommandOutcome.Accepted(2), await _world.Desk(new AbsentEngine()).CommandAsync(release, Command("c-1"), Stop));

        Assert.IsType<CommandReceived>((await _world.EntriesAsync(release))[^1].Read());
        await _world.Desk().RepairAsync(Stop);
        Assert.Equal([release], _world.Engine.Woken);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_is_recorded_once_and_wakes_again()
    {
        var release = await _world.StartAsync();

        var first = await _world.Desk().CommandAsync(release, Command("c-1"), Stop);
        await _world.Desk().CommandAsync(release, Command("c-2"), Stop);
        var again = await _world.Desk().CommandAsync(release, Command("c-1", ReleaseCommandKind.Abort), Stop);

        Assert.Equal(first, again);
        Assert.Equal(3, _world.Engine.Woken.Count);
        Assert.Equal(
            [Command("c-1"), Command("c-2")],
            (await _world.EntriesAsync(release)).Select(entry => entry.Read()).OfType<CommandReceived>().Select(received => received.Command));
    }

    [Fact]
    public async Task A_command_to_no_release_or_to_one_that_is_over_records_nothing()
    {
        Assert.Equal(new CommandOutcome.NotFound(), await _world.Desk().CommandAsync(ReleaseId.Parse("nothing"), Command("c-1"), Stop));
        var release = await _world.StartAsync();
        await _world.EndAsync(release, ReleasePhase.RolledBack);

        Assert.Equal(new CommandOutcome.Ended(ReleasePhase.RolledBack), await _world.Desk().CommandAsync(release, Command("c-1"), Stop));

        Assert.Equal(2, (await _world.EntriesAsync(release)).Count);
        Assert.Empty(_world.Engine.Woken);
    }

    [Fact]
    public async Task A_command_that_is_sent_again_after_the_end_was_accepted_whatever_came_of_it()
    {
        var release = await _world.StartAsync();
        await _world.Desk().CommandAsync(release, Command("c-1"), Stop);
        await _world.EndAsync(release, ReleasePhase.Failed);

        Assert.Equal(new CommandOutcome.Accepted(2), await _world.Desk().CommandAsync(release, Command("c-1"), Stop));
        Assert.Equal(3, (await _world.EntriesAsync(release)).Count);
    }
}
