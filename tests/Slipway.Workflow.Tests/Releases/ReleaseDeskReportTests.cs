using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

/// <summary>Reports of a release that is over: nobody else answers them, so that each is recorded with its answer.</summary>
public sealed class ReleaseDeskReportTests
{
    private readonly DeskWorld _world = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("warm the cache", true)]
    [InlineData("measure first", false)]
    public async Task Of_two_reports_under_one_id_at_once_the_second_is_accepted_only_where_it_says_the_same(string second, bool accepted)
    {
        var release = await CompletedAsync();
        var ledger = new WatchedLedger(_world.Ledger);
        var desk = _world.Desk(ledger: ledger);
        CommandOutcome? first = null;
        await desk.GetAsync(release, Stop);
        ledger.Answering = async () =>
        {
            // Both have seen that there is none, and then the other one is faster.
            if (ledger.ReadAfter[^1] == 0) first ??= await _world.Desk().ReportAsync(release, Lesson("l1", "warm the cache"), Stop);
        };
        var outcome = await desk.ReportAsync(release, Lesson("l1", second), Stop);

        var sequence = Assert.IsType<CommandOutcome.Accepted>(first).Sequence;
        Assert.Equal(accepted ? new CommandOutcome.Accepted(sequence) : new CommandOutcome.OtherContent(sequence), outcome);
        Assert.Equal("warm the cache", Assert.Single(Bodies<SignalReceived>(await _world.EntriesAsync(release))).Signal.Text);
        Assert.Single(Bodies<CommandApplied>(await _world.EntriesAsync(release)), applied => applied.CommandId == "l1");
    }

    [Fact]
    public async Task The_answer_to_a_report_takes_no_id_that_another_report_may_have()
    {
        var release = await CompletedAsync();

        Assert.IsType<CommandOutcome.Accepted>(await _world.Desk().ReportAsync(release, Lesson("l1", "warm the cache"), Stop));
        Assert.IsType<CommandOutcome.Accepted>(await _world.Desk().ReportAsync(release, Lesson("l1:answer", "measure first"), Stop));
        Assert.IsType<CommandOutcome.Accepted>(await _world.Desk().ReportAsync(release, Lesson("answer:l1", "ask support"), Stop));

        var entries = await _world.EntriesAsync(release);
        Assert.Equal(["warm the cache", "measure first", "ask support"], Bodies<SignalReceived>(entries).Select(received => received.Signal.Text));
        Assert.Equal(["l1", "l1:answer", "answer:l1"], Bodies<CommandApplied>(entries).Select(applied => applied.CommandId).TakeLast(3));
    }

    [Fact]
    public async Task A_report_that_an_earlier_version_answered_is_recorded_once()
    {
        var release = await CompletedAsync();
        await new ReleaseJournal(_world.Ledger, _world.Snapshots).AppendAsync(
            release,
            [
                new LedgerDraft("command:l1", SampleRequests.Start, "dana@example.com", new SignalReceived(Lesson("l1", "warm the cache"))),
                new LedgerDraft("command:l1:answer", SampleRequests.Start, "slipway", new CommandApplied("l1", "the lesson is kept with the release")),
            ],
            Stop);
        var count = (await _world.EntriesAsync(release)).Count;

        Assert.Equal(new CommandOutcome.Accepted(count - 1), await _world.Desk().ReportAsync(release, Lesson("l1", "warm the cache"), Stop));
        Assert.Equal(count, (await _world.EntriesAsync(release)).Count);
    }

    private static ReleaseSignal Lesson(string id, string text) => new(id, ReleaseSignalKind.Lesson, "dana@example.com", text);

    private static IEnumerable<T> Bodies<T>(IReadOnlyList<LedgerEntry> entries)
        where T : LedgerBody => entries.Select(entry => entry.Read()).OfType<T>();

    private async Task<ReleaseId> CompletedAsync()
    {
        var entries = SampleLedgers.All["completed"];
        var release = ((ReleaseCreated)entries[0].Read()).Plan.ReleaseId;
        LedgerDraft[] drafts = [.. entries.Select(entry => new LedgerDraft(entry.EntryId, entry.At, entry.Actor, entry.Read()))];
        await _world.Ledger.CreateAsync(release, drafts[0], Stop);
        await _world.Ledger.AppendAsync(release, drafts[1..], Stop);
        return release;
    }
}
