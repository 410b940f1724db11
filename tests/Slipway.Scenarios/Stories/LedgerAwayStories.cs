using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>A rollback that fails at night while the store of ledgers is away: whoever is on call hears of it in time, once, and it is in the
/// ledger afterwards.</summary>
public sealed class LedgerAwayStories
{
    private const string OnCall = "oncall@example.com";
    private const string Support = "support@example.com";

    private static readonly DateTimeOffset FlagsDown = ReleaseWorld.Epoch.AddMinutes(8);
    private static readonly DateTimeOffset LedgerDown = ReleaseWorld.Epoch.AddMinutes(9);
    private static readonly DateTimeOffset LedgerUp = ReleaseWorld.Epoch.AddHours(6);

    private static FaultRule[] FlagsAway =>
    [
        FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= FlagsDown),
        FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= FlagsDown),
    ];

    /// <summary>How the ledger is away.</summary>
    public enum Away
    {
        /// <summary>Appends fail.</summary>
        Refuses,

        /// <summary>Appends and reads fail.</summary>
        Gone,

        /// <summary>Appends fail, and say so only after longer than anybody waits for them.</summary>
        Hangs,
    }

    [Theory]
    [InlineData(Away.Refuses)]
    [InlineData(Away.Gone)]
    [InlineData(Away.Hangs)]
    public async Task On_call_is_paged_once_and_in_time_when_the_rollback_fails_while_the_ledger_is_away(Away away)
    {
        await using var world = new ReleaseWorld(FlagsAway);
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(TimeSpan.FromMinutes(9));
        TakeAway(world, away);
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunUntilAsync(TimeSpan.FromHours(5));

        // Nothing of it is in the ledger yet, and everybody who has to know it does.
        var page = Assert.Single(Pages(world));
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == Support && sent.Mail.Text.Contains("could not be completed", StringComparison.Ordinal));
        Assert.NotEqual(ReleasePhase.Failed, (await world.StateAsync(release)).Phase);
        Assert.Single(await world.Locks.ListAsync(default), held => held.Resource == $"flag:{Requests.Flag}");

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        var ended = Assert.Single(await world.EntriesAsync<ReleaseEnded>(release));
        Assert.Contains(ended.LeftToDo, line => line.Contains(Requests.Flag, StringComparison.Ordinal));
        Assert.InRange(page.At - state.EndedAt!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        Assert.Single(Pages(world));
        Assert.True(state.Messages[page.Id].Last.Accepted);
        Assert.Empty(await world.Locks.ListAsync(default));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public async Task What_was_judged_while_the_ledger_was_away_stands_in_it_in_the_order_of_judging(int backAt)
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 2;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(TimeSpan.FromMinutes(8));
        world.Ledger.AppendsFail = at => at < ReleaseWorld.Epoch.AddMinutes(backAt);

        // Meanwhile the bake is extended: one watch ends with what it could not record, and another goes on.
        await world.RunUntilAsync(TimeSpan.FromMinutes(backAt + 6));

        List<DateTimeOffset> judged = [.. (await world.EntriesAsync<IntervalJudged>(release)).Select(one => one.JudgedUntil)];
        Assert.True(judged.Count > backAt - 8);
        Assert.Equal(judged.Distinct().Order(), judged);
        await world.EndAsync(release);
    }

    [Fact]
    public async Task A_ledger_that_answers_within_a_minute_has_the_end_before_anybody_is_told_of_it()
    {
        await using var world = new ReleaseWorld(FlagsAway);
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(TimeSpan.FromMinutes(9));
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunToEndAsync(release);

        var entries = await world.LedgerAsync(release);
        var ended = entries.Single(entry => entry.Read() is ReleaseEnded);
        var page = Assert.Single(Pages(world));
        var intended = Assert.Single(entries, entry => entry.Read() is EffectIntended effect && effect.EffectId == $"message:{page.Id}");
        Assert.True(ended.Sequence < intended.Sequence);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A watch that cannot read that the release is over goes on; what it finds then asks nobody and holds nothing. What has to be
    /// confirmed before it counts begins so many minutes before the last bake ends.</summary>
    [Theory]
    [InlineData(TriggerAction.Evaluate, 3)]
    [InlineData(TriggerAction.AutoRollback, 3)]
    [InlineData(TriggerAction.Pause, 0)]
    [InlineData(TriggerAction.Alert, 0)]
    public async Task What_is_found_when_the_release_is_over_is_told_and_asks_nothing(TriggerAction action, int badBefore)
    {
        await using var world = new ReleaseWorld();
        var release = await FoundLateAsync(world, action, badBefore);
        var state = await world.RunToEndAsync(release);
        await world.RunUntilAsync(TimeSpan.FromHours(7));

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var entries = await world.LedgerAsync(release);
        var after = entries.SkipWhile(entry => entry.Read() is not ReleaseEnded).Select(entry => entry.Read()).ToList();
        Assert.DoesNotContain(after, body => body is EvaluationOpened or PageOpened or PhaseEntered);
        Assert.Single(after.OfType<AlertRaised>(), alert => alert is { Severity: AlertSeverity.Critical } && alert.ActionTaken.Contains("when the release was over", StringComparison.Ordinal));
        var told = Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == OnCall && sent.Mail.Subject.Contains(MessageWords.FoundLate, StringComparison.Ordinal));
        Assert.Contains("nothing goes back by itself any more", told.Mail.Text, StringComparison.Ordinal);
        Assert.Equal(new Percentage(100), await world.ExposureAsync());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Locks_that_cannot_be_given_up_keep_nobody_unpaged()
    {
        await using var world = new ReleaseWorld(FlagsAway);
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(TimeSpan.FromMinutes(9));
        world.ReachedLocks.Broken = true;
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        await world.RunUntilAsync(release, ReleasePhase.Failed);
        await world.RunUntilAsync(world.Time.GetUtcNow().AddSeconds(10) - ReleaseWorld.Epoch);

        Assert.Single(Pages(world));
        world.ReachedLocks.Broken = false;
        await world.RunToEndAsync(release);
        Assert.Empty(await world.Locks.ListAsync(default));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_store_of_reports_that_hangs_delays_neither_the_way_back_nor_the_page_by_more_than_a_few_minutes()
    {
        var pages = new List<DateTimeOffset>();
        foreach (var delay in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(100) })
        {
            await using var world = new ReleaseWorld(FlagsAway);
            var release = await world.StartAsync(Requests.ThreeLevels());
            await world.RunUntilAsync(TimeSpan.FromMinutes(9));
            world.Snapshots.Delay = delay;
            world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
            await world.RunUntilAsync(TimeSpan.FromHours(2));
            pages.Add(Assert.Single(Pages(world)).At);
            world.Snapshots.Delay = TimeSpan.Zero;
            Assert.Equal(ReleasePhase.Failed, (await world.RunToEndAsync(release)).Phase);
            await Invariants.CheckAsync(world, release);
        }

        Assert.InRange(pages[1] - pages[0], TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    [Theory]
    [InlineData(Away.Refuses)]
    [InlineData(Away.Gone)]
    [InlineData(Away.Hangs)]
    public async Task A_rescue_that_cannot_bring_everything_back_pages_on_call_while_the_ledger_is_away(Away away)
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= FlagsDown));
        var release = await RescuedAsync(world);
        if (away == Away.Gone) await world.SettleAsync();
        TakeAway(world, away);
        var begun = world.Time.GetUtcNow();
        await world.RunUntilAsync(TimeSpan.FromHours(5));

        var page = Assert.Single(Pages(world));
        Assert.InRange(page.At - begun, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(8));
        Assert.Contains(Requests.Flag, page.Text, StringComparison.Ordinal);
        Assert.False((await world.StateAsync(release)).IsTerminal);

        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.Failed, state.Phase);
        Assert.Single(await world.EntriesAsync<ReleaseEnded>(release));
        Assert.Single(Pages(world));
        Assert.True(state.Messages[page.Id].Last.Accepted);
        Assert.Empty(await world.Locks.ListAsync(default));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rescue_brings_users_back_and_says_so_while_the_ledger_is_away()
    {
        var flagsUp = DateTimeOffset.MaxValue;
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= FlagsDown && call.At < flagsUp));
        var release = await RescuedAsync(world);
        await world.SettleAsync();
        Assert.NotEqual(Percentage.Zero, await world.ExposureAsync());
        TakeAway(world, Away.Gone);
        flagsUp = world.Time.GetUtcNow().AddMinutes(1);
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(4) - ReleaseWorld.Epoch);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());
        Assert.Single(Pages(world));

        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task On_call_hears_that_metrics_went_bad_after_a_rollback_while_the_ledger_is_away()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        TakeAway(world, Away.Refuses);
        var told = world.Mailer.Sent.Count(sent => sent.Mail.To == OnCall);
        world.Service.ErrorRate = (_, _) => 0.3;
        await world.RunUntilAsync(TimeSpan.FromHours(3));

        Assert.Equal(told + 1, world.Mailer.Sent.Count(sent => sent.Mail.To == OnCall));
        Assert.Empty(await world.EntriesAsync<AftercareLooked>(release));
        await world.RunUntilAsync(TimeSpan.FromHours(6.2));
        var looks = await world.EntriesAsync<AftercareLooked>(release);
        Assert.True(looks.Count > 5 && looks.Zip(looks.Skip(1)).All(pair => pair.First.To < pair.Second.To), $"{looks.Count} looks");
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>The pages that say what is left to do by hand.</summary>
    private static List<(DateTimeOffset At, string Id, string Text)> Pages(ReleaseWorld world) =>
    [
        .. world.Mailer.Sent.Where(sent => sent.Mail.To == OnCall && sent.Mail.Text.Contains("Left to do by hand", StringComparison.Ordinal))
            .Select(sent => (sent.At, sent.Mail.OperationId.ToString("D"), sent.Mail.Text)),
    ];

    /// <summary>A release that completes while its watch cannot read the ledger, and turns bad then; it still listens, since its own last entries cannot be written either.</summary>
    private static async Task<ReleaseId> FoundLateAsync(ReleaseWorld world, TriggerAction action, int badBefore)
    {
        var request = Requests.Canary();
        var trigger = new TriggerSpec { Metric = "latency_p95", Above = 100, Action = action };
        var release = await world.StartAsync(request with { Guardrails = request.Guardrails with { Triggers = [trigger] } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        var state = await world.StateAsync(release);
        var judged = state.NextAt!.Value;
        var over = judged + state.Plan.Watch.IngestionDelay;
        world.Ledger.ReadsFail = at => at >= over && at < over.AddMinutes(15);
        world.Service.Latency = (canary, at) => canary && at >= judged.AddMinutes(-badBefore) ? 900 : 40;
        return release;
    }

    /// <summary>Until six hours after the epoch.</summary>
    private static void TakeAway(ReleaseWorld world, Away away)
    {
        bool Now(DateTimeOffset at) => at >= LedgerDown && at < LedgerUp;
        world.Ledger.AppendsFail = Now;
        if (away == Away.Hangs) world.Ledger.AppendDelay = _ => Now(world.Time.GetUtcNow()) ? TimeSpan.FromSeconds(100) : TimeSpan.Zero;
        if (away == Away.Gone) world.Ledger.ReadsFail = Now;
    }

    /// <summary>A release whose orchestration failed while users are exposed, just taken over by the rescue, which has read what to bring back.</summary>
    private static async Task<ReleaseId> RescuedAsync(ReleaseWorld world)
    {
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(3) - ReleaseWorld.Epoch);
        Assert.True(world.Time.GetUtcNow() >= LedgerDown);
        world.Breaks.Fails = false;
        Assert.Equal([release], await world.Sweeper.SweepAsync(default));
        return release;
    }
}
