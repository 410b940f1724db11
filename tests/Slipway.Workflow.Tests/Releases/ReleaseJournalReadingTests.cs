using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Releases;

/// <summary>Several who read one release at the same time.</summary>
public sealed class ReleaseJournalReadingTests
{
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");
    private static readonly DateTimeOffset Start = SampleRequests.Start;

    private readonly WatchedLedger _ledger = new();
    private readonly InMemorySnapshots _snapshots = new();
    private readonly ReleaseJournal _journal;

    public ReleaseJournalReadingTests() => _journal = new ReleaseJournal(_ledger, _snapshots);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static LedgerDraft End => new("end", Start.AddSeconds(2), "slipway", new ReleaseEnded(ReleasePhase.Failed, "stopped", []));

    private Task<LedgerCreation> Create() =>
        _journal.CreateAsync(Release, new LedgerDraft("start", Start, "dana@example.com", SampleRequests.Created()), Stop);

    private static LedgerDraft Alert(string id) => new(id, Start.AddSeconds(1), "slipway", new AlertRaised(id, AlertSeverity.Info, $"about {id}", "recorded"));

    private Task<IReadOnlyList<LedgerEntry>> Append(params LedgerDraft[] drafts) => _journal.AppendAsync(Release, drafts, Stop);

    /// <summary>Whoever reads from now on waits for the returned answer.</summary>
    private TaskCompletionSource HoldReads()
    {
        var answer = new TaskCompletionSource();
        _ledger.Answering = () => answer.Task;
        return answer;
    }

    private void AnswerReads() => _ledger.Answering = () => Task.CompletedTask;

    [Fact]
    public async Task A_read_that_hangs_keeps_nobody_else_from_reading()
    {
        await Create();
        await Append(Alert("one"));
        var other = new ReleaseJournal(_ledger, _snapshots);
        var answer = HoldReads();
        var hanging = other.StateAsync(Release, Stop);
        AnswerReads();

        await other.AppendAsync(Release, [Alert("two")], Stop);
        Assert.Equal(3, (await other.StateAsync(Release, Stop))!.Sequence);
        Assert.False(hanging.IsCompleted);

        answer.SetResult();
        Assert.Equal(3, (await hanging)!.Sequence);
    }

    [Fact]
    public async Task What_two_have_read_at_the_same_time_is_folded_and_told_once()
    {
        var told = new List<ReleaseEvent>();
        using var diagnostics = new ReleaseDiagnostics(TimeProvider.System, told.Add);
        _journal.Diagnostics = diagnostics;
        await Create();
        var answer = HoldReads();
        var appended = Append(Alert("one"), End);
        var first = _journal.StateAsync(Release, Stop);
        var second = _journal.StateAsync(Release, Stop);
        answer.SetResult();
        await appended;

        Assert.Same(await first, await second);
        Assert.Equal((3, ReleasePhase.Failed), ((await first)!.Sequence, (await first)!.Phase));
        diagnostics.Flush();
        Assert.Single(told.OfType<ReleaseEvent.Ended>());
    }

    [Fact]
    public async Task A_release_that_is_created_while_two_still_read_that_there_is_none_stays_known()
    {
        var answer = HoldReads();
        var late = _journal.StateAsync(Release, Stop);
        AnswerReads();
        Assert.Null(await _journal.StateAsync(Release, Stop));
        await Create();
        answer.SetResult();
        await late;

        Assert.Equal(1, _journal.Held);
    }

    [Fact]
    public async Task Of_a_release_that_nobody_knows_nothing_stays_in_memory_whether_the_ledger_answers_or_not()
    {
        Assert.Null(await _journal.StateAsync(Release, Stop));
        _ledger.Inner.Down = true;
        await Assert.ThrowsAnyAsync<Exception>(() => _journal.StateAsync(Release, Stop));

        Assert.Equal(0, _journal.Held);
    }

    [Fact]
    public async Task A_move_that_another_append_has_folded_is_in_the_report_that_it_publishes()
    {
        await Create();
        var answer = HoldReads();
        var moving = Append(End);
        AnswerReads();

        await Append(Alert("after"));

        var published = (await _snapshots.GetAsync(Release, Stop))!;
        Assert.Equal((3, ReleasePhase.Failed), (published.Sequence, published.Summary.Phase));
        Assert.Contains("about after", published.ReportJson, StringComparison.Ordinal);
        answer.SetResult();
        await moving;
    }

    [Fact]
    public async Task Whoever_asks_while_a_ledger_is_read_from_its_beginning_waits_for_that_and_reads_the_rest()
    {
        await Create();
        await Append(Alert("one"));
        var journal = new ReleaseJournal(_ledger, _snapshots, time: new HeldTimers());
        _ledger.ReadAfter.Clear();
        var answer = HoldReads();
        var first = journal.StateAsync(Release, Stop);
        var second = journal.StateAsync(Release, Stop);
        answer.SetResult();

        Assert.Same(await first, await second);
        Assert.Equal([0L, 2], _ledger.ReadAfter);
    }

    [Fact]
    public async Task But_no_longer_than_for_two_seconds()
    {
        await Create();
        var time = new HeldTimers();
        var journal = new ReleaseJournal(_ledger, _snapshots, time: time);
        var answer = HoldReads();
        var hanging = journal.StateAsync(Release, Stop);
        AnswerReads();
        var second = journal.StateAsync(Release, Stop);
        Assert.False(second.IsCompleted);

        time.Fire(ReleaseJournal.FirstReadPatience);

        Assert.Equal(1, (await second)!.Sequence);
        Assert.False(hanging.IsCompleted);
        answer.SetResult();
        await hanging;
    }
}
