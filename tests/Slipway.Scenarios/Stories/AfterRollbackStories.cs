using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Reporting.Contract;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Who is told once users were taken back, and the day for which the metrics stay watched.</summary>
public sealed class AfterRollbackStories
{
    private static readonly Uri Incidents = new("http://127.0.0.1/incidents");
    private static readonly Uri StatusPage = new("http://127.0.0.1/status");

    private static ReleaseRequest Told(bool? customers = true, ReleaseRequest? request = null)
    {
        request ??= Requests.Canary();
        return request with
        {
            System = new SystemSpec { CustomerFacing = customers },
            Communications = request.Communications with { IncidentWebhook = new ChannelSpec(Incidents, WebhookShape.Slack), StatusWebhook = new ChannelSpec(StatusPage, WebhookShape.Plain) },
        };
    }

    private static async Task<(ReleaseId Release, ReleaseState State)> TakenBackAsync(ReleaseWorld world, ReleaseRequest request)
    {
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Assert.Empty(world.Webhook.Posted);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        return (release, await world.RunToEndAsync(release));
    }

    private static ReleaseReport Report(ReleaseState state, ReleaseWorld world) => ReleaseReporter.Report(state, world.Time.GetUtcNow());

    private static async Task RunAsync(ReleaseWorld world, TimeSpan time) => await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + time);

    [Fact]
    [Trait("requirement", "S004-131")]
    [Trait("requirement", "S004-132")]
    [Trait("requirement", "S002-125")]
    public async Task A_rollback_is_told_once_in_the_incident_channel_and_updates_the_status_page()
    {
        await using var world = new ReleaseWorld();
        var (release, state) = await TakenBackAsync(world, Told());

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        var incident = Assert.Single(world.Webhook.Posted, post => post.Url == Incidents);
        Assert.Contains("Rolled back and verified", incident.Json, StringComparison.Ordinal);
        var page = Assert.Single(world.Webhook.Posted, post => post.Url == StatusPage);
        Assert.Contains("Everybody is on the version before it", page.Json, StringComparison.Ordinal);
        Assert.DoesNotContain("because", page.Json, StringComparison.Ordinal);
        Assert.Contains(await world.EntriesAsync<MessageSent>(release), sent => sent is { Recipient: "#inc-search", Accepted: true, Kind: EffectKind.Webhook });
        Assert.True(Report(state, world).DeploymentArtifacts.Communication.StatusPageUpdated);
        Assert.DoesNotContain(Report(state, world).NextActions, action => action.Action.Contains("status page", StringComparison.Ordinal) || action.Action.Contains("#inc-search", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-131")]
    [Trait("requirement", "S004-132")]
    public async Task A_rescue_tells_both_channels_and_names_the_caches_that_nobody_emptied()
    {
        await using var world = new ReleaseWorld();
        var request = Told(request: Requests.Canary() with { Rollback = new RollbackSpec { Caches = [new CacheSpec("assets", CacheKind.Cdn, "/*")] } });
        var release = await world.StartAsync(request);
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await RunAsync(world, TimeSpan.FromMinutes(3));
        world.Breaks.Fails = false;
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.Single(world.Webhook.Posted, post => post.Url == Incidents);
        Assert.Single(world.Webhook.Posted, post => post.Url == StatusPage);
        Assert.True(Report(state, world).DeploymentArtifacts.Communication.StatusPageUpdated);
        Assert.Contains("empty the cache assets (/*) by hand: nobody asked the pipeline for it", state.LeftToDo);
        await RunAsync(world, TimeSpan.FromHours(25));
        Assert.Equal(48, (await world.EntriesAsync<AftercareLooked>(release)).Count);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    [Trait("requirement", "S004-132")]
    [Trait("requirement", "S002-125")]
    public async Task A_status_page_of_a_change_that_customers_do_not_see_is_left_alone(bool? customers)
    {
        await using var world = new ReleaseWorld();
        var (release, state) = await TakenBackAsync(world, Told(customers));

        Assert.DoesNotContain(world.Webhook.Posted, post => post.Url == StatusPage);
        Assert.False(Report(state, world).DeploymentArtifacts.Communication.StatusPageUpdated);
        Assert.Equal(customers is null, Report(state, world).NextActions.Any(action => action.Action.StartsWith("Update the status page if customers see the change", StringComparison.Ordinal)));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-131")]
    [Trait("requirement", "S004-132")]
    [Trait("requirement", "S002-125")]
    public async Task Channels_that_accept_nothing_keep_no_rollback_waiting_and_are_left_to_people()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Webhook));
        var (release, _) = await TakenBackAsync(world, Told());
        var state = await world.StateAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        Assert.True(state.EndedAt - state.Rollback!.BegunAt < TimeSpan.FromMinutes(15));
        Assert.False(Report(state, world).DeploymentArtifacts.Communication.StatusPageUpdated);
        Assert.Contains(Report(state, world).NextActions, action => action.Action.StartsWith("Update the status page, which did not accept it", StringComparison.Ordinal));
        Assert.Contains(Report(state, world).NextActions, action => action.Action.StartsWith("Tell #inc-search of the rollback, which did not accept it", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("requirement", "S004-131")]
    public async Task A_channel_without_a_webhook_is_told_by_a_person_and_a_release_that_arrives_tells_neither()
    {
        await using var world = new ReleaseWorld();
        var (_, state) = await TakenBackAsync(world, Requests.Canary());
        Assert.Contains(Report(state, world).NextActions, action => action.Action == "Tell #inc-search of the rollback: communications.incident_webhook is not stated");

        await using var good = new ReleaseWorld();
        var release = await good.StartAsync(Told());
        Assert.Equal(ReleasePhase.Completed, (await good.RunToEndAsync(release)).Phase);
        Assert.Empty(good.Webhook.Posted);
    }

    [Fact]
    [Trait("requirement", "S004-135")]
    public async Task The_metrics_stay_watched_for_a_day_after_a_rollback_without_any_lock()
    {
        await using var world = new ReleaseWorld();
        var (release, ended) = await TakenBackAsync(world, Told());
        await RunAsync(world, TimeSpan.FromDays(3));
        var state = await world.StateAsync(release);

        var looks = (await world.LedgerAsync(release)).Where(entry => entry.Read() is AftercareLooked).ToList();
        Assert.Equal(Enumerable.Range(1, 48).Select(half => ended.EndedAt!.Value + (half * TimeSpan.FromMinutes(30))), looks.Select(entry => entry.At));
        Assert.All(looks, entry => Assert.Equal(LookStatus.Good, ((AftercareLooked)entry.Read()).Status));
        Assert.All(looks, entry => Assert.Contains("error rate 0.2 %, p95 ", ((AftercareLooked)entry.Read()).Sentence, StringComparison.Ordinal));
        Assert.Empty(await world.LockDesk.ListAsync(default));
        Assert.Equal((ReleasePhase.RolledBack, ended.EndedAt, ended.Rollback!.Levels.Count), (state.Phase, state.EndedAt, state.Rollback!.Levels.Count));
        Assert.Single(world.Webhook.Posted, post => post.Url == Incidents);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-135")]
    public async Task Metrics_that_go_bad_after_a_rollback_are_told_to_on_call_once()
    {
        await using var world = new ReleaseWorld();
        var (release, ended) = await TakenBackAsync(world, Told());
        var (from, to) = (ended.EndedAt!.Value.AddHours(5), ended.EndedAt.Value.AddHours(8));
        world.Service.ErrorRate = (_, at) => at >= from && at < to ? 0.2 : 0.002;
        world.Service.Reports = (_, at) => at < from.AddHours(1) || at >= from.AddHours(2);
        await RunAsync(world, TimeSpan.FromHours(7.5));
        Assert.StartsWith("Look at the service: after the rollback, at ", Report(await world.StateAsync(release), world).NextActions[0].Action, StringComparison.Ordinal);
        Assert.Contains("error_rate is still 20 ", Report(await world.StateAsync(release), world).NextActions[0].Action, StringComparison.Ordinal);
        await RunAsync(world, TimeSpan.FromDays(2));

        var looks = await world.EntriesAsync<AftercareLooked>(release);
        Assert.Equal(48, looks.Count);
        Assert.Equal(2, looks.Count(look => look.Status == LookStatus.Blind));
        Assert.InRange(looks.Count(look => look.Status == LookStatus.Bad), 3, 5);
        var alarm = Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "oncall@example.com" && sent.Mail.Text.Contains("Metrics are bad after the rollback", StringComparison.Ordinal));
        Assert.InRange(alarm.At, from, from.AddMinutes(35));
        Assert.Equal(2, world.Webhook.Posted.Count(post => post.Url == Incidents));
        Assert.DoesNotContain(Report(await world.StateAsync(release), world).NextActions, action => action.Action.StartsWith("Look at the service", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("requirement", "S004-56")]
    public async Task Behind_level_three_the_first_hour_is_watched_closely(bool code)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.ThreeLevels());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Probe.Answer = (_, _) => world.Hook.Took.Exists(took => !code || took.Step.Action == DeployAction.Rollback) ? new ProbeResult(200, 20, "", "") : new ProbeResult(500, 20, "", "");
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var ended = (await world.RunToEndAsync(release)).EndedAt!.Value;
        await RunAsync(world, TimeSpan.FromHours(2.1));

        var looks = (await world.LedgerAsync(release)).Where(entry => entry.Read() is AftercareLooked).Select(entry => (entry.At - ended).TotalMinutes).ToList();
        Assert.Equal(code ? [.. Enumerable.Range(1, 12).Select(five => 5.0 * five), 90, 120] : [30.0, 60, 90, 120], looks);
        await Invariants.CheckAsync(world, release);
    }
}
