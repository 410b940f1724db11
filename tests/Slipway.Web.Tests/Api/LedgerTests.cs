using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Api;

public sealed class LedgerTests
{
    private readonly ApiWorld _world = new();

    [Fact]
    public async Task Ledger_Lines_VerifyOffline()
    {
        var release = await _world.StartSampleAsync();
        await _world.AppendAsync(release, new AlertRaised("x", AlertSeverity.Info, "umlaut ü, quote \", tag <b>", "none"));

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/ledger");

        Assert.StartsWith("application/x-ndjson", answer.Headers.ContentType.ToString(), StringComparison.Ordinal);
        var verdict = LedgerChain.Verify(LedgerLines.ReadAll(answer.Body.Split('\n')));
        Assert.True(verdict.Ok, verdict.Sentence);
        Assert.Equal(2, verdict.Count);
    }

    [Fact]
    public async Task Ledger_After_GivesOnlyWhatIsNew()
    {
        var release = await _world.StartSampleAsync();
        await _world.AppendAsync(release, new AlertRaised("x", AlertSeverity.Info, "x", "x"));

        Assert.Equal(2, Assert.Single(LedgerLines.ReadAll((await _world.SendAsync("GET", $"/api/releases/{release}/ledger?after=1")).Body.Split('\n'))).Sequence);
        Assert.Equal("", (await _world.SendAsync("GET", $"/api/releases/{release}/ledger?after=2")).Body);
        (await _world.SendAsync("GET", $"/api/releases/{release}/ledger?after=-1")).Problem(400, "invalid_input");
    }

    [Fact]
    public async Task Events_OfAnEndedRelease_GiveEveryEntryAndThenTheEnd()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.RolledBack);

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/events");

        Assert.StartsWith("text/event-stream", answer.Headers.ContentType.ToString(), StringComparison.Ordinal);
        Assert.Equal(["1", "2", "3"], Values(answer.Body, "id: "));
        Assert.Equal(["release.created.v1", "phase.entered.v1", "release.ended.v1", "end"], Values(answer.Body, "event: "));
        Assert.True(LedgerChain.Verify(LedgerLines.ReadAll(Values(answer.Body, "data: ")[..3])).Ok);
    }

    [Theory]
    [InlineData("1", new[] { "2", "3" })]
    [InlineData("3", new string[0])]
    public async Task Events_ResumeBehindTheLastEventId(string last, string[] expected)
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.Completed);

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/events", headers: ("Last-Event-ID", last));

        Assert.Equal(expected, Values(answer.Body, "id: "));
        Assert.EndsWith("event: end\ndata: {}\n\n", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_ResumedBehindTheEnd_GiveLateNoticesAndEndAgain()
    {
        var release = await _world.StartSampleAsync();
        await _world.EndAsync(release, ReleasePhase.Completed);
        await _world.AppendAsync(release, new AlertRaised("late", AlertSeverity.Info, "late", "none"));

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/events", headers: ("Last-Event-ID", "3"), cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["alert.raised.v1", "end"], Values(answer.Body, "event: "));
    }

    [Fact]
    public async Task Events_WaitForNewEntries_AndStayAliveMeanwhile()
    {
        var release = await _world.StartSampleAsync();
        var appended = 0;
        _world.Ledger.OnRead = reads =>
        {
            if (reads > 100 && Interlocked.Exchange(ref appended, 1) == 0)
            {
                // Past the journal: it is waiting for this very read.
                var end = new LedgerDraft("end", ApiWorld.Start, "slipway", new ReleaseEnded(ReleasePhase.Completed, "for the test", []));
                _ = _world.Ledger.AppendAsync(release, [end], CancellationToken.None);
            }
        };

        var answer = await _world.SendAsync("GET", $"/api/releases/{release}/events", cancellation: TestContext.Current.CancellationToken);

        Assert.Contains(": nothing new\n\n", answer.Body, StringComparison.Ordinal);
        Assert.Equal("end", Values(answer.Body, "event: ")[^1]);
    }

    [Fact]
    public async Task Events_OfThisHost_AreToldWithoutLookingForThem()
    {
        // The stream never looks by itself: only an append wakes it.
        var world = new ApiWorld(new ApiSettings { EventPoll = Timeout.InfiniteTimeSpan });
        var release = await world.StartSampleAsync();
        var reading = new TaskCompletionSource();
        var before = 0;
        world.Ledger.OnRead = reads =>
        {
            // The second read of the stream is the one that found nothing new; from there on it sleeps.
            if (before == 0) before = reads;
            if (reads > before + 1) reading.TrySetResult();
        };
        var stream = world.SendAsync("GET", $"/api/releases/{release}/events", cancellation: TestContext.Current.CancellationToken);
        await reading.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await world.AppendAsync(release, new AlertRaised("x", AlertSeverity.Info, "x", "x"));
        await world.EndAsync(release, ReleasePhase.Completed);

        var answer = await stream.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(["release.created.v1", "alert.raised.v1", "phase.entered.v1", "release.ended.v1", "end"], Values(answer.Body, "event: "));
    }

    [Fact]
    public async Task Events_BadLastEventId_IsRefused()
    {
        var release = await _world.StartSampleAsync();

        (await _world.SendAsync("GET", $"/api/releases/{release}/events", headers: ("Last-Event-ID", "x"))).Problem(400, "invalid_input");
    }

    private static string[] Values(string stream, string field) =>
        [.. stream.Split('\n').Where(line => line.StartsWith(field, StringComparison.Ordinal)).Select(line => line[field.Length..])];
}
