using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>The calendar: it keeps starts and increases from bad hours, and neither soaks nor rollbacks.</summary>
public sealed class CalendarStories
{
    /// <summary>Friday, 6 November 2026, 12:00 in New York.</summary>
    private static readonly DateTimeOffset FridayNoon = new(2026, 11, 6, 17, 0, 0, TimeSpan.Zero);

    /// <summary>Saturday, 09:00 in New York.</summary>
    private static readonly DateTimeOffset Saturday = new(2026, 11, 7, 14, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Monday = Saturday.AddDays(2);

    [Fact]
    [Trait("requirement", "S001-15")]
    [Trait("requirement", "S001-100")]
    [Trait("requirement", "S004-144")]
    public async Task A_start_on_Friday_afternoon_waits_until_Monday()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(StartingAt(FridayNoon));
        await world.RunUntilAsync(release, ReleasePhase.Waiting);
        var gate = (await world.StateAsync(release)).Gates[QualityGates.ChangeWindow].Last;
        Assert.Equal((GateStatus.Warning, "closed: blocked by the calendar: Friday from 12:00 (America/New_York)"), (gate.Status, gate.Details));

        await world.RunUntilAsync(Monday - ReleaseWorld.Epoch - TimeSpan.FromMinutes(1));
        var waiting = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, Monday, Percentage.Zero), (waiting.Phase, waiting.NextAt, waiting.PeakExposure));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(Monday, (await EntryTimesAsync<StageStarted>(world, release))[0]);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-100")]
    [Trait("requirement", "X25")]
    public async Task A_start_at_1159_is_allowed_and_the_increase_of_the_afternoon_waits_while_the_soak_is_judged()
    {
        await using var world = new ReleaseWorld();
        var release = await StartApprovedAsync(world, StartingAt(FridayNoon.AddMinutes(-1), "release-managers"));
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0, TimeSpan.FromDays(4));
        Assert.Equal([FridayNoon.AddMinutes(-1)], await EntryTimesAsync<StageStarted>(world, release));

        await world.RunUntilAsync(Saturday - ReleaseWorld.Epoch - TimeSpan.FromMinutes(1));
        var state = await world.StateAsync(release);
        Assert.Equal((ReleasePhase.Waiting, ReleaseTrigger.WindowClosed, Saturday), (state.Phase, state.PhaseTrigger, state.NextAt));
        Assert.Equal("the change window is closed: blocked by the calendar: Friday from 12:00 (America/New_York)", state.PhaseReason);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.True(state.JudgedUntil > Saturday.AddMinutes(-10), "nobody watched");

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(Saturday, (await EntryTimesAsync<StageStarted>(world, release))[1]);
        Assert.Equal(
            ["Friday (America/New_York)", "weekend (America/New_York)"],
            (await world.EntriesAsync<CalendarPassed>(release)).Select(passed => passed.Rule).Distinct());
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "X25")]
    public async Task A_rollback_on_Friday_afternoon_happens_at_once(bool byPerson)
    {
        await using var world = new ReleaseWorld();
        var release = await StartApprovedAsync(world, StartingAt(FridayNoon.AddMinutes(-1), "release-managers"));
        await world.RunUntilAsync(FridayNoon.AddHours(2) - ReleaseWorld.Epoch);
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        if (byPerson) Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.RollBack));
        else world.Service.ErrorRate = (canary, _) => canary ? 0.2 : 0.002;
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, Percentage.Zero), (state.Phase, await world.ExposureAsync()));
        Assert.True((await EntryTimesAsync<RollbackBegun>(world, release))[0] < FridayNoon.AddHours(2).AddMinutes(byPerson ? 1 : 15));
        Assert.True(state.EndedAt < FridayNoon.AddHours(3));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-100")]
    public async Task A_critical_release_with_a_named_approver_passes_and_the_audit_trail_says_so()
    {
        await using var world = new ReleaseWorld();
        var request = StartingAt(FridayNoon.AddHours(1), "release-managers");
        var release = await StartApprovedAsync(world, request with { Release = request.Release with { Critical = true } });
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(5));

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(FridayNoon.AddHours(1), (await EntryTimesAsync<StageStarted>(world, release))[0]);
        Assert.True(state.EndedAt < Saturday);
        var passed = await world.EntriesAsync<CalendarPassed>(release);
        Assert.Equal([-1, 1, 2, 3], passed.Select(one => one.Stage));
        Assert.All(passed, one => Assert.Equal((CalendarStanding.Blocked, true, "release-managers", $"approved by {Requests.Ada}"), (one.Standing, one.Critical, one.Group, one.Approval)));
        Assert.Contains(state.Audit, line => line.Action == "calendar rule passed"
            && line.Details == $"the start at an hour that is blocked: Friday from 12:00 (America/New_York); the release is critical, release-managers: approved by {Requests.Ada}");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-100")]
    public async Task A_critical_release_that_its_approver_rejects_starts_at_no_hour()
    {
        await using var world = new ReleaseWorld();
        var request = StartingAt(FridayNoon.AddHours(1), "release-managers");
        var release = await world.StartAsync(request with { Release = request.Release with { Critical = true } });
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await world.DecideAsync(world.LinkOf(Requests.Ada), ApprovalChoice.Reject, "Monday will do");

        var state = await world.RunToEndAsync(release);
        Assert.Equal((ReleasePhase.Failed, Percentage.Zero), (state.Phase, state.PeakExposure));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-144")]
    [Trait("requirement", "X25")]
    public async Task An_increase_that_is_due_after_1600_waits_for_the_next_morning_and_its_soak_goes_on()
    {
        await using var world = new ReleaseWorld();
        var ten = new DateTimeOffset(2026, 11, 4, 20, 50, 0, TimeSpan.Zero);
        var release = await world.StartAsync(StartingAt(ten));
        await world.RunUntilAsync(TimeSpan.FromHours(40));

        var state = await world.StateAsync(release);
        Assert.Equal("the change window is closed: avoided by the calendar: from 16:00 on (America/New_York)", state.PhaseReason);
        Assert.True(state.JudgedUntil > world.Time.GetUtcNow().AddMinutes(-10), "nobody watched");
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal([ten, new DateTimeOffset(2026, 11, 5, 14, 0, 0, TimeSpan.Zero)], (await EntryTimesAsync<StageStarted>(world, release)).Take(2));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S002-174")]
    public async Task Peak_hours_hold_the_increase_and_not_the_soak_and_no_approval_lets_it_pass_them()
    {
        await using var world = new ReleaseWorld();
        var request = StartingAt(ReleaseWorld.Epoch, "release-managers");
        var peak = new ChangeWindow([DayOfWeek.Tuesday], TimeSpan.FromHours(9.1), TimeSpan.FromHours(12), "UTC");
        var release = await StartApprovedAsync(world, request with
        {
            Release = request.Release with { Critical = true },
            Operations = request.Operations with { PeakHours = [peak] },
        });
        await world.RunUntilAsync(TimeSpan.FromHours(2.9));

        var state = await world.StateAsync(release);
        Assert.Equal("the change window is closed: peak hours Tue 09:06-12:00 UTC", state.PhaseReason);
        Assert.True(state.JudgedUntil > world.Time.GetUtcNow().AddMinutes(-10), "nobody watched");
        Assert.Contains("peak hours Tue 09:06-12:00 UTC", ReportJson.Write(ReleaseReporter.Report(state, world.Time.GetUtcNow())), StringComparison.Ordinal);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var starts = await EntryTimesAsync<StageStarted>(world, release);
        Assert.Equal([ReleaseWorld.Epoch.AddHours(3)], starts.Skip(1).Take(1));
        Assert.Empty(await world.EntriesAsync<CalendarPassed>(release));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-15")]
    [Trait("requirement", "S002-175")]
    public async Task A_start_outside_the_windows_of_the_request_waits_for_them()
    {
        await using var world = new ReleaseWorld();
        var request = StartingAt(ReleaseWorld.Epoch.AddHours(1));
        var window = new ChangeWindow([DayOfWeek.Wednesday], TimeSpan.FromHours(10), TimeSpan.FromHours(14), "America/New_York");
        var release = await world.StartAsync(request with { Operations = request.Operations with { Windows = [window] } });
        await world.RunUntilAsync(release, ReleasePhase.Waiting);

        var opens = new DateTimeOffset(2026, 11, 4, 15, 0, 0, TimeSpan.Zero);
        var waiting = await world.StateAsync(release);
        Assert.Equal(("the change window is closed: outside Wed 10:00-14:00 America/New_York", opens), (waiting.PhaseReason, waiting.NextAt));
        Assert.Equal(GateStatus.Warning, waiting.Gates[QualityGates.ChangeWindow].Last.Status);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        Assert.Equal(opens, (await EntryTimesAsync<StageStarted>(world, release))[0]);
        await Invariants.CheckAsync(world, release);
    }

    private static ReleaseRequest StartingAt(DateTimeOffset at, string? approval = null)
    {
        var canary = Requests.Canary();
        return canary with { Release = canary.Release with { StartAt = at }, Operations = canary.Operations with { CalendarApproval = approval } };
    }

    private static async Task<ReleaseId> StartApprovedAsync(ReleaseWorld world, ReleaseRequest request)
    {
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada)));
        return release;
    }

    private static async Task<IReadOnlyList<DateTimeOffset>> EntryTimesAsync<T>(ReleaseWorld world, ReleaseId release)
        where T : LedgerBody => [.. (await world.LedgerAsync(release)).Where(entry => entry.Read() is T).Select(entry => entry.At)];
}
