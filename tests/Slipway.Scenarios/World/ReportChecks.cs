using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Tests.Contract;

namespace Slipway.Scenarios.World;

/// <summary>The report is valid, against the contract and its strict rules, after every ledger entry of every scenario, and goes on from
/// the one before.</summary>
internal static class ReportChecks
{
    /// <summary>Lines of the audit trail that are validated after an entry that moves nothing: the newest. To validate the whole trail every time
    /// costs the square of its length, and the rules of the root are part of the strict ones; after each move both are applied to all.</summary>
    private const int QuietLines = 3;

    /// <summary>Of the entries that move nothing, each so-many-th is validated against the schema, another one in each release; that the report goes
    /// on from the one before is checked after all.</summary>
    private const int QuietEntries = 8;

    public static void EveryMoment(IReadOnlyList<LedgerEntry> entries)
    {
        var problem = Problems(entries).FirstOrDefault();
        Assert.True(problem is null, problem);
    }

    /// <summary>What is wrong with the reports of a release, the earliest first.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<LedgerEntry> entries)
    {
        var (state, course) = (ReleaseState.Empty, new ReportCourse());
        foreach (var entry in entries)
        {
            state = state.Apply(entry);
            var report = ReleaseReporter.Report(state, entry.At);
            var moved = entry.Read() is PhaseEntered or StageStarted or StageEnded or RollbackBegun or LevelEnded or ReleaseEnded;
            if (!moved && (entry.Sequence + entries.Count) % QuietEntries != 0)
            {
                if (course.Next(state, report).ToList() is { Count: > 0 } off) yield return Sentence(off);
                continue;
            }

            var written = ReportJson.Write(moved ? report : report with { Compliance = report.Compliance with { AuditTrail = [.. report.Compliance.AuditTrail.TakeLast(QuietLines)] } });
            var broken = moved ? ReportContract.Problems(written) : ReportContract.Validator.Validate(written, ReportContract.Strict);
            List<string> problems = [.. broken, .. course.Next(state, report)];
            if (problems.Count > 0) yield return Sentence(problems);

            string Sentence(IEnumerable<string> found) => $"{state.Plan.ReleaseId}, the report after entry {entry.Sequence} ({entry.Type}) of {state.Phase}: {string.Join("; ", found)}";
        }
    }
}
