using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;

namespace Slipway.Core.Gates;

/// <summary>One gate about what other systems found.</summary>
/// <param name="Name">The gate's name.</param>
/// <param name="Urls">What is read for it; null where the request states the result.</param>
/// <param name="Judge">The result, from one answer for each address (null where none was asked) and the present moment; pure.</param>
public sealed record EvidenceGate(string Name, IReadOnlyList<Uri?> Urls, Func<IReadOnlyList<EvidenceRead?>, DateTimeOffset, GateChecked> Judge);

/// <summary>
/// The gates about what other systems found before the release. Only what the request states, or says where to read, is a gate; one that is
/// read and cannot be is failed, and a failed one stops the release before anybody is exposed. Pure.
/// </summary>
public static class EvidenceGates
{
    /// <summary>Every gate of a request, in a fixed order.</summary>
    public static IReadOnlyList<EvidenceGate> Of(ReleaseRequest request)
    {
        var evidence = request.Preflight.Evidence;
        var gates = new List<EvidenceGate>();
        if (evidence.Tests is { } tests)
        {
            gates.Add(Suite(QualityGates.UnitTests, tests.Unit));
            gates.Add(Suite(QualityGates.IntegrationTests, tests.Integration));
            gates.Add(Suite(QualityGates.EndToEndTests, tests.EndToEnd));
        }

        if (evidence.SecurityReview is { } review) gates.Add(One(QualityGates.SecurityReview, review.Url, (read, _) => Review(review, read)));
        if (evidence.Performance is { Count: > 0 } benchmarks)
            gates.Add(new EvidenceGate(QualityGates.PerformanceBudget, [.. benchmarks.Select(one => one.Url)], (reads, _) => Worst(QualityGates.PerformanceBudget, benchmarks.Zip(reads, Benchmark))));
        if (evidence.Backups is { Count: > 0 } backups)
            gates.Add(new EvidenceGate(QualityGates.Backups, [.. backups.Select(one => one.Url)], (reads, at) => Worst(QualityGates.Backups, backups.Zip(reads, (backup, read) => Backup(backup, read, at)))));
        if (evidence.RollbackAutomation is { } automation)
            gates.Add(One(QualityGates.RollbackAutomation, automation, (read, _) => Gate(QualityGates.RollbackAutomation, read is { Status: >= 200 and <= 299 }, $"the way back's own check {read!.Found}")));

        // A dashboard that asks for a sign-in is there.
        if (evidence.Dashboard is { } dashboard)
            gates.Add(One(QualityGates.Dashboard, dashboard, (read, _) => Gate(QualityGates.Dashboard, read is { Status: (>= 200 and <= 399) or 401 or 403 }, $"{ShownUrl.Of(dashboard.ToString())} {read!.Found}")));
        if (request.Artifacts is { } artifact) gates.AddRange(ArtifactGates.Of(artifact));
        return gates;
    }

    private static EvidenceGate Suite(string name, SuiteSpec? suite) => One(name, suite?.Url, (read, _) =>
    {
        if (suite is null) return new GateChecked(name, GateStatus.Warning, false, "there is no such suite, as stated", GateKind.Quality, null);
        var (passed, failed) = read is null ? (suite.Passed, suite.Failed) : (read.Whole("passed"), read.Whole("failed"));
        if (passed is null || failed is null) return Gate(name, false, $"{read?.Found ?? "not stated"}; expected JSON with the numbers passed and failed");

        // A suite that ran nothing has shown nothing.
        return Gate(name, passed > 0 && failed == 0, string.Create(CultureInfo.InvariantCulture, $"{passed} passed and {failed} failed{Origin(read)}; expected at least one and none"));
    });

    private static GateChecked Review(SecurityReviewSpec review, EvidenceRead? read)
    {
        var (complete, critical) = read is null ? (review.Complete, review.Critical) : (read.Truth("complete"), read.Whole("critical"));
        if (read is not null && (complete is null || critical is null)) return Gate(QualityGates.SecurityReview, false, $"{read.Found}; expected JSON with complete and the number critical");
        var by = review.By.Length > 0 ? $" by {review.By}" : "";
        return Gate(QualityGates.SecurityReview, complete == true && critical == 0, string.Create(
            CultureInfo.InvariantCulture, $"the review{by} is {(complete == true ? "complete" : "not complete")} with {critical ?? 0} critical findings{Origin(read)}; expected complete with none"));
    }

    private static (bool Good, string Details) Benchmark(BenchmarkSpec benchmark, EvidenceRead? read)
    {
        var value = read is null ? benchmark.Value : read.Number("value");
        var unit = benchmark.Unit.Length > 0 ? $" {benchmark.Unit}" : "";
        return value is { } measured
            ? (measured <= benchmark.Budget, string.Create(CultureInfo.InvariantCulture, $"{benchmark.Name} {measured:0.######}{unit}, budget {benchmark.Budget:0.######}{unit}{Origin(read)}"))
            : (false, $"{benchmark.Name} {read?.Found ?? "is not stated"}; expected JSON with the number value");
    }

    private static (bool Good, string Details) Backup(BackupProofSpec backup, EvidenceRead? read, DateTimeOffset now)
    {
        var (at, verified) = read is null ? (backup.At, backup.Verified) : (read.Moment("at"), read.Text("verified") ?? "");
        if (at is not { } made) return (false, $"{backup.What}: {read?.Found ?? "not stated"}; expected JSON with at and verified");
        var where = backup.Where.Length > 0 ? $" in {backup.Where}" : "";
        var age = now - made;
        var told = string.Create(CultureInfo.InvariantCulture, $"{backup.What} of {made.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{where}, {(verified.Length > 0 ? $"verified: {verified}" : "not verified")}{Origin(read)}");
        return age < TimeSpan.Zero ? (false, $"{told}; it is of the future")
            : age > backup.MaxAge ? (false, $"{told}; older than {DurationText.Format(backup.MaxAge)}")
            : (verified.Length > 0, told);
    }

    private static GateChecked Worst(string name, IEnumerable<(bool Good, string Details)> all)
    {
        List<(bool Good, string Details)> results = [.. all];
        return Gate(name, results.TrueForAll(one => one.Good), string.Join("; ", results.Select(one => one.Details)));
    }

    /// <summary>Where a result comes from, for whoever reads the report.</summary>
    internal static string Origin(EvidenceRead? read) => read is null ? " (as the request states)" : "";

    internal static EvidenceGate One(string name, Uri? url, Func<EvidenceRead?, DateTimeOffset, GateChecked> judge) => new(name, [url], (reads, at) => judge(reads[0], at));

    internal static GateChecked Gate(string name, bool good, string details) => new(name, good ? GateStatus.Pass : GateStatus.Fail, true, details, GateKind.Quality, null);
}
