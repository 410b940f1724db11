using Slipway.Core.Approvals;
using Slipway.Core.Releases;

namespace Slipway.Core.Tests.Approvals;

public class ApprovalTallyTests
{
    private const string Ada = "ada@example.com";
    private const string Lee = "lee@example.com";
    private const string Dana = "dana@example.com";
    private static readonly DateTimeOffset At = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private int _ids;

    [Theory]
    [InlineData(0, 20)]
    [InlineData(19, 20)]
    [InlineData(20, 40)]
    [InlineData(40, null)]
    [InlineData(59, null)]
    public void Decide_NoAnswer_IsPendingWithTheNextReminder(int minutes, int? reminder)
    {
        var pending = Assert.IsType<ApprovalVerdict.Pending>(Decide(1, minutes).Verdict);

        Assert.Equal(reminder is { } next ? At.AddMinutes(next) : null, pending.NextReminder);
        Assert.Equal(At.AddMinutes(60), pending.Deadline);
        Assert.Equal([Ada, Lee], pending.Silent);
    }

    [Fact]
    public void Decide_AtTheDeadline_IsTimedOutWhateverIsMissing()
    {
        Assert.IsType<ApprovalVerdict.TimedOut>(Decide(1, 60).Verdict);
        Assert.IsType<ApprovalVerdict.TimedOut>(Decide(2, 60, Given(Ada, 5)).Verdict);
        Assert.IsType<ApprovalVerdict.Approved>(Decide(1, 600, Given(Ada, 59)).Verdict);
    }

    [Fact]
    public void Decide_Quorum_CountsPeopleAndNotDecisions()
    {
        var standing = Decide(2, 10, Given(Ada, 1), Given("ADA@example.com", 2), Given(Lee, 3), Given(Lee, 4));

        Assert.Equal([true, false, true, false], standing.Rulings.Select(ruling => ruling.Accepted));
        Assert.Equal([Ada, Lee], Assert.IsType<ApprovalVerdict.Approved>(standing.Verdict).By);
        Assert.Contains("counts once", standing.Rulings[1].Why);
    }

    [Fact]
    public void Decide_OneRejection_StopsAndNothingAfterItCounts()
    {
        var standing = Decide(2, 10, Given(Ada, 1), Given(Lee, 2, ApprovalChoice.Reject), Given(Lee, 3));

        Assert.Equal(new ApprovalVerdict.Rejected(Lee, "comment"), standing.Verdict);
        Assert.Equal([true, true, false], standing.Rulings.Select(ruling => ruling.Accepted));
    }

    [Theory]
    [InlineData(Dana, 1, "e", "cannot decide")]
    [InlineData("DANA@example.com", 1, "e", "cannot decide")]
    [InlineData("eve@example.com", 1, "e", "not in the group")]
    [InlineData(Ada, 1, "other", "other evidence")]
    [InlineData(Ada, 60, "e", "after the deadline")]
    public void Decide_WhatDoesNotCount_IsRefusedWithTheReason(string approver, int minute, string evidence, string why)
    {
        foreach (var choice in Enum.GetValues<ApprovalChoice>())
        {
            var standing = Decide(1, 30, Given(approver, minute, choice, evidence));

            Assert.IsType<ApprovalVerdict.Pending>(standing.Verdict);
            var ruling = Assert.Single(standing.Rulings);
            Assert.False(ruling.Accepted);
            Assert.Contains(why, ruling.Why);
        }
    }

    [Theory]
    [InlineData(ApproverIdentity.Link, false)]
    [InlineData(ApproverIdentity.SignIn, true)]
    public void Decide_AGateThatAsksForASignIn_CountsNoDecisionByTheLinkAlone(ApproverIdentity identity, bool counts)
    {
        foreach (var choice in Enum.GetValues<ApprovalChoice>())
        {
            var given = Given(Ada, 1, choice);
            var standing = ApprovalTally.Decide(
                new AskedGate(Gate(1) with { Identity = ApproverIdentity.SignIn }, "e", At),
                [given with { Decision = given.Decision with { Identity = identity } }],
                At.AddMinutes(10));

            Assert.Equal(counts, standing.Verdict is not ApprovalVerdict.Pending);
            Assert.Equal(counts, Assert.Single(standing.Rulings).Accepted);
            if (!counts) Assert.Contains("asks for a signed-in approver", standing.Rulings[0].Why);
        }
    }

    [Theory]
    [InlineData(ApproverIdentity.Link)]
    [InlineData(ApproverIdentity.SignIn)]
    public void Decide_WhoAskedForTheRelease_IsBarredHoweverTheyAreKnown(ApproverIdentity identity)
    {
        var given = Given(Dana, 1);
        var standing = ApprovalTally.Decide(
            new AskedGate(Gate(1) with { Identity = identity }, "e", At), [given with { Decision = given.Decision with { Identity = identity } }], At.AddMinutes(10));

        Assert.Contains("cannot decide", Assert.Single(standing.Rulings).Why);
    }

    private static ApprovalStanding Decide(int quorum, int minutes, params ReceivedDecision[] decisions) =>
        ApprovalTally.Decide(new AskedGate(Gate(quorum), "e", At), decisions, At.AddMinutes(minutes));

    private ReceivedDecision Given(string approver, int minute, ApprovalChoice choice = ApprovalChoice.Approve, string evidence = "e") =>
        new(new ApprovalDecision($"d{++_ids}", "start:team", approver, choice, "comment", evidence, ApproverIdentity.Link), At.AddMinutes(minute));

    private static ApprovalGate Gate(int quorum) => new()
    {
        Id = "start:team",
        Stage = -1,
        Percentage = new Percentage(5),
        Group = "team",
        Members = [Ada, Lee, Dana],
        Barred = [Dana],
        Quorum = quorum,
        Timeout = TimeSpan.FromHours(1),
        Remind = TimeSpan.FromMinutes(20),
    };
}
