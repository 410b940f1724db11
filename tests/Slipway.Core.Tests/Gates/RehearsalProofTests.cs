using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Reporting;
using Slipway.Core.Tests.Requests;

namespace Slipway.Core.Tests.Gates;

public class RehearsalProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly RehearsalProof Good = new("0123456789abcdef", Now.AddDays(-1), 12.5, "aa11", true, true, 18);

    [Fact]
    public void Problem_APassingRehearsalOfTheSameContent_IsNone() => Assert.Null(RehearsalProof.Problem(Good, "aa11", Now));

    [Fact]
    public void Problem_None_IsSaid() => Assert.Equal("no rehearsal of the way back", RehearsalProof.Problem(null, "aa11", Now));

    [Fact]
    public void Problem_OtherContent_NamesBoth() =>
        Assert.Equal("a rehearsal of another request (content aa11, and this is bb22)", RehearsalProof.Problem(Good, "bb22", Now));

    [Fact]
    public void Problem_FailedOrPartOfIt_IsSaid()
    {
        Assert.StartsWith("a rehearsal that failed: rehearsed 2026-11-23 12:00Z in 18 scenarios within 12.5 s, promises broken", RehearsalProof.Problem(Good with { Passed = false }, "aa11", Now), StringComparison.Ordinal);
        Assert.Equal("a rehearsal of some scenarios alone", RehearsalProof.Problem(Good with { Complete = false }, "aa11", Now));
    }

    [Theory]
    [InlineData(-7 * 24 * 60, true)]
    [InlineData((-7 * 24 * 60) - 1, false)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Problem_ByAge_AWeekAndFiveMinutesAreTheBounds(int minutes, bool counts) =>
        Assert.Equal(counts, RehearsalProof.Problem(Good with { At = Now.AddMinutes(minutes) }, "aa11", Now) is null);

    [Fact]
    public void RollbackPlan_WithARehearsal_NamesIdDateDurationAndResult()
    {
        var request = CompleteRequest.Read();
        var gate = StaticGates.Check(request, Planner.Draft(request), null, Good).Single(found => found.Gate == QualityGates.RollbackPlan);

        Assert.Equal(GateStatus.Pass, gate.Status);
        Assert.EndsWith("; rehearsed 2026-11-23 12:00Z in 18 scenarios within 12.5 s, every promise kept (rehearsal 0123456789abcdef)", gate.Details, StringComparison.Ordinal);
    }
}
