using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>What happens long before the start: the notice a day ahead, and gates that are asked again after a wait.</summary>
public sealed class NoticeStories
{
    private static ReleaseRequest StartingIn(TimeSpan time, ReleaseRequest? request = null)
    {
        request ??= Requests.Canary();
        return request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch + time } };
    }

    private static List<(DateTimeOffset At, OutgoingMail Mail)> Notices(ReleaseWorld world) =>
        [.. world.Mailer.Sent.Where(sent => sent.Mail.Subject.StartsWith("[Notice]", StringComparison.Ordinal))];

    [Fact]
    [Trait("requirement", "S001-66")]
    [Trait("requirement", "S001-96")]
    [Trait("requirement", "S004-142")]
    public async Task Everyone_is_told_a_day_before_the_start_with_schedule_and_impact()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingIn(TimeSpan.FromDays(2)));
        await world.RunUntilAsync(TimeSpan.FromHours(23.9));
        Assert.Empty(world.Mailer.Sent);
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(7));

        var (at, mail) = Assert.Single(Notices(world));
        Assert.Equal(ReleaseWorld.Epoch.AddDays(1), at);
        Assert.Equal("support@example.com", mail.To);
        Assert.Contains("2026-11-05 09:00 UTC: 5 % of users", mail.Text, StringComparison.Ordinal);
        Assert.Contains("6,000 of 120,000 users at first, then all; regions westeurope", mail.Text, StringComparison.Ordinal);
        Assert.Contains("oncall@example.com", mail.Text, StringComparison.Ordinal);
        Assert.Equal(GateStatus.Pass, state.Gates[QualityGates.Notice].Last.Status);
        Assert.Equal(ReleasePhase.Completed, state.Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_start_that_the_calendar_moves_is_told_a_day_before_the_moment_to_which_it_is_moved()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingIn(TimeSpan.FromDays(3) + TimeSpan.FromHours(9)));
        await world.RunToEndAsync(release, TimeSpan.FromDays(7));

        // Friday 13:00 in New York becomes Monday 09:00.
        var (at, mail) = Assert.Single(Notices(world));
        Assert.Equal(new DateTimeOffset(2026, 11, 8, 14, 0, 0, TimeSpan.Zero), at);
        Assert.Contains("starts at 2026-11-09 14:00 UTC", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("2026-11-09 14:00 UTC: 5 % of users", mail.Text, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-66")]
    public async Task A_start_that_is_nearer_than_a_day_is_told_at_once_and_the_shortfall_is_recorded()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingIn(TimeSpan.FromHours(4)));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleaseWorld.Epoch, Assert.Single(Notices(world)).At);
        Assert.Contains("20 h less than the 24 h", state.Gates[QualityGates.Notice].Last.Details, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(null, "no start_at is stated")]
    [InlineData(-1, "is past")]
    public async Task A_start_that_is_not_ahead_is_not_told_and_the_checks_say_so(int? hours, string why)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(hours is { } ahead ? StartingIn(TimeSpan.FromHours(ahead)) : Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Empty(Notices(world));
        Assert.Equal(GateStatus.Warning, state.Gates[QualityGates.Notice].Last.Status);
        Assert.Contains(why, state.Gates[QualityGates.Notice].Last.Details, StringComparison.Ordinal);
        Assert.Contains(why, ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())), StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_notice_goes_out_while_approvals_are_open()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        request = request with { Approvals = request.Approvals.ToDictionary(group => group.Key, group => group.Value with { Timeout = TimeSpan.FromDays(3), Remind = TimeSpan.FromDays(1) }) };
        var release = await world.StartAsync(StartingIn(TimeSpan.FromHours(30), request));
        await world.RunUntilAsync(TimeSpan.FromHours(6.1));

        Assert.Equal(ReleasePhase.Approving, (await world.StateAsync(release)).Phase);
        Assert.Equal(ReleaseWorld.Epoch.AddHours(6), Assert.Single(Notices(world)).At);
        await world.DecideAsync(world.LinkOf(Requests.Ada));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Single(Notices(world));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_release_that_is_stopped_before_its_notice_tells_no_schedule()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingIn(TimeSpan.FromDays(3)));
        await world.RunUntilAsync(TimeSpan.FromHours(1));
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(7));

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Empty(Notices(world));
        Assert.True(world.Time.GetUtcNow() < ReleaseWorld.Epoch.AddDays(2), "a timer was left behind");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Gates_that_were_good_before_a_long_wait_are_asked_again_and_a_failure_ends_the_release()
    {
        await using var world = new ReleaseWorld();
        world.Probe.Answer = (_, at) => at < ReleaseWorld.Epoch.AddHours(4) ? new ProbeResult(200, 20, "", "") : new ProbeResult(503, 20, "", "");
        var release = await world.StartAsync(StartingIn(TimeSpan.FromHours(5)));
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Contains("checked again after the wait, and failed: smoke: search", state.PhaseReason, StringComparison.Ordinal);
        Assert.Null(state.Captured);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(1.1, 2)]
    public async Task Gates_are_asked_again_only_after_an_hour(double hours, int asked)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingIn(TimeSpan.FromHours(hours)));
        await world.RunUntilAsync(release, ReleasePhase.Propagating);

        Assert.Equal(asked, (await world.EntriesAsync<GateChecked>(release)).Count(gate => gate.Gate == QualityGates.Baseline));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Gates_are_asked_again_when_the_approval_took_long()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        request = request with { Approvals = request.Approvals.ToDictionary(group => group.Key, group => group.Value with { Timeout = TimeSpan.FromHours(9) }) };
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(TimeSpan.FromHours(3));
        world.Probe.Answer = (_, _) => new ProbeResult(503, 20, "", "");
        await world.DecideAsync(world.LinkOf(Requests.Ada), ApprovalChoice.Approve);

        Assert.Equal(ReleasePhase.Failed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }
}
