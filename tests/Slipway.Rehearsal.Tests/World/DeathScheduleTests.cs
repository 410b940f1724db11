using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Rehearsal.World;

namespace Slipway.Rehearsal.Tests.World;

/// <summary>After which steps a rehearsed process is killed.</summary>
public sealed class DeathScheduleTests
{
    private static readonly LedgerBody Moved = new PhaseEntered(ReleasePhase.Shifting, ReleaseTrigger.Begin, 0, "", null, "");

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(9), InlineData(12)]
    public void In_the_quiet_each_step_of_a_poll_is_killed_again_and_again_at_a_fraction_of_the_steps(int stepsOfAPoll)
    {
        var schedule = new DeathSchedule();
        for (var step = 0; step < DeathSchedule.Busy; step++) Assert.True(schedule.Dies());

        var killed = new int[stepsOfAPoll];
        const int Steps = 6000;
        for (var step = 0; step < Steps; step++)
        {
            if (schedule.Dies()) killed[step % stepsOfAPoll]++;
        }

        Assert.InRange(killed.Sum(), Steps / 8, Steps / 5);
        Assert.All(killed, kills => Assert.True(kills > Steps / 8 / stepsOfAPoll / 4, string.Join(' ', killed)));
    }

    [Fact]
    public void Whatever_happens_ends_the_quiet()
    {
        var schedule = new DeathSchedule();
        for (var step = 0; step < 1000; step++) schedule.Dies();
        schedule.Follow(Moved);
        for (var step = 0; step < DeathSchedule.Busy; step++) Assert.True(schedule.Dies());
    }
}
