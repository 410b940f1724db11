using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>How long the way back takes, and what does not start one.</summary>
public class RecoveryStories
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 15)]
    [Trait("requirement", "S002-112")]
    [Trait("requirement", "S004-26")]
    [Trait("requirement", "S004-27")]
    [Trait("requirement", "S004-28")]
    [Trait("requirement", "S004-217")]
    public async Task Each_level_reads_its_targets_back_as_undone_within_its_limit(int level, int minutes)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var key = await world.Configuration.ReadAsync("search:index:mode", default);
        await world.Configuration.WriteAsync("search:index:mode", "streaming", key.ETag, default);
        var broken = true;

        // What is broken is healed by the flag, by the key, or only by the pipeline.
        world.OnConfiguration("search:index:mode", value => broken &= level != 2 || value != "batch");
        world.Hook.OnEffect = () => broken &= world.Hook.Took[^1].Step.Action != DeployAction.Rollback;
        world.Service.ErrorRate = Wrap(world.Service.ErrorRate, canary => broken && (canary || level > 1) ? 0.2 : 0.002);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.RolledBack, level), (state.Phase, state.Rollback!.Levels.Count));
        var last = state.Rollback.Levels[^1].Result;
        Assert.Equal((level, true), (last.Level, last.Recovered));
        Assert.InRange(last.UndoneAt!.Value - last.StartedAt, TimeSpan.Zero, TimeSpan.FromMinutes(minutes) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromMinutes(minutes), state.Plan.Levels[level - 1].Budget);
        if (level == 1) Assert.InRange(ReleaseReporter.Report(state, world.Time.GetUtcNow()).RollbackStatus.DurationMinutes, 0, 4.999);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-26")]
    public async Task A_level_that_takes_longer_than_its_limit_says_so_and_the_next_one_begins()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= ReleaseWorld.Epoch.AddMinutes(4)));
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(TimeSpan.FromMinutes(5));
        await world.CommandBeginAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);

        var levels = await world.EntriesAsync<LevelEnded>(release);
        Assert.Equal((1, false, (DateTimeOffset?)null), (levels[0].Level, levels[0].Recovered, levels[0].UndoneAt));
        Assert.Contains(Requests.Flag, Assert.Single(levels[0].NotUndone), StringComparison.Ordinal);
        Assert.Equal(2, levels[1].Level);
        Assert.InRange(levels[1].StartedAt - levels[0].StartedAt, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
    }

    [Fact]
    [Trait("requirement", "S004-22")]
    public async Task What_is_only_moderate_is_tried_again_and_holds_nothing()
    {
        var back = ReleaseWorld.Epoch.AddMinutes(50);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, back)));
        var release = await world.StartAsync(Requests.Canary());
        foreach (var stage in new[] { 0, 2 })
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
            Assert.Contains("goes on", Assert.IsType<CommandApplied>(await world.IncidentAsync(release, IncidentSeverity.Moderate)).Effect);
        }

        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        Assert.Empty(world.Mailer.Sent);
        var state = await world.RunToEndAsync(release);

        Assert.Equal((ReleasePhase.Completed, null), (state.Phase, state.Rollback));
        Assert.DoesNotContain(await world.EntriesAsync<PhaseEntered>(release), entered => entered.Phase == ReleasePhase.Paused);
        Assert.All(state.Messages.Values, message => Assert.True(message.Last.Accepted));
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.Subject.StartsWith("[Started]", StringComparison.Ordinal) && sent.At >= back);
    }

    private static Func<bool, DateTimeOffset, double> Wrap(Func<bool, DateTimeOffset, double> inner, Func<bool, double> rate) => (canary, at) =>
    {
        _ = inner(canary, at);
        return rate(canary);
    };
}
