using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

public sealed class ReleaseJournalTests
{
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");
    private static readonly DateTimeOffset Start = SampleRequests.Start;

    private readonly WatchedLedger _ledger = new();
    private readonly InMemorySnapshots _snapshots = new();
    private readonly ReleaseJournal _journal;

    public ReleaseJournalTests() => _journal = new ReleaseJournal(_ledger, _snapshots);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<LedgerCreation> Create() =>
        _journal.CreateAsync(Release, new LedgerDraft("start", Start, "dana@example.com", SampleRequests.Created()), Stop);

    private static LedgerDraft Alert(string id, double seconds = 1) =>
        new(id, Start.AddSeconds(seconds), "slipway", new AlertRaised(id, AlertSeverity.Info, $"about {id}", "recorded"));

    private static LedgerDraft Phase(ReleasePhase phase, double seconds) =>
        new($"phase:{phase}", Start.AddSeconds(seconds), "slipway", new PhaseEntered(phase, ReleaseTrigger.Begin, -1, "the workflow moved", null, ""));

    private Task<IReadOnlyList<LedgerEntry>> Append(params LedgerDraft[] drafts) => _journal.AppendAsync(Release, drafts, Stop);

    private async Task<ReleaseSnapshot> Published() => (await _snapshots.GetAsync(Release, Stop))!;

    [Fact]
    public async Task A_created_release_is_published()
    {
        Assert.Equal(LedgerCreation.Created, await Create());

        var snapshot = await Published();
        Assert.Equal((1, ReleasePhase.Received), (snapshot.Sequence, snapshot.Summary.Phase));
        Assert.Contains("\"search-index-v2\"", snapshot.ReportJson, StringComparison.Ordinal);
        Assert.Equal(LedgerCreation.SameContent, await Create());
        Assert.Equal([Release], await _journal.ListAsync(Stop));
    }

    [Fact]
    public async Task A_release_is_created_although_its_snapshot_cannot_be_stored_and_is_published_when_that_is_asked_for()
    {
        var away = new SnapshotsAway(_snapshots) { Away = true };
        var journal = new ReleaseJournal(_ledger, away);

        Assert.Equal(LedgerCreation.Created, await journal.CreateAsync(Release, new LedgerDraft("start", Start, "dana@example.com", SampleRequests.Created()), Stop));
        Assert.Equal(1, (await journal.StateAsync(Release, Stop))!.Sequence);
        Assert.Empty(await _snapshots.ListAsync(0, 10, Stop));
        await Assert.ThrowsAsync<PortUnavailableException>(() => journal.PublishAsync(Release, Stop));

        away.Away = false;
        await journal.PublishAsync(Release, Stop);
        Assert.Equal(1, (await Published()).Sequence);
    }

    [Fact]
    public async Task Only_the_last_finished_releases_stay_in_memory_and_the_others_are_folded_again()
    {
        ReleaseId[] ids = [.. Enumerable.Range(1, ReleaseJournal.FinishedKept + 8).Select(number => ReleaseId.Parse($"release-{number}"))];
        foreach (var id in ids)
        {
            await _journal.CreateAsync(id, new LedgerDraft("start", Start, "dana@example.com", SampleRequests.Created()), Stop);
            await _journal.AppendAsync(id, [new LedgerDraft("end", Start.AddSeconds(1), "slipway", new ReleaseEnded(ReleasePhase.Failed, "stopped", []))], Stop);
        }

        Assert.Equal(ReleaseJournal.FinishedKept, _journal.Held);
        foreach (var id in ids) Assert.Equal(ReleasePhase.Failed, (await _journal.StateAsync(id, Stop))!.Phase);
        Assert.Equal(ReleaseJournal.FinishedKept, _journal.Held);

        await Create();
        Assert.Equal(ReleaseJournal.FinishedKept + 1, _journal.Held);
    }

    [Fact]
    public async Task The_state_is_the_fold_of_the_ledger()
    {
        await Create();
        await Append(Phase(ReleasePhase.Preflight, 1), Alert("one", 2));

        var state = await _journal.StateAsync(Release, Stop);

        var folded = ReleaseState.Fold(await _ledger.ReadAsync(Release, 0, Stop));
        Assert.Equal((folded.Sequence, folded.HeadHash, folded.Phase), (state!.Sequence, state.HeadHash, state.Phase));
        Assert.Contains("one", state.Alerts.Keys);
    }

    [Fact]
    public async Task Entries_that_were_folded_are_not_read_again()
    {
        await Create();
        await Append(Alert("one"), Alert("two"));
        _ledger.ReadAfter.Clear();

        await _journal.StateAsync(Release, Stop);
        await Append(Alert("three"));
        await _journal.StateAsync(Release, Stop);

        Assert.Equal([3L, 3, 4], _ledger.ReadAfter);
    }

    [Fact]
    public async Task An_entry_is_appended_once_however_often_it_is_sent()
    {
        await Create();
        var first = Assert.Single(await Append(Alert("one")));
        var output = await new AppendEntries(_journal).RunAsync(new AppendInput(Release, [Alert("one"), Alert("two")]), Stop);

        Assert.Equal((2, 3), (first.Sequence, output.Sequence));
        Assert.Equal(3, (await _journal.StateAsync(Release, Stop))!.Sequence);
    }

    [Fact]
    public async Task Two_journals_on_one_ledger_see_each_others_entries()
    {
        var other = new ReleaseJournal(_ledger, _snapshots);
        await Create();
        Assert.Equal(1, (await other.StateAsync(Release, Stop))!.Sequence);

        await Append(Alert("mine"));
        await other.AppendAsync(Release, [Alert("theirs")], Stop);
        await Append(Alert("mine again"));

        foreach (var journal in new[] { _journal, other })
        {
            var state = await journal.StateAsync(Release, Stop);
            Assert.Equal(["mine", "mine again", "theirs"], state!.Alerts.Keys);
            Assert.Equal(4, state.Sequence);
        }

        Assert.Equal(4, (await Published()).Sequence);
    }

    [Fact]
    public async Task Appends_at_the_same_time_are_all_in_the_state()
    {
        await Create();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => Append(Alert($"alert {number}")), Stop)));

        Assert.Equal(50, (await _journal.StateAsync(Release, Stop))!.Alerts.Count);
        Assert.Equal(51, (await Published()).Sequence);
    }

    [Fact]
    public async Task Between_two_moves_the_summary_is_always_renewed_and_the_report_once_a_minute_of_ledger_time()
    {
        await Create();
        var first = await Published();

        await Append(Alert("soon", 59));
        var soon = await Published();
        Assert.Equal((2, Start.AddSeconds(59)), (soon.Sequence, soon.Summary.UpdatedAt));
        Assert.Equal(first.ReportJson, soon.ReportJson);

        await Append(Alert("late", 60));
        var late = await Published();
        Assert.Contains("about late", late.ReportJson, StringComparison.Ordinal);

        await Append(Alert("later", 119));
        Assert.Equal(late.ReportJson, (await Published()).ReportJson);
    }

    [Fact]
    public async Task A_move_of_the_release_renews_the_report_at_once()
    {
        await Create();
        await Append(Alert("soon", 1));
        Assert.DoesNotContain("about soon", (await Published()).ReportJson, StringComparison.Ordinal);

        await Append(Phase(ReleasePhase.Preflight, 2));

        var moved = await Published();
        Assert.Equal(ReleasePhase.Preflight, moved.Summary.Phase);
        Assert.Contains("about soon", moved.ReportJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_asked_for_is_fresh_whatever_was_published()
    {
        await Create();
        await Append(Alert("soon", 1));

        var asked = await _journal.SnapshotAsync(Release, Start.AddSeconds(2), Stop);

        Assert.Equal(2, asked!.Sequence);
        Assert.Contains("about soon", asked.ReportJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_does_not_exist_has_no_state_until_it_is_created()
    {
        Assert.Null(await _journal.StateAsync(Release, Stop));
        Assert.Null(await _journal.SnapshotAsync(Release, Start, Stop));

        await Create();

        Assert.Equal(1, (await _journal.StateAsync(Release, Stop))!.Sequence);
    }

    [Fact]
    public async Task A_ledger_that_was_away_is_caught_up_with()
    {
        await Create();
        _ledger.Inner.Down = true;
        await Assert.ThrowsAsync<PortUnavailableException>(() => Append(Alert("one")));
        await Assert.ThrowsAsync<PortUnavailableException>(() => _journal.StateAsync(Release, Stop));

        _ledger.Inner.Down = false;
        await Append(Alert("one"));

        Assert.Equal(2, (await _journal.StateAsync(Release, Stop))!.Sequence);
        Assert.Equal(2, (await Published()).Sequence);
    }

    [Fact]
    public async Task Entries_after_the_end_are_published_with_a_new_report()
    {
        await Create();
        await Append(Phase(ReleasePhase.Failed, 1));
        await Append(new LedgerDraft("told", Start.AddSeconds(2), "slipway", new MessageSent("m-1", Checkpoint.Done, "support@example.com", EffectKind.Mail, true, "outbox", false)));

        var last = await Published();
        Assert.Equal((3, ReleasePhase.Failed), (last.Sequence, last.Summary.Phase));
        Assert.Equal((await _journal.SnapshotAsync(Release, Start.AddSeconds(2), Stop))!.ReportJson, last.ReportJson);
    }

    private sealed class SnapshotsAway(IReleaseSnapshots inner) : IReleaseSnapshots
    {
        public bool Away { get; set; }

        public Task PutAsync(ReleaseSnapshot snapshot, CancellationToken cancellation) =>
            Away ? throw new PortUnavailableException("snapshots", "away") : inner.PutAsync(snapshot, cancellation);

        public Task<ReleaseSnapshot?> GetAsync(ReleaseId release, CancellationToken cancellation) => inner.GetAsync(release, cancellation);

        public Task<IReadOnlyList<ReleaseSummary>> ListAsync(int skip, int take, CancellationToken cancellation) => inner.ListAsync(skip, take, cancellation);
    }
}
