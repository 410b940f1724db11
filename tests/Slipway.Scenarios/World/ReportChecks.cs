using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Tests.Contract;

namespace Slipway.Scenarios.World;

/// <summary>The report is valid, against the contract and its strict rules, at every moment of every scenario.</summary>
internal static class ReportChecks
{
    /// <summary>Every move is checked; of entries that change numbers and the audit trail only, every tenth is.</summary>
    private const int QuietStep = 10;

    public static void EveryMoment(IReadOnlyList<LedgerEntry> entries)
    {
        var state = ReleaseState.Empty;
        foreach (var entry in entries)
        {
            state = state.Apply(entry);
            var moved = entry.Read() is PhaseEntered or StageStarted or StageEnded or RollbackBegun or LevelEnded or ReleaseEnded;
            if (!moved && entry.Sequence % QuietStep != 0) continue;
            var problems = ReportContract.Problems(ReportJson.Write(ReleaseReporter.Report(state, entry.At)));
            Assert.True(problems.Count == 0, $"the report after entry {entry.Sequence} ({entry.Type}) of {state.Phase}: {string.Join("; ", problems)}");
        }
    }
}
