using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Serialization;
using Slipway.Embedded.Engine;
using Slipway.Embedded.Time;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Scenarios.Stories;

/// <summary>What becomes of releases that are over: their files are kept, and the engine forgets them only then.</summary>
public class RetentionStories
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    [Fact]
    [Trait("requirement", "S003-70")]
    public async Task A_release_that_is_over_is_kept_at_once_and_purged_a_month_after_the_last_look_at_it()
    {
        await using var world = new ReleaseWorld();
        var (archive, engine) = (new KeptInMemory(), new Purged());
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.Equal(new RetentionOutcome([], [], []), await RunAsync(), new OutcomeComparer());

        var state = await world.RunToEndAsync(release);
        Assert.Equal([release], (await RunAsync()).Kept);
        Assert.Empty((await RunAsync()).Kept);
        Assert.Equal(ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())).Length, archive.Files[release]["report.json"].Length);
        Assert.True(LedgerChain.Verify(LedgerLines.ReadAll(archive.Files[release]["ledger.jsonl"].Split('\n'))).Ok);
        Assert.Contains("documents/deployment-log.md", archive.Files[release].Keys);

        // Aftercare looks after it for weeks, as long as its reviews are not ticked off; its entries are kept too.
        await world.RunUntilAsync(world.Time.GetUtcNow().AddDays(60) - ReleaseWorld.Epoch);
        Assert.NotNull((await world.StateAsync(release)).Aftercare!.EndedAt);
        var last = (await world.StateAsync(release)).UpdatedAt;
        world.Time.AdvanceTo(last + Keep - TimeSpan.FromMinutes(1) > world.Time.GetUtcNow() ? last + Keep - TimeSpan.FromMinutes(1) : world.Time.GetUtcNow());
        Assert.Equal([release], (await RunAsync()).Kept);
        Assert.Empty(engine.Releases);

        world.Time.AdvanceTo(last + Keep);
        Assert.Equal([release], (await RunAsync()).Purged);
        Assert.Equal(new RetentionOutcome([], [], []), await RunAsync(), new OutcomeComparer());
        Assert.Equal([release], engine.Releases);

        Task<RetentionOutcome> RunAsync() => new ReleaseRetention(new ReleaseJournal(world.Ledger, world.Snapshots), world.Snapshots, archive, engine, world.Time, Keep).RunAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Nothing_is_purged_whose_files_could_not_be_kept_and_the_others_do_not_wait()
    {
        await using var world = new ReleaseWorld();
        var (archive, engine) = (new KeptInMemory(), new Purged());
        var one = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(one);
        await world.RunUntilAsync(world.Time.GetUtcNow().AddDays(120) - ReleaseWorld.Epoch);
        archive.Fails = true;
        var retention = new ReleaseRetention(new ReleaseJournal(world.Ledger, world.Snapshots), world.Snapshots, archive, engine, world.Time, Keep);
        var failed = await retention.RunAsync(CancellationToken.None);
        Assert.Contains("the archive is away", Assert.Single(failed.Problems), StringComparison.Ordinal);
        Assert.Empty(engine.Releases);

        archive.Fails = false;
        Assert.Equal([one], (await retention.RunAsync(CancellationToken.None)).Purged);
    }

    [Fact]
    public async Task A_purged_release_is_in_list_report_and_ledger_as_before_and_its_id_starts_nothing_again()
    {
        await using var world = new ReleaseWorld();
        var archive = new KeptInMemory();
        var over = await world.StartAsync(Requests.Canary("over-1.0"));
        await world.RunUntilAsync(over, ReleasePhase.Baking, 0);
        await world.CommandAsync(over, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(over);
        var others = Requests.Canary("running-1.0") with { Release = Requests.Canary("running-1.0").Release with { StartAt = ReleaseWorld.Epoch.AddDays(100) } };
        var running = await world.StartAsync(others);
        await world.RunUntilAsync(TimeSpan.FromDays(50));
        var (list, report, ledger) = (await ListAsync(world), (await world.Desk.GetAsync(over, default))!.ReportJson, await world.LedgerAsync(over));

        Assert.Contains(await world.InstancesAsync(), instance => instance.Id == over.Value);
        Assert.Equal([over], (await RetentionOf(world, archive, world.Purge).RunAsync(CancellationToken.None)).Purged);

        Assert.Equal([running.Value], (await world.InstancesAsync()).Select(instance => instance.Id));
        Assert.Equal(0, await world.HistoryLengthAsync(over.Value));
        Assert.Equal(list, await ListAsync(world));
        Assert.Equal(report, (await world.Desk.GetAsync(over, default))!.ReportJson);
        Assert.Equal(ledger.Select(entry => entry.Hash), (await world.LedgerAsync(over)).Select(entry => entry.Hash));
        Assert.True(LedgerChain.Verify(ledger).Ok);

        Assert.Equal(new StartOutcome.Started(over, true), await world.Desk.StartAsync(Requests.Canary("over-1.0"), "dana@example.com", default));
        var changed = Requests.Canary("over-1.0");
        Assert.Equal(new StartOutcome.Conflict(over), await world.Desk.StartAsync(changed with { Release = changed.Release with { Title = "Another" } }, "dana@example.com", default));
        Assert.IsType<CommandOutcome.Ended>(await world.Desk.CommandAsync(over, new ReleaseCommand("late", ReleaseCommandKind.RollBack, "dana@example.com", ""), default));
        Assert.Empty(await world.Sweeper.SweepAsync(default));
        await world.Desk.RepairAsync(default);
        await world.RestartAsync();
        await world.RunUntilAsync(TimeSpan.FromDays(51));
        Assert.Equal([running.Value], (await world.InstancesAsync()).Select(instance => instance.Id));
        Assert.Equal(ledger.Count, (await world.LedgerAsync(over)).Count);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await world.EndAsync(running);
    }

    [Fact]
    public async Task An_attempt_that_is_over_and_purged_does_not_run_again_when_it_is_asked_for_again()
    {
        await using var world = new ReleaseWorld();
        var first = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(first, ReleasePhase.Baking, 0);
        await world.CommandAsync(first, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(first);
        var second = Assert.IsType<RetryOutcome.Started>(await world.Desk.RetryAsync(first, "lee", "", default)).Release;

        // No command in its ledger would stop it once more.
        await world.RunUntilAsync(second, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(second)).Phase);
        world.Service.ErrorRate = (_, _) => 0.002;
        await world.RunUntilAsync(TimeSpan.FromDays(120));
        Assert.Contains(second, (await RetentionOf(world, new KeptInMemory(), world.Purge).RunAsync(CancellationToken.None)).Purged);
        var ledger = await world.LedgerAsync(second);

        Assert.Equal(new RetryOutcome.Started(second, 2, true), await world.Desk.RetryAsync(first, "lee", "", default));
        await world.RunUntilAsync(TimeSpan.FromDays(121));
        Assert.DoesNotContain(await world.InstancesAsync(), instance => instance.Id == second.Value);
        Assert.Equal(ledger.Count, (await world.LedgerAsync(second)).Count);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
    }

    [Fact]
    public async Task An_engine_that_is_told_to_run_a_release_that_it_has_forgotten_finds_it_over_and_does_nothing()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunToEndAsync(release);
        world.Service.ErrorRate = (_, _) => 0.002;
        await world.RunUntilAsync(TimeSpan.FromDays(120));
        Assert.Equal([release], (await RetentionOf(world, new KeptInMemory(), world.Purge).RunAsync(CancellationToken.None)).Purged);
        var (ledger, mails) = (await world.LedgerAsync(release), world.Mailer.Sent.Count);

        await ((IReleaseClient)world).ScheduleAsync(release, default);
        await world.RunUntilAsync(TimeSpan.FromDays(121));
        Assert.Equal(InstanceStatus.Completed, Assert.Single(await world.InstancesAsync(), instance => instance.Id == release.Value).Status);
        Assert.Equal((ledger.Count, mails), ((await world.LedgerAsync(release)).Count, world.Mailer.Sent.Count));
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
    }

    [Fact]
    public async Task A_release_that_is_not_over_is_never_purged_however_long_it_stands()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.Pause);
        var before = (await world.InstancesAsync()).Count;
        var later = new VirtualTimeProvider(world.Time.GetUtcNow().AddYears(1));
        var retention = new ReleaseRetention(new ReleaseJournal(world.Ledger, world.Snapshots), world.Snapshots, new KeptInMemory(), world.Purge, later, TimeSpan.Zero);
        Assert.Equal(new RetentionOutcome([], [], []), await retention.RunAsync(CancellationToken.None), new OutcomeComparer());
        Assert.Equal(before, (await world.InstancesAsync()).Count);

        // Over, and still looked after.
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        Assert.Empty((await retention.RunAsync(CancellationToken.None)).Purged);
        Assert.NotEqual(0, await world.HistoryLengthAsync(release.Value));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_whose_ledger_does_not_hold_is_never_purged()
    {
        await using var world = new ReleaseWorld();
        var (archive, release) = (new KeptInMemory(), await world.StartAsync(Requests.Canary()));
        await world.RunToEndAsync(release);
        await world.RunUntilAsync(TimeSpan.FromDays(120));
        var damaged = new ReleaseRetention(new ReleaseJournal(new Altered(world.Ledger), world.Snapshots), world.Snapshots, archive, world.Purge, world.Time, Keep);

        var outcome = await damaged.RunAsync(CancellationToken.None);
        Assert.Contains("the ledger's chain does not hold", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Empty(outcome.Purged);
        Assert.Empty(archive.Files);
        Assert.NotEqual(0, await world.HistoryLengthAsync(release.Value));
        Assert.Equal([release], (await RetentionOf(world, archive, world.Purge).RunAsync(CancellationToken.None)).Purged);
    }

    private static async Task<string> ListAsync(ReleaseWorld world) => JsonSerializer.Serialize(await world.Desk.ListAsync(0, 10, default), SlipwayJson.Options);

    private static ReleaseRetention RetentionOf(ReleaseWorld world, IReleaseArchive archive, IInstancePurge engine) =>
        new(new ReleaseJournal(world.Ledger, world.Snapshots), world.Snapshots, archive, engine, world.Time, Keep);

    /// <summary>A ledger in which somebody has changed who did the third entry.</summary>
    private sealed class Altered(ILedger inner) : ILedger
    {
        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public async Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation) =>
            [.. (await inner.ReadAsync(release, after, cancellation)).Select(entry => entry.Sequence == 3 ? entry with { Actor = "somebody" } : entry)];

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }

    private sealed class OutcomeComparer : IEqualityComparer<RetentionOutcome>
    {
        public bool Equals(RetentionOutcome? x, RetentionOutcome? y) =>
            x is not null && y is not null && x.Kept.SequenceEqual(y.Kept) && x.Purged.SequenceEqual(y.Purged) && x.Problems.SequenceEqual(y.Problems);

        public int GetHashCode(RetentionOutcome obj) => 0;
    }
}
