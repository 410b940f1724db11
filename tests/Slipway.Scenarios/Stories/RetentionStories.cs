using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
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

    private sealed class KeptInMemory : IReleaseArchive
    {
        private readonly Dictionary<ReleaseId, ArchiveMark> _marks = [];

        public bool Fails { get; set; }

        public Dictionary<ReleaseId, Dictionary<string, string>> Files { get; } = [];

        public Task<IReadOnlyDictionary<ReleaseId, ArchiveMark>> MarksAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<ReleaseId, ArchiveMark>>(new Dictionary<ReleaseId, ArchiveMark>(_marks));

        public Task PutAsync(ReleaseId release, IReadOnlyList<ArchivedFile> files, ArchiveMark mark, CancellationToken cancellation)
        {
            if (Fails) throw new PortUnavailableException("archive", "the archive is away");
            Files[release] = files.ToDictionary(file => file.Name, file => file.Text);
            return MarkAsync(release, mark, cancellation);
        }

        public Task MarkAsync(ReleaseId release, ArchiveMark mark, CancellationToken cancellation)
        {
            _marks[release] = mark;
            return Task.CompletedTask;
        }
    }

    private sealed class Purged : IInstancePurge
    {
        public List<ReleaseId> Releases { get; } = [];

        public Task PurgeAsync(ReleaseId release, CancellationToken cancellation)
        {
            Releases.Add(release);
            return Task.CompletedTask;
        }
    }

    private sealed class OutcomeComparer : IEqualityComparer<RetentionOutcome>
    {
        public bool Equals(RetentionOutcome? x, RetentionOutcome? y) =>
            x is not null && y is not null && x.Kept.SequenceEqual(y.Kept) && x.Purged.SequenceEqual(y.Purged) && x.Problems.SequenceEqual(y.Problems);

        public int GetHashCode(RetentionOutcome obj) => 0;
    }
}
