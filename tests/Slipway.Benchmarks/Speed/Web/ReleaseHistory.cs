using System.Globalization;
using Slipway.Benchmarks.Rehearsing;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Embedded.Archive;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Reporting;
using Slipway.Workflow.Retention;

namespace Slipway.Benchmarks.Speed.Web;

/// <summary>
/// A data folder as years of releases leave it: each with its whole ledger, its report and summary, all through the stores that a server uses, and each
/// archived and forgotten by the engine, so that nothing is left to do for it. One in ten ran to its end, one in ten was rolled back, and the others, with
/// the few entries that make so many fast enough, were stopped before anybody was exposed.
/// </summary>
/// <param name="Small">The id of a release of the small sample, with three and a half hours of judged minutes.</param>
/// <param name="Day">The id of one of 24 hours.</param>
internal sealed record ReleaseHistory(string Small, string Day)
{
    private const string Short = """
        release: { title: Short one, version: 1.0.0, declared_risk: low }
        environments: [{ name: prod }]
        flags: [{ name: short-one, kill_switch: true }]
        stages: [{ percentage: 5, bake: 10m }, { percentage: 100, bake: 10m }]
        telemetry: { source: embedded, interval: 1m }
        communications: { stakeholders: [{ name: Support, email: support@example.com }] }
        """;

    private static readonly string[] Titles = ["Streaming search indexer", "Checkout retries", "Catalogue cache", "Invoice numbers", "Session store", "Image pipeline", "Rate limits"];

    /// <summary>Writes it: <paramref name="releases"/> in all, an hour between two starts, the newest an hour ago.</summary>
    public static async Task<ReleaseHistory> WriteAsync(string folder, int releases)
    {
        var subject = RehearsedPlan.SubjectOf(Short);
        var (good, bad) = (await RehearsedLedger.OfAsync(subject, "healthy"), await RehearsedLedger.OfAsync(subject, "crash-loop"));
        var stopped = good.StoppedBefore<StateCaptured>();
        var small = await RehearsedLedger.OfAsync(RehearsedPlan.All[0].Subject, "healthy");
        var day = await RehearsedLedger.OfAsync(RehearsedPlan.All[1].Subject, "healthy");
        var now = DateTimeOffset.UtcNow;
        await using var database = SlipwayDatabase.Open(folder);
        var stores = (Ledger: new SqliteLedger(database), Snapshots: new SqliteReleaseSnapshots(database), Archive: new FolderReleaseArchive(Path.Combine(folder, "archive")));

        // Many at once share a commit.
        await Parallel.ForEachAsync(Enumerable.Range(0, releases), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var ledger = n switch { 0 => small, 1 => day, _ => (n % 10) switch { 8 => good, 9 => bad, _ => stopped } };
            var release = IdOf(n);
            var drafts = ledger.As(release, Titles[n % Titles.Length], string.Create(CultureInfo.InvariantCulture, $"{1 + n / 1000}.{n / 10 % 100}.{n % 10}"), now.AddHours(-(n + 1) - (n < 2 ? 48 : 0)));
            await stores.Ledger.CreateAsync(release, drafts[0], default);
            var entries = await stores.Ledger.AppendAsync(release, drafts, default);
            var state = entries.Zip(drafts).Aggregate(ReleaseState.Empty, (state, pair) => state.Apply(pair.First, pair.Second.Body));
            if (!state.IsTerminal) throw new InvalidOperationException($"{release} is not over.");
            await stores.Snapshots.PutAsync(
                new ReleaseSnapshot(release, state.Sequence, ReleaseSummaries.Of(state), ReportJson.Write(ReleaseReporter.Report(state, state.UpdatedAt))), default);
            await stores.Archive.MarkAsync(release, new ArchiveMark(state.UpdatedAt, Purged: true), default);
        });
        return new ReleaseHistory(IdOf(0).Value, IdOf(1).Value);
    }

    /// <summary>The id of the n-th newest.</summary>
    public static ReleaseId IdOf(int n) => ReleaseId.Parse(string.Create(CultureInfo.InvariantCulture, $"release-{n:00000}"));
}
