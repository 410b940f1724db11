using System.Text.RegularExpressions;
using Slipway.Core.Ledgers;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Tests.Contract;
using Slipway.Core.Tests.Ledgers;

namespace Slipway.Core.Tests.Reporting;

public sealed partial class ReportAtEveryMomentTests
{
    public static TheoryData<string> Samples => [.. SampleLedgers.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    [Trait("requirement", "S002-10")]
    [Trait("requirement", "S002-48")]
    [Trait("requirement", "S002-51")]
    [Trait("requirement", "S002-55")]
    [Trait("requirement", "S002-57")]
    [Trait("requirement", "S002-83")]
    [Trait("requirement", "S002-84")]
    [Trait("requirement", "X43")]
    public void The_report_is_valid_after_every_ledger_entry(string sample)
    {
        var (state, course) = (ReleaseState.Empty, new ReportCourse());
        foreach (var entry in SampleLedgers.All[sample])
        {
            state = state.Apply(entry);
            var report = ReleaseReporter.Report(state, entry.At.AddSeconds(5));
            var json = ReportJson.Write(report);
            List<string> problems = [.. ReportContract.Problems(json), .. course.Next(state, report)];
            Assert.True(problems.Count == 0, $"after entry {entry.Sequence} ({entry.Type}): {string.Join(" | ", problems)}");
            Assert.DoesNotContain("null", json, StringComparison.Ordinal);
            Assert.DoesNotMatch(Command(), json.Replace("\\n", "\n", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("running", ReportStatus.InProgress)]
    [InlineData("paused", ReportStatus.InProgress)]
    [InlineData("blind", ReportStatus.InProgress)]
    [InlineData("completed", ReportStatus.Completed)]
    [InlineData("completed_with_acknowledged_notices", ReportStatus.Completed)]
    [InlineData("rolled_back", ReportStatus.RolledBack)]
    [InlineData("rolled_back_by_a_person", ReportStatus.RolledBack)]
    [InlineData("failed_preflight", ReportStatus.Failed)]
    [InlineData("aborted_before_exposure", ReportStatus.Failed)]
    [InlineData("failed_rollback", ReportStatus.Failed)]
    [Trait("requirement", "X44")]
    public void The_last_report_has_the_status_of_the_release(string sample, ReportStatus status) =>
        Assert.Equal(status, ReportOf(sample).Status);

    [Fact]
    [Trait("requirement", "S002-25")]
    public void The_seven_gates_are_one_check_each_at_every_moment()
    {
        var state = ReleaseState.Empty;
        foreach (var entry in SampleLedgers.All["completed"])
        {
            state = state.Apply(entry);
            var checks = ReleaseReporter.Report(state, entry.At).PreDeployment.Checks;
            Assert.All(QualityGates.Seven, gate => Assert.Single(checks, check => check.Check == gate));
            Assert.All(checks.Where(check => check.Status != GateStatus.Pass), check => Assert.False(string.IsNullOrWhiteSpace(check.Details)));
        }
    }

    [Fact]
    public void Status_OfAnEmptyLedger_Throws() =>
        Assert.Throws<InvalidOperationException>(() => ReleaseReporter.Report(ReleaseState.Empty, SampleRequests.Start));

    internal static ReleaseReport ReportOf(string sample) => ReportOf(SampleLedgers.All[sample]);

    internal static ReleaseReport ReportOf(IReadOnlyList<LedgerEntry> entries) =>
        ReleaseReporter.Report(ReleaseState.Fold(entries), entries[^1].At.AddSeconds(5));

    [GeneratedRegex(@"(^|\n|"")\s*(kubectl|az|git|npm|ssh|curl|psql|terraform|pm2|helm|docker|bash|pwsh)\s+\S|```|~~~|#!/")]
    private static partial Regex Command();
}
