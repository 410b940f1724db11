using System.Collections.Concurrent;
using System.Diagnostics;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Web.Tests.Fakes;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Tests.Diagnostics;

public sealed class JournalDiagnosticsTests : IDisposable
{
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");

    private readonly LosingLedger _ledger = new(new InMemoryLedger());
    private readonly InMemorySnapshots _snapshots = new();
    private readonly ConcurrentQueue<ReleaseEvent> _events = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ReleaseDiagnostics _diagnostics;
    private readonly ActivityListener _listener;

    public JournalDiagnosticsTests()
    {
        _diagnostics = new ReleaseDiagnostics(TimeProvider.System, _events.Enqueue);
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _diagnostics.Spans),
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _diagnostics.Dispose();
    }

    /// <summary>As after a start of the host: nothing is in memory.</summary>
    private ReleaseJournal Journal() => new(_ledger, _snapshots) { Diagnostics = _diagnostics };

    private static IReadOnlyList<LedgerDraft> Drafts(string sample) =>
        [.. SampleLedgers.All[sample].Skip(1).Select(entry => new LedgerDraft(entry.EntryId, entry.At, entry.Actor, entry.Read()))];

    private async Task<ReleaseJournal> CreatedAsync(string sample)
    {
        var journal = Journal();
        var first = SampleLedgers.All[sample][0];
        await journal.CreateAsync(Release, new LedgerDraft(first.EntryId, first.At, first.Actor, first.Read()), Stop);
        return journal;
    }

    private string Told()
    {
        _diagnostics.Flush();
        return $"{string.Join(' ', _events.Select(told => told.GetType().Name))} | {string.Join(' ', _spans.Select(span => span.OperationName))}";
    }

    [Fact]
    public async Task What_is_appended_is_told_once_with_the_ledger_s_times_and_ids()
    {
        var journal = await CreatedAsync("rolled_back");
        using var outer = new Activity("somebody else").Start();
        foreach (var draft in Drafts("rolled_back")) await journal.AppendAsync(Release, [draft], Stop);

        Assert.Equal("Started RollbackDone Ended | slipway.stage slipway.stage slipway.level slipway.rollback slipway.release", Told());
        var trace = new ReleaseTrace(Release);
        Assert.All(_spans, span => Assert.Equal(trace.TraceId, span.TraceId));
        Assert.Equal([trace.Stage(0), trace.Stage(1), trace.Level(0), trace.Rollback, trace.Root], _spans.Select(span => span.SpanId));
        Assert.Equal([trace.Root, trace.Root, trace.Rollback, trace.Root, default], _spans.Select(span => span.ParentSpanId));
        var entries = SampleLedgers.All["rolled_back"];
        var root = _spans.Last();
        Assert.Equal((entries[0].At.UtcDateTime, $"00-{trace.TraceId}-{trace.Root}-01"), (root.StartTimeUtc, root.Id));
        Assert.Equal(entries.First(entry => entry.Type == "release.ended.v1").At.UtcDateTime, root.StartTimeUtc + root.Duration);
        Assert.Same(outer, Activity.Current);
    }

    [Fact]
    public async Task A_repeated_append_tells_nothing_also_after_a_restart()
    {
        var journal = await CreatedAsync("completed");
        var drafts = Drafts("completed");
        await journal.AppendAsync(Release, drafts, Stop);
        var once = Told();

        await journal.AppendAsync(Release, drafts, Stop);
        await Journal().AppendAsync(Release, drafts, Stop);
        await Journal().StateAsync(Release, Stop);

        Assert.Equal(once, Told());
        Assert.StartsWith("Started Ended | slipway.stage", once, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_appended_although_its_answer_was_lost_is_told_once()
    {
        var journal = await CreatedAsync("completed");
        var drafts = Drafts("completed");
        await journal.StateAsync(Release, Stop);

        _ledger.LosesAnswers = true;
        await Assert.ThrowsAsync<PortUnavailableException>(() => journal.AppendAsync(Release, drafts, Stop));
        _ledger.LosesAnswers = false;
        await journal.AppendAsync(Release, drafts, Stop);
        await journal.AppendAsync(Release, drafts, Stop);

        Assert.StartsWith("Started Ended | slipway.stage slipway.stage slipway.stage slipway.stage slipway.release", Told(), StringComparison.Ordinal);
        Assert.Equal((2, 5), (_events.Count, _spans.Count));
    }

    [Fact]
    public async Task What_somebody_else_appended_is_not_told_here()
    {
        var journal = await CreatedAsync("completed");
        var drafts = Drafts("completed");
        await new ReleaseJournal(_ledger, _snapshots).AppendAsync(Release, [.. drafts.Take(drafts.Count - 1)], Stop);
        await journal.AppendAsync(Release, [drafts[^1]], Stop);

        Assert.Equal(" | ", Told());
    }

    [Fact]
    public async Task A_listener_that_throws_is_nobody_s_problem()
    {
        using var diagnostics = new ReleaseDiagnostics(TimeProvider.System, _ => throw new InvalidOperationException("the log is full"));
        var journal = await CreatedAsync("completed");
        journal.Diagnostics = diagnostics;
        await journal.AppendAsync(Release, Drafts("completed"), Stop);
        diagnostics.Flush();
    }

    /// <summary>A ledger that may take entries and not say so.</summary>
    private sealed class LosingLedger(ILedger inner) : ILedger
    {
        public bool LosesAnswers { get; set; }

        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public async Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation)
        {
            var entries = await inner.AppendAsync(release, drafts, cancellation);
            return LosesAnswers ? throw new PortUnavailableException("ledger", "no answer") : entries;
        }

        public Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) => inner.ReadAsync(release, after, cancellation);

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }
}
