using System.Text.RegularExpressions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Whoever approves is told how small a regression the stage can see, before anybody is exposed to it.</summary>
public partial class ApprovalPowerStories
{
    [Fact]
    public async Task The_invitation_says_what_the_stage_that_is_asked_about_can_see_and_no_other()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(WithBaseRate(Requests.ApprovedStage()));
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var mail = Invitation(world);

        Assert.Contains("What this stage can see. At 100 requests a second, a base error rate of 0.2 % and 5 % of requests slower than the usual p95, for regressions that begin with their stage.", mail);
        Assert.Matches("25 %: error_rate: finds [0-9.]+ times the control's errors with a chance of 80 %", mail);
        Assert.Matches("25 %: latency_p95: finds [0-9.]+ times the control's slow requests with a chance of [89][05] %", mail);
        Assert.Contains("a promotion proves ", mail);
        Assert.DoesNotContain(" 5 %: error_rate: finds", mail);

        // As it was worked out at the start, and recorded with the plan.
        var row = Assert.Single(await world.EntriesAsync<ReleaseCreated>(release)).Plan.Power!.Rows.First(row => row.Stage == 1);
        Assert.Contains($"25 %: {row.Sentence}.", mail);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_invitation_to_the_start_says_what_the_first_stage_can_see()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ApprovedStart());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var mail = Invitation(world);

        Assert.Contains("(not stated: half of the limit)", mail);
        Assert.Matches(" 5 %: error_rate: finds ", mail);
        Assert.DoesNotContain("25 %: error_rate: finds", mail);
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        Assert.Equal(ReleasePhase.Failed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_invitation_to_everybody_says_that_there_is_no_control_arm()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Select((stage, index) => stage with { Approval = index == 3 ? "release-managers" : null })] });
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        Assert.Contains("What this stage can see: at 100 % there is no control arm, and the absolute limits alone are judged.", Invitation(world));
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Without_traffic_the_invitation_says_that_nothing_is_known()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStage();
        var release = await world.StartAsync(request with { Operations = request.Operations with { TrafficRps = null } });
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        Assert.Contains("What this stage can see. How small a regression the stages can see is unknown, since operations.traffic_rps is not stated.", Invitation(world));
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest WithBaseRate(ReleaseRequest request) =>
        request with { Operations = request.Operations with { BaseErrorRate = new Percentage(0.2m) } };

    private static string Invitation(ReleaseWorld world) => Space().Replace(
        world.Mailer.Sent.Last(sent => sent.Mail.To == Requests.Ada && sent.Mail.Text.Contains("/approvals/", StringComparison.Ordinal)).Mail.Text, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
