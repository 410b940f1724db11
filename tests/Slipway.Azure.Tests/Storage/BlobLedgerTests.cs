using System.Text;
using Slipway.Azure.Ledger;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Storage;

/// <summary>Ledgers in append blobs: several processes, lost answers, and what is stored.</summary>
public sealed class BlobLedgerTests : IAsyncDisposable
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");

    private readonly BlobWorld _world = BlobWorld.OnServer();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FakeBlobService Service => _world.Service!;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_blobs_are_lines_that_verify_and_are_only_ever_created_and_appended_to()
    {
        var ledger = Open(3);
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        for (var number = 0; number < 6; number++) await ledger.AppendAsync(One, [LedgerSamples.Note($"{number}", number)], Cancellation);

        Assert.Equal(["state/one/0000000001.jsonl", "state/one/0000000004.jsonl", "state/one/0000000007.jsonl"], Service.Names);
        var lines = Service.Names.SelectMany(name => Encoding.UTF8.GetString(Service[name]).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(LedgerChain.Verify(LedgerLines.ReadAll(lines)) is { Ok: true, Count: 7 });
        Assert.DoesNotContain(Service.Requests, request => request.StartsWith("DELETE", StringComparison.Ordinal));
        var creations = Service.Requests.Where(request => request.StartsWith("PUT", StringComparison.Ordinal) && !request.EndsWith("appendblock", StringComparison.Ordinal));
        Assert.Equal(creations.Distinct(), creations);
    }

    [Fact]
    public async Task Two_processes_that_append_in_turns_leave_one_chain()
    {
        var (left, right) = (Open(), Open());
        await left.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        for (var number = 0; number < 5; number++)
        {
            await left.AppendAsync(One, [LedgerSamples.Note($"l{number}", number)], Cancellation);
            await right.AppendAsync(One, [LedgerSamples.Note($"r{number}", number)], Cancellation);
        }

        var entries = await Open().ReadAsync(One, 0, Cancellation);
        Assert.Equal(["created", "l0", "r0", "l1", "r1", "l2", "r2", "l3", "r3", "l4", "r4"], entries.Select(entry => entry.EntryId));
        Assert.True(LedgerChain.Verify(entries).Ok);
    }

    [Fact]
    public async Task What_another_process_has_appended_with_the_same_id_is_returned_and_not_written_again()
    {
        var (left, right) = (Open(), Open());
        await left.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        await right.ReadAsync(One, 0, Cancellation);
        var stored = Assert.Single(await left.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation));

        var again = await right.AppendAsync(One, [LedgerSamples.Note("a", 99), LedgerSamples.Note("b", 2)], Cancellation);
        Assert.Equal([(2L, stored.Hash), (3L, again[1].Hash)], again.Select(entry => (entry.Sequence, entry.Hash)));
        Assert.Equal(3, (await left.ReadAsync(One, 0, Cancellation)).Count);
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_is_written_once()
    {
        var ledger = Open();
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var lost = 0;
        Service.LosesAnswer = request => request.EndsWith("appendblock", StringComparison.Ordinal) && lost++ == 0;

        var entry = Assert.Single(await ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation));
        Assert.Equal((2L, "a"), (entry.Sequence, entry.EntryId));
        Assert.Equal(["created", "a"], (await Open().ReadAsync(One, 0, Cancellation)).Select(read => read.EntryId));
        Assert.Equal(2, lost);
    }

    [Fact]
    public async Task A_ledger_whose_creator_died_before_the_first_entry_is_finished_by_whoever_starts_the_same_again()
    {
        Service.LosesAnswer = request => request == "PUT /state/one/0000000001.jsonl";
        await Assert.ThrowsAsync<PortUnavailableException>(() => Open().CreateAsync(One, LedgerSamples.Creation(One), new CancellationTokenSource().Token).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Service.LosesAnswer = _ => false;
        Assert.Empty(Service["state/one/0000000001.jsonl"]);
        Assert.Empty(await Open().ReadAsync(One, 0, Cancellation));
        Assert.Equal([One], await Open().ListAsync(Cancellation));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Open().AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation));

        Assert.Equal(LedgerCreation.OtherContent, await Open().CreateAsync(One, LedgerSamples.Creation(One, "hash-b"), Cancellation));
        Assert.Equal(LedgerCreation.Created, await Open().CreateAsync(One, LedgerSamples.Creation(One), Cancellation));
        Assert.Single(await Open().ReadAsync(One, 0, Cancellation));
    }

    [Fact]
    public async Task What_is_new_costs_one_request_and_an_append_too()
    {
        var ledger = Open();
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        await ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation);
        Service.Forget();

        await ledger.AppendAsync(One, [LedgerSamples.Note("b", 2)], Cancellation);
        Assert.Single(Service.Requests);
        Service.Forget();
        Assert.Empty(await ledger.ReadAsync(One, 3, Cancellation));
        Assert.Equal("b", Assert.Single(await ledger.ReadAsync(One, 2, Cancellation)).EntryId);
        Assert.Equal(2, Service.Requests.Count);
    }

    [Theory]
    [InlineData("{}\n", "byte 0: member 'sequence' is missing")]
    [InlineData("not whole", "ends within a line, at byte 0")]
    public async Task Content_that_is_no_ledger_is_refused_with_its_place(string content, string says)
    {
        await Open().CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        Service["state/one/0000000001.jsonl"] = Encoding.UTF8.GetBytes(content);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Open().ReadAsync(One, 0, Cancellation));
        Assert.Contains($"one/0000000001.jsonl", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AuthorizationPermissionMismatch", "needs the role Storage Blob Data Contributor")]
    [InlineData(404, "ContainerNotFound", "answered 404 ContainerNotFound")]
    [InlineData(503, "ServerBusy", "answered 503 ServerBusy")]
    public async Task A_service_that_does_not_do_it_is_an_outage_with_words(int status, string code, string says)
    {
        var ledger = Open();
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        for (var answer = 0; answer < 3; answer++) Service.Script.Add(status, "", ("x-ms-error-code", code));

        var error = await Assert.ThrowsAsync<PortUnavailableException>(() => ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation));
        Assert.Equal("ledger", error.System);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_request_that_hangs_nobody_waits_for_longer_than_two_seconds()
    {
        var time = TestClock.AtNine();
        var ledger = new BlobLedger(_world.Container, time);
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        var (arrived, hanging) = (new TaskCompletionSource(), new TaskCompletionSource());
        var held = 0;
        Service.Holds = request =>
        {
            if (!request.StartsWith("GET /state/one/", StringComparison.Ordinal) || Interlocked.Increment(ref held) > 1) return Task.CompletedTask;
            arrived.SetResult();
            return hanging.Task;
        };

        var first = ledger.ReadAsync(One, 0, Cancellation);
        await arrived.Task;
        var second = ledger.AppendAsync(One, [LedgerSamples.Note("a", 1)], Cancellation);
        time.Advance(BlobLedger.OthersPatience);
        Assert.Equal(2, Assert.Single(await second).Sequence);
        Assert.Equal(3, Assert.Single(await ledger.AppendAsync(One, [LedgerSamples.Note("b", 2)], Cancellation)).Sequence);
        Assert.False(first.IsCompleted);

        hanging.SetResult();
        Assert.Equal(["created", "a", "b"], (await first).Select(entry => entry.EntryId));
        Assert.True(LedgerChain.Verify(await ledger.ReadAsync(One, 0, Cancellation)).Ok);
    }

    [Fact]
    public async Task Lists_go_through_all_pages()
    {
        Service.PageSize = 2;
        var ledger = Open();
        for (var number = 0; number < 5; number++) await ledger.CreateAsync(ReleaseId.Parse($"r{number}"), LedgerSamples.Creation(ReleaseId.Parse($"r{number}")), Cancellation);
        Assert.Equal(["r4", "r3", "r2", "r1", "r0"], (await ledger.ListAsync(Cancellation)).Select(release => release.Value));
    }

    private BlobLedger Open(int entriesPerSegment = 10_000) => new(_world.Container, new TickingClock(TestClock.AtNine().GetUtcNow()), entriesPerSegment);
}
