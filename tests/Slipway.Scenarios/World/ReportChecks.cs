using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Tests.Contract;

namespace Slipway.Scenarios.World;

/// <summary>The report is valid, against the contract and its strict rules, at every moment of every scenario.</summary>
internal static class ReportChecks
{
    /// <summary>Judged intervals change numbers only, so of many in a row every tenth is enough.</summary>
    private const int IntervalStep = 10;

    public static void EveryMoment(IReadOnlyList<LedgerEntry> entries)
    {
        var state = ReleaseState.Empty;
        foreach (var entry in entries)
        {
            state = state.Apply(entry);
            if (entry.Read() is IntervalJudged && entry.Sequence % IntervalStep != 0) continue;
            var problems = ReportContract.Problems(ReportJson.Write(ReleaseReporter.Report(state, entry.At)));
            Assert.True(problems.Count == 0, $"the report after entry {entry.Sequence} ({entry.Type}) of {state.Phase}: {string.Join("; ", problems)}");
        }
    }
}
