using Slipway.Azure.Ledger;
using Slipway.Azure.Locks;
using Slipway.Azure.Snapshots;
using Slipway.Core.Releases;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Storage;

/// <summary>Whatever conflict a store names when a blob is there already, it is an answer and no outage; and where nothing is there, one more try.</summary>
public sealed class ConditionalCreateTests : IAsyncDisposable
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");

    private readonly BlobWorld _world = BlobWorld.OnServer();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Conflicts => ["BlobAlreadyExists", "BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold", "InvalidBlobType", "SomethingNew"];

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task A_ledger_that_another_process_has_made_is_the_same_or_another(string code)
    {
        await Ledger().CreateAsync(One, LedgerSamples.Creation(One), Stop);
        Conflict(code);
        Assert.Equal(LedgerCreation.SameContent, await Ledger().CreateAsync(One, LedgerSamples.Creation(One), Stop));
        Conflict(code);
        Assert.Equal(LedgerCreation.OtherContent, await Ledger().CreateAsync(One, LedgerSamples.Creation(One, "another"), Stop));
    }

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task A_lock_that_somebody_holds_is_theirs_and_one_that_nobody_holds_is_taken(string code)
    {
        Conflict(code);
        Assert.Equal(One, await Locks().TakeAsync("flag:search", One, Stop));
        Conflict(code);
        Assert.Equal(One, await Locks().TakeAsync("flag:search", ReleaseId.Parse("two"), Stop));
    }

    [Theory]
    [MemberData(nameof(Conflicts))]
    public async Task A_snapshot_replaces_the_older_one_that_is_there(string code)
    {
        await new BlobReleaseSnapshots(_world.Container, TestClock.AtNine()).PutAsync(Snapshot(1, "first"), Stop);
        Conflict(code);
        await new BlobReleaseSnapshots(_world.Container, TestClock.AtNine()).PutAsync(Snapshot(2, "second"), Stop);
        Assert.Equal("second", (await new BlobReleaseSnapshots(_world.Container, TestClock.AtNine()).GetAsync(One, Stop))!.ReportJson);
    }

    [Fact]
    public async Task A_container_that_is_missing_is_an_outage()
    {
        _world.Service!.Script.Add(404, "", ("x-ms-error-code", "ContainerNotFound"));
        Assert.Contains("ContainerNotFound", (await Assert.ThrowsAsync<PortUnavailableException>(() => Locks().TakeAsync("flag:search", One, Stop))).Message, StringComparison.Ordinal);
    }

    private void Conflict(string code) => _world.Service!.Script.Add(409, "", ("x-ms-error-code", code));

    private BlobLedger Ledger() => new(_world.Container, new TickingClock(TestClock.AtNine().GetUtcNow()));

    private BlobLocks Locks() => new(_world.Container, TestClock.AtNine());

    private static ReleaseSnapshot Snapshot(long sequence, string report) => new(One, sequence, new ReleaseSummary
    {
        Id = One,
        Title = "Search",
        Version = "2.4.0",
        Phase = ReleasePhase.Baking,
        Percentage = 5,
        Stage = 1,
        Stages = 4,
        Why = "bake",
        StartedAt = TestClock.AtNine().GetUtcNow(),
        UpdatedAt = TestClock.AtNine().GetUtcNow(),
    }, report);
}
