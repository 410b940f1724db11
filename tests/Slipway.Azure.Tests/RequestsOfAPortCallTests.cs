using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Freezes;
using Slipway.Azure.Ledger;
using Slipway.Azure.Locks;
using Slipway.Azure.Mail;
using Slipway.Azure.Snapshots;
using Slipway.Azure.Tests.Configuration;
using Slipway.Azure.Tests.Loopback;
using Slipway.Azure.Tests.Storage;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Embedded.Time;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests;

/// <summary>
/// How many requests a call of a port is: the cost model (tests/Slipway.Benchmarks, ReleaseWork) multiplies counted calls by these numbers, and
/// infra/README.md shows what comes of it. Whoever changes one changes it there too.
/// </summary>
public sealed class RequestsOfAPortCallTests : IAsyncDisposable
{
    private static readonly ReleaseId One = ReleaseId.Parse("one");

    private readonly BlobWorld _world = BlobWorld.OnServer();
    private readonly VirtualTimeProvider _time = TestClock.AtNine();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private FakeBlobService Service => _world.Service!;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_ledger_is_made_by_two_writes_and_a_read_and_costs_one_request_for_each_append_and_read()
    {
        var ledger = new BlobLedger(_world.Container, _time);
        await ledger.CreateAsync(One, LedgerSamples.Creation(One), Cancellation);
        Assert.Equal((2, 1), (Of("PUT"), Of("GET")));

        Service.Forget();
        await ledger.AppendAsync(One, [LedgerSamples.Note("a", 1), LedgerSamples.Note("b", 2)], Cancellation);
        Assert.Equal((1, 0), (Of("PUT"), Of("GET")));

        Service.Forget();
        Assert.Equal(2, (await ledger.ReadAsync(One, 1, Cancellation)).Count);
        Assert.Empty(await ledger.ReadAsync(One, 3, Cancellation));
        Assert.Equal((0, 2), (Of("PUT"), Of("GET")));
    }

    [Fact]
    public async Task A_snapshot_is_two_blobs()
    {
        var snapshots = new BlobReleaseSnapshots(_world.Container, _time);
        foreach (var sequence in new[] { 1L, 2L })
        {
            Service.Forget();
            await snapshots.PutAsync(Snapshot(sequence), Cancellation);
            Assert.Equal((2, 2), (Of("PUT"), Service.Requests.Count));
        }
    }

    [Fact]
    public async Task Locks_and_freezes_are_a_request_each()
    {
        var locks = new BlobLocks(_world.Container, _time);
        await locks.TakeAsync("flag:search", One, Cancellation);
        Assert.Equal((1, 1), (Of("PUT"), Service.Requests.Count));

        Service.Forget();
        await locks.ReleaseAllAsync(One, Cancellation);
        Assert.Equal((1, 1, 2), (Of("GET"), Of("DELETE"), Service.Requests.Count));

        Service.Forget();
        await new BlobFreezes(_world.Container, _time).InForceAsync(_time.GetUtcNow(), Cancellation);
        Assert.Single(Service.Requests);
    }

    [Fact]
    public async Task A_mail_is_looked_up_kept_and_later_forgotten()
    {
        var mailer = new QueuedMailer(new AcceptingMailer(), _world.Container, _time);
        await mailer.SendAsync(new OutgoingMail(Guid.Empty, "dana@example.com", "Dana", "s", "t", "h", "one"), Cancellation);
        Assert.Equal((1, 1, 2), (Of("HEAD"), Of("PUT"), Service.Requests.Count));

        Service.Forget();
        _time.Advance(TimeSpan.FromDays(3));
        await mailer.DrainAsync(Cancellation);
        Assert.Equal(1, Of("DELETE"));
    }

    [Fact]
    public async Task A_look_at_a_flag_is_a_request_and_a_write_is_two()
    {
        await using var service = new FakeAppConfiguration();
        service.Put(".appconfig.featureflag/search-v2", "", FlagJson.CreateOff("search-v2", ""));
        var store = new AppConfigurationFlagStore(
            AzureClients.Configuration(Rerouted.Endpoint, new FakeCredential(), Rerouted.Quick, Rerouted.To(service.Url)), _time, AppConfigurationLimits.Standard(_time));
        var off = await store.LookAsync("search-v2", Cancellation);
        Assert.Single(service.Log);
        await store.SetExposureAsync(new FlagSpec { Name = "search-v2" }, new Percentage(5), off!.ETag, Cancellation);
        Assert.Equal(3, service.Log.Count);
    }

    private int Of(string method) => Service.Requests.Count(request => request.StartsWith($"{method} ", StringComparison.Ordinal));

    private static ReleaseSnapshot Snapshot(long sequence) => new(
        One,
        sequence,
        new ReleaseSummary
        {
            Id = One,
            Title = "t",
            Version = "1",
            Phase = ReleasePhase.Baking,
            Percentage = 5,
            Stage = 1,
            Stages = 2,
            Why = "it bakes",
            StartedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        },
        "{}");

    private sealed class AcceptingMailer : IMailer
    {
        public Task<string> SendAsync(OutgoingMail mail, CancellationToken cancellation) => Task.FromResult("accepted");
    }
}
