using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Ledgers;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Analysis.Replaying;

public class VerdictComparisonTests
{
    private static readonly IReadOnlyList<LedgerEntry> Bad = JudgedLedger.Of(canaryErrors: 30);

    [Fact]
    public void Of_ALedgerAsItWasWritten_IsBitForBitTheSame()
    {
        var comparison = Compare(Bad);

        Assert.True(comparison.Ok);
        Assert.True(comparison.Verdicts > 1);
        Assert.Equal((comparison.Verdicts, 0, 0.0, null), (comparison.Identical, comparison.Unknown, comparison.LargestDifference, comparison.Reworded));
        Assert.Equal($"{comparison.Verdicts} verdicts computed again, bit for bit the same", comparison.Sentence);
    }

    [Fact]
    public void Of_OneVerdict_IsSaidInTheSingular() =>
        Assert.Equal("1 verdict computed again, bit for bit the same", Compare(JudgedLedger.Of(4, minutes: 1)).Sentence);

    [Fact]
    public void Of_NumbersThatDifferByRounding_AreTheSameDecisions()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => Evidence(judged, log => log * (1 + 1e-11))));

        Assert.True(comparison.Ok, comparison.Sentence);
        Assert.Equal((0, null), (comparison.Identical, comparison.Reworded));
        Assert.InRange(comparison.LargestDifference, double.Epsilon, VerdictComparison.Tolerance);
        Assert.StartsWith($"{comparison.Verdicts} verdicts computed again: the same decisions, with numbers within 1e-9 (largest difference ", comparison.Sentence);
        Assert.EndsWith("), as on another version, runtime or architecture", comparison.Sentence);

        var one = Compare(JudgedLedger.Altered(Bad, judged => Evidence(judged, log => log * (1 + 1e-11)), entry => entry.Sequence == 5));
        Assert.Contains($"{one.Verdicts - 1} bit for bit the same, the others with numbers within 1e-9", one.Sentence);
    }

    [Fact]
    public void Of_ANumberThatDiffersByMore_NamesItsPlace()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => Evidence(judged, log => log + 1e-7), entry => entry.Sequence == 5));

        Assert.False(comparison.Ok);
        Assert.Equal(5, comparison.Different!.Value.Sequence);
        Assert.StartsWith("verdict of entry 5 differs: assessment.readings[0].log_evidence is recorded as ", comparison.Sentence);
    }

    [Fact]
    public void Of_AnotherDecision_NamesTheFirstEntry()
    {
        var last = JudgedLedger.LastJudged(Bad);
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => judged with { Assessment = judged.Assessment with { Verdict = Verdict.Pass } }, entry => entry.Sequence == last));

        Assert.Equal($"verdict of entry {last} differs: assessment.verdict is recorded as \"pass\", computed as \"fail\"", comparison.Sentence);
    }

    [Fact]
    public void Of_AFindingThatWasTakenOut_IsTold()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => judged with { Assessment = judged.Assessment with { Findings = [] } }));

        Assert.False(comparison.Ok);
        Assert.Contains("assessment.findings is recorded as [], computed as [", comparison.Sentence);
    }

    [Fact]
    public void Of_WordsThatWereChanged_AreToldAlthoughTheDecisionsAreTheSame()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => judged with { Assessment = judged.Assessment with { Sentence = "all is well" } }, entry => entry.Sequence == 4));

        Assert.True(comparison.Ok);
        Assert.Equal(4, comparison.Reworded);
        Assert.Contains("the words of entry 4 are others than its numbers give", comparison.Sentence);
        Assert.DoesNotContain("largest difference", comparison.Sentence);
    }

    [Fact]
    public void Of_WordsThatWereChangedBesideRounding_AreToldToo()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged =>
        {
            var rounded = Evidence(judged, log => log * (1 + 1e-11));
            return rounded with { Assessment = rounded.Assessment with { Sentence = "all is well" } };
        }));

        Assert.Equal(4, comparison.Reworded);
    }

    [Fact]
    public void Of_EntriesOfAnOlderVersion_AreUnknownAndNotDifferent()
    {
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => judged with { Under = null, After = null }));

        Assert.True(comparison.Ok);
        Assert.Equal(0, comparison.Verdicts);
        Assert.StartsWith("no verdict to compute again; ", comparison.Sentence);
        Assert.EndsWith(" of an older version do not say enough", comparison.Sentence);
    }

    [Fact]
    public void Of_ALedgerThatANewerVersionWentOnWith_IsUnknownToItsEnd()
    {
        // The newer version went on from a judgement that the older one did not record.
        var comparison = Compare(JudgedLedger.Altered(Bad, judged => judged with { Under = null, After = null }, entry => entry.Sequence == 4));

        Assert.True(comparison.Ok, comparison.Sentence);
        Assert.Equal((0, Bad.Count(entry => entry.Read() is IntervalJudged)), (comparison.Verdicts, comparison.Unknown));
    }

    [Fact]
    public void Of_NothingJudged_SaysSo() => Assert.Equal("no verdict to compute again", Compare([.. Bad.Take(3)]).Sentence);

    private static VerdictComparison Compare(IReadOnlyList<LedgerEntry> entries) => VerdictComparison.Of(VerdictReplay.Run(entries, new EvidenceJudge()));

    private static IntervalJudged Evidence(IntervalJudged judged, Func<double, double> change) => judged with
    {
        Assessment = judged.Assessment with { Readings = [.. judged.Assessment.Readings.Select(reading => reading with { LogEvidence = change(reading.LogEvidence) })] },
    };
}
