using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Releases that go forward.</summary>
public class ForwardStories
{
    [Fact]
    [Trait("requirement", "S002-01")]
    [Trait("requirement", "S002-31")]
    [Trait("requirement", "S002-37")]
    [Trait("requirement", "S002-45")]
    public async Task A_healthy_release_goes_through_every_stage_and_completes()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.Equal(Percentage.Full, await world.ExposureAsync());
        var stages = await world.EntriesAsync<StageStarted>(release);
        Assert.Equal([5, 25, 50, 100], stages.Select(stage => (int)stage.Percentage.Value));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-67")]
    [Trait("requirement", "S001-69")]
    [Trait("requirement", "S001-70")]
    [Trait("requirement", "S002-153")]
    public async Task Everyone_who_asked_is_told_of_start_stages_and_end_once_each()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary() with
        {
            Communications = new CommunicationSpec
            {
                Stakeholders =
                [
                    new StakeholderSpec { Name = "Support", Email = "support@example.com" },
                    new StakeholderSpec { Name = "Boss", Email = "boss@example.com", Checkpoints = [Checkpoint.Done] },
                ],
                Webhooks = [new WebhookSpec("chat", new Uri("http://127.0.0.1/chat"), WebhookShape.Slack)],
            },
        };
        var release = await world.StartAsync(request);
        await world.RunToEndAsync(release);

        Assert.Equal(6, world.Mailer.Sent.Count(sent => sent.Mail.To == "support@example.com"));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "boss@example.com");
        var first = (await world.Flags.RevisionsAsync(Requests.Flag, default)).First(revision => revision.State.Exposure > Percentage.Zero).At;
        Assert.True(Assert.Single(world.Mailer.Sent, sent => sent.Mail.Subject.StartsWith("[Started]", StringComparison.Ordinal)).At <= first);
        Assert.Equal(2, world.Mailer.Sent.Count(sent => sent.Mail.Subject.StartsWith("[Done]", StringComparison.Ordinal)));
        Assert.DoesNotContain(world.Mailer.Sent, sent => sent.Mail.Subject.StartsWith("[Rollback]", StringComparison.Ordinal));
        Assert.Equal(world.Mailer.Sent.Count, world.Mailer.Sent.Select(sent => sent.Mail.OperationId).Distinct().Count());
        Assert.Equal(6, world.Webhook.Posted.Select(post => post.Key).Distinct().Count());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task No_stage_is_shorter_than_its_bake_and_every_interval_of_it_is_judged()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunToEndAsync(release);

        var entries = await world.LedgerAsync(release);
        foreach (var stage in Enumerable.Range(0, 4))
        {
            var started = entries.First(entry => entry.Read() is StageStarted s && s.Stage == stage);
            var ended = entries.First(entry => entry.Read() is StageEnded s && s.Stage == stage);
            Assert.True(ended.At - ((StageStarted)started.Read()).EvidenceFrom >= TimeSpan.FromMinutes(10), $"stage {stage}: {started.At:u} to {ended.At:u}");
        }

        var judged = (await world.EntriesAsync<IntervalJudged>(release)).SelectMany(interval => interval.Observations).Select(row => row.Start).ToList();
        Assert.Equal(judged.Distinct().Count(), judged.Count);
        Assert.Equal((judged.Max() - judged.Min()).TotalMinutes + 1, judged.Count);
    }

    [Fact]
    public async Task A_bake_can_be_promoted_early_by_a_person()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.RunUntilAsync(TimeSpan.FromMinutes(6));

        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Promote));
        Assert.Equal(new Percentage(25), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_bake_can_be_extended()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Extend, TimeSpan.FromHours(1)));

        await world.RunUntilAsync(TimeSpan.FromMinutes(60));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "X60")]
    public async Task Increases_wait_for_the_change_window_and_the_release_stays_watched_meanwhile()
    {
        await using var world = new ReleaseWorld();
        var windows = new List<Core.Planning.ChangeWindow> { new([DayOfWeek.Tuesday, DayOfWeek.Wednesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.5), "UTC") };
        var request = Requests.Canary() with { Operations = new OperationsSpec { TrafficRps = 100, Windows = windows } };
        var release = await world.StartAsync(request);
        var state = await world.RunToEndAsync(release, TimeSpan.FromDays(30));

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        var entries = await world.LedgerAsync(release);
        foreach (var started in entries.Where(entry => entry.Read() is StageStarted))
        {
            Assert.True(started.At.Hour == 9 && started.At.Minute < 30 && started.At.DayOfWeek is DayOfWeek.Tuesday or DayOfWeek.Wednesday, $"raised at {started.At:u}");
        }

        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_window_that_closes_while_the_ledger_is_away_is_waited_for_before_the_first_write()
    {
        await using var world = new ReleaseWorld();
        var windows = new List<Core.Planning.ChangeWindow> { new([DayOfWeek.Tuesday, DayOfWeek.Wednesday], TimeSpan.FromHours(9), TimeSpan.FromHours(9.5), "UTC") };
        var release = await world.StartAsync(Requests.Canary() with { Operations = new OperationsSpec { TrafficRps = 100, Windows = windows } });

        // The first bake is over at 09:14; what is to be written has to be in the ledger before.
        world.Ledger.AppendsFail = at => at >= ReleaseWorld.Epoch.AddMinutes(12) && at < ReleaseWorld.Epoch.AddMinutes(45);
        await world.RunUntilAsync(TimeSpan.FromHours(2));
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release, TimeSpan.FromDays(30))).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_start_time_is_waited_for()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        request = request with { Release = request.Release with { StartAt = ReleaseWorld.Epoch.AddHours(5) } };
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(TimeSpan.FromHours(4.9));
        Assert.Equal(ReleasePhase.Waiting, (await world.StateAsync(release)).Phase);
        Assert.Equal(Percentage.Zero, await world.ExposureAsync());

        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Too_little_traffic_extends_the_bake_and_then_asks_a_person()
    {
        await using var world = new ReleaseWorld();
        world.Service.Rps = 0.4;
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Paused);

        var state = await world.StateAsync(release);
        Assert.Contains("not enough data", state.PhaseReason);
        Assert.Equal(new Percentage(5), await world.ExposureAsync());
        Assert.True(world.Time.GetUtcNow() - ReleaseWorld.Epoch >= TimeSpan.FromMinutes(20));

        world.Service.Rps = 100;
        Assert.IsType<CommandApplied>(await world.CommandAsync(release, ReleaseCommandKind.Promote));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }
}
