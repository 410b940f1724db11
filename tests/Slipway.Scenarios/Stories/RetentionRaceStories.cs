using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;
using Slipway.Workflow.Retention;

namespace Slipway.Scenarios.Stories;

/// <summary>What is kept of a release whose ledger changes meanwhile.</summary>
public class RetentionRaceStories
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    [Fact]
    public async Task What_is_appended_while_a_release_is_kept_is_in_its_ledger_too_or_is_kept_in_the_next_round()
    {
        await using var world = new ReleaseWorld();
        var (archive, release) = (new KeptInMemory(), await world.StartAsync(Requests.Canary()));
        await world.RunToEndAsync(release);
        var lesson = new ReleaseSignal("late", ReleaseSignalKind.Lesson, "dana@example.com", "warm the cache");
        var ledger = new Overtaken(world.Ledger) { AfterRead = () => world.Desk.ReportAsync(release, lesson, default) };
        var retention = new ReleaseRetention(new ReleaseJournal(ledger, world.Snapshots), world.Snapshots, archive, new Purged(), world.Time, Keep);

        world.Time.AdvanceTo(world.Time.GetUtcNow().AddSeconds(1));
        Assert.Equal([release], (await retention.RunAsync(CancellationToken.None)).Kept);
        Assert.True(Tells("ledger.jsonl") || !Tells("report.json"));

        Assert.Equal([release], (await retention.RunAsync(CancellationToken.None)).Kept);
        Assert.True(Tells("ledger.jsonl") && Tells("report.json"));
        Assert.Empty((await retention.RunAsync(CancellationToken.None)).Kept);

        bool Tells(string file) => archive.Files[release][file].Contains("warm the cache", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_has_lost_its_end_is_not_kept_and_its_release_is_never_purged()
    {
        await using var world = new ReleaseWorld();
        var (archive, release) = (new KeptInMemory(), await world.StartAsync(Requests.Canary()));
        await world.RunToEndAsync(release);
        await world.RunUntilAsync(TimeSpan.FromDays(120));
        var ledger = new Overtaken(world.Ledger);
        var journal = new ReleaseJournal(ledger, world.Snapshots);
        var last = (await journal.StateAsync(release, default))!.Sequence;
        ledger.Until = last - 1;

        var outcome = await new ReleaseRetention(journal, world.Snapshots, archive, world.Purge, world.Time, Keep).RunAsync(CancellationToken.None);
        Assert.Contains($"ends with entry {last - 1}", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Empty(outcome.Purged);
        Assert.Empty(archive.Files);
    }

    /// <summary>A ledger to which something is appended right after it was first read, or which has lost its last entries.</summary>
    private sealed class Overtaken(ILedger inner) : ILedger
    {
        public Func<Task>? AfterRead { get; set; }

        public long Until { get; set; } = long.MaxValue;

        public Task<LedgerCreation> CreateAsync(ReleaseId release, LedgerDraft first, CancellationToken cancellation) => inner.CreateAsync(release, first, cancellation);

        public Task<IReadOnlyList<LedgerEntry>> AppendAsync(ReleaseId release, IReadOnlyList<LedgerDraft> drafts, CancellationToken cancellation) => inner.AppendAsync(release, drafts, cancellation);

        public async Task<IReadOnlyList<LedgerEntry>> ReadAsync(ReleaseId release, long after, CancellationToken cancellation)
        {
            var entries = await inner.ReadAsync(release, after, cancellation);
            if (AfterRead is { } append)
            {
                AfterRead = null;
                await append();
            }

            return [.. entries.Where(entry => entry.Sequence <= Until)];
        }

        public Task<IReadOnlyList<ReleaseId>> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);
    }
}
