using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Tests.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Tests.Fakes;

namespace Slipway.Workflow.Tests.Activities;

/// <summary>A poll is given up after half a minute: what hangs beside telemetry must not cost the release its sight.</summary>
public sealed class PollPatienceTests
{
    private static readonly DateTimeOffset From = SampleRequests.Start;
    private static readonly ReleaseId Release = ReleaseId.Parse("search-index-v2");

    private readonly WatchedLedger _ledger = new();
    private readonly FakeFlagStore _flags = new();
    private readonly HeldTimers _time = new();
    private readonly FakeMetrics _metrics = new(FakeMetrics.Row(From, "westeurope", 100, 1));
    private readonly List<FlagState> _left = [];

    public PollPatienceTests()
    {
        foreach (var flag in new[] { "one", "two", "three" })
        {
            _flags.Create(flag);
            _left.Add(_flags.Touch(flag, 5));
        }

        _ledger.CreateAsync(Release, new LedgerDraft("start", From, "dana@example.com", SampleRequests.Created()), Stop);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flags_that_hang_are_given_up_together_after_three_seconds_and_take_nothing_else_with_them()
    {
        _flags.Hanging.UnionWith(["one", "three"]);
        _flags.Touch("two", 50);
        var poll = Poll();
        Assert.Equal((false, 0), (poll.IsCompleted, _metrics.Reads));

        _time.Fire(TimeSpan.FromSeconds(3));

        var output = await poll;
        Assert.Single(output.Observations);
        Assert.Equal((1, ""), (output.Cursor, output.Problem));
        Assert.Equal(["two is at 50 %, Slipway left it at 5 %"], output.Drift);
    }

    [Fact]
    public async Task A_ledger_that_hangs_is_given_up_after_five_seconds_and_takes_only_directive_and_drift_with_it()
    {
        // It does not even heed that it was given up.
        _ledger.Answering = () => new TaskCompletionSource().Task;
        _flags.Touch("two", 50);
        var poll = Poll();
        Assert.Equal((false, 0), (poll.IsCompleted, _metrics.Reads));

        _time.Fire(TimeSpan.FromSeconds(5));

        var output = await poll;
        Assert.Single(output.Observations);
        Assert.Equal((1, null, ""), (output.Cursor, output.Directive, output.Problem));
        Assert.Empty(output.Drift);
    }

    [Fact]
    public async Task A_poll_that_is_itself_ended_is_a_cancellation()
    {
        _flags.Hanging.Add("one");
        using var ended = new CancellationTokenSource();
        var poll = Poll(ended.Token);

        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        Assert.Equal(0, _metrics.Reads);
    }

    private Task<PollOutput> Poll(CancellationToken? cancellation = null) => new PollRelease(_ledger, _flags, _metrics, _time).RunAsync(
        new PollInput(Release, 1, SampleRequests.Plan().Watch, From, From.AddMinutes(1), _left), cancellation ?? Stop);
}
