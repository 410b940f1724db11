using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Flag writes that somebody else's save, or a slow store, puts out of step with the release.</summary>
public class LateWriteStories
{
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(40);

    [Fact]
    public async Task A_first_stage_whose_write_lands_after_the_rollback_exposes_nobody()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, Slow));
        var release = await world.StartAsync(Requests.Canary());

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        await world.RunUntilAsync(TimeSpan.FromHours(6));

        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_flag_that_somebody_saves_without_a_change_before_a_stage_does_not_hold_the_release()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var flag = (await world.Flags.ReadAsync(Requests.Flag, default))!;
        Assert.True((await world.Flags.As("someone else").RestoreAsync(flag.Name, flag.Json, flag.ETag, default)).Written);

        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Empty(await world.EntriesAsync<AlertRaised>(release));
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The write that was refused is over with that; the one after it stands in the ledger before it happens too.</summary>
    [Fact]
    public async Task A_flag_that_somebody_changes_during_a_shift_is_written_with_an_entry_of_its_own_when_a_person_goes_on()
    {
        await using var world = new ReleaseWorld(FaultRule.Slow(FaultOperations.FlagSet, TimeSpan.FromSeconds(10), call => call.Number == 1));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Shifting);
        await world.MeddleAsync(Requests.Flag, Percentage.Zero);
        await world.RunUntilAsync(release, ReleasePhase.Paused);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Resume));

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        var bodies = (await world.LedgerAsync(release)).Select(entry => entry.Read()).ToList();
        var refused = bodies.FindIndex(body => body is EffectFinished { Kind: EffectKind.Flag, Outcome: EffectOutcome.Conflict });
        var done = bodies.FindIndex(refused + 1, body => body is EffectFinished { Kind: EffectKind.Flag, Outcome: EffectOutcome.Done });
        Assert.Contains(bodies[refused..done], body => body is EffectIntended intended && intended.EffectId == ((EffectFinished)bodies[done]).EffectId);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The old version falls silent since everybody has the new one, while the release cannot know that it was written.</summary>
    [Fact]
    public async Task A_last_stage_whose_answers_are_lost_is_tried_within_its_budget_although_that_looks_like_lost_sight()
    {
        var lost = false;
        await using var world = new ReleaseWorld(FaultRule.AnswerLost(FaultOperations.FlagSet, _ => lost));
        var canary = Requests.Canary();
        var release = await world.StartAsync(canary with
        {
            Stages = [canary.Stages[1], canary.Stages[3]],
            Telemetry = canary.Telemetry! with { Interval = TimeSpan.FromSeconds(10), IngestionDelay = TimeSpan.FromSeconds(10) },
            Guardrails = canary.Guardrails with { BlindThen = BlindAction.Pause },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        lost = true;
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(30));
        lost = false;
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Contains("could not be set to 100 % within 5 min", state.Rollback!.Reason, StringComparison.Ordinal);
        await Invariants.CheckAsync(world, release);
    }
}
