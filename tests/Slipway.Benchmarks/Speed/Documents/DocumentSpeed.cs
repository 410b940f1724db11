using System.Diagnostics;
using Slipway.Benchmarks.Rehearsing;
using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Intake;
using Slipway.Core.Reporting;
using Slipway.Web.Documents;

namespace Slipway.Benchmarks.Speed.Documents;

/// <summary>What documents and reports cost: each time from the request or the ledger's state anew, on this thread.</summary>
internal static class DocumentSpeed
{
    /// <summary>The rows.</summary>
    public static async IAsyncEnumerable<SpeedRow> MeasureAsync(SpeedRun run)
    {
        var request = RehearsedPlan.All[0].Subject.Request;
        var at = DateTimeOffset.UnixEpoch.AddYears(60);
        var documents = 0;
        yield return await RowAsync(run, "plan set: plan made, all documents as Markdown and as HTML", 5, run.Size(100, 20), () =>
        {
            // Another object each time, as of a file that was read just now: nothing that was found out of it before counts.
            var read = request with { };
            var dossier = new ReleaseDossier { Request = read, Plan = Planner.Draft(read), Gaps = IntakeGaps.Analyse(read), At = at };
            var bytes = 0L;
            var set = ReleaseDocuments.Render(dossier);
            foreach (var document in set) bytes += document.Text.Length + DocumentHtml.Render(document, dossier.Title).Length;
            documents = set.Count;
            return bytes;
        }, bytes => FormattableString.Invariant($"{documents} documents, {bytes / 1024.0:0} KB"));

        foreach (var plan in RehearsedPlan.All.Take(2))
        {
            var ledger = await RehearsedLedger.OfAsync(plan.Subject, "healthy");
            yield return await ReportAsync(run, $"report of a release, {plan.Name}", ledger);
        }

        yield return await ReportAsync(run, "report of a release that was rolled back", await RehearsedLedger.OfAsync(RehearsedPlan.All[0].Subject, "error-x5"));
    }

    /// <summary>Each report is of a state of its own, as the workflow meets them: the same release, after another entry.</summary>
    private static async Task<SpeedRow> ReportAsync(SpeedRun run, string what, RehearsedLedger ledger)
    {
        var states = new List<ReleaseState>();
        var state = ReleaseState.Empty;
        foreach (var (entry, body) in ledger.Entries) states.Add(state = state.Apply(entry, body));
        states.RemoveRange(0, states.Count - Math.Min(states.Count, 8));
        var next = 0;
        return await RowAsync(run, what, 1, run.Size(500, 100), () =>
        {
            var one = states[next++ % states.Count];
            return ReportJson.Write(ReleaseReporter.Report(one, one.UpdatedAt)).Length;
        }, bytes => FormattableString.Invariant($"{ledger.Entries.Count} entries, {bytes / 1024.0:0} KB of JSON"));
    }

    private static async Task<SpeedRow> RowAsync(SpeedRun run, string what, double goal, int times, Func<long> work, Func<long, string> note)
    {
        var bytes = 0L;
        // The runtime compiles what ran often in the background, twice: first to see what it does, then for good.
        for (var round = 0; round < 4; round++)
        {
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(300);) bytes = work();
            await Task.Delay(150);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        work();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var (milliseconds, _, ratio) = await run.SideBySideAsync(() => Task.FromResult(Pass()), () => Task.FromResult(ReferenceWork.Microseconds(100) / 1000));
        return new SpeedRow
        {
            What = what,
            Result = milliseconds,
            Unit = "ms",
            Goal = new SpeedGoal(goal),
            Ratio = new SpeedRatio("work of the runtime", ratio),
            Repetitions = run.Repetitions,
            Note = FormattableString.Invariant($"{note(bytes)}, {allocated / 1024.0:#,0} KB allocated"),
        };

        double Pass()
        {
            var start = Stopwatch.GetTimestamp();
            for (var n = 0; n < times; n++) bytes = work();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / times;
        }
    }
}
