using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What Slipway tells about itself while it runs releases: spans, metrics, log events.</summary>
public class DiagnosticStories
{
    private static string? Tag(Activity span, string name) => span.GetTagItem(name)?.ToString();

    private static DateTime End(Activity span) => span.StartTimeUtc + span.Duration;

    private static void Breach(ReleaseWorld world) => world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;

    [Fact]
    public async Task A_rolled_back_release_is_one_trace_with_its_stages_its_rollback_and_every_activity()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(4));
        Breach(world);
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);

        var spans = world.Diagnostics.Spans;
        Assert.Single(spans.Select(span => span.TraceId).Distinct());
        Assert.Equal(spans.Count, spans.Select(span => span.SpanId).Distinct().Count());
        Assert.All(spans, span => Assert.Equal(release.Value, Tag(span, "slipway.release")));
        var root = Assert.Single(spans, span => span.OperationName == "slipway.release");
        var stages = spans.Where(span => span.OperationName == "slipway.stage").OrderBy(span => span.StartTimeUtc).ToList();
        var rollback = Assert.Single(spans, span => span.OperationName == "slipway.rollback");
        var level = Assert.Single(spans, span => span.OperationName == "slipway.level");

        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal([root.SpanId, root.SpanId, root.SpanId, rollback.SpanId], stages.Append(rollback).Append(level).Select(span => span.ParentSpanId));
        Assert.Equal((state.CreatedAt.UtcDateTime, state.EndedAt!.Value.UtcDateTime), (root.StartTimeUtc, End(root)));
        Assert.Equal(["promoted", "rolled_back"], stages.Select(span => Tag(span, "slipway.outcome")));
        Assert.Equal((state.Stages[0].StartedAt!.Value.UtcDateTime, state.Stages[0].EndedAt!.Value.UtcDateTime), (stages[0].StartTimeUtc, End(stages[0])));
        Assert.Equal((state.Rollback!.BegunAt.UtcDateTime, End(root)), (rollback.StartTimeUtc, End(rollback)));
        Assert.Equal(state.Rollback.BegunAt.UtcDateTime, End(stages[1]));

        // Each activity is under what was under way when it ran; at the very moment of a change it may be either.
        var activities = spans.Where(span => Tag(span, "slipway.activity") is not null).ToList();
        Assert.All(activities, span => Assert.Contains(span.ParentSpanId, stages.Append(rollback).Append(root).Select(parent => parent.SpanId)));
        foreach (var parent in stages)
        {
            var inside = activities.Where(span => span.StartTimeUtc > parent.StartTimeUtc && End(span) < End(parent)).ToList();
            Assert.NotEmpty(inside);
            Assert.All(inside, span => Assert.Equal(parent.SpanId, span.ParentSpanId));
        }

        Assert.Contains(activities, span => span.OperationName == "watch.poll.v1" && Tag(span, "slipway.instance")!.StartsWith($"{release}/watch/", StringComparison.Ordinal));
        Assert.Contains(activities, span => span.OperationName == "flag.restore.v1" && span.ParentSpanId == rollback.SpanId);
    }

    [Fact]
    public async Task Metrics_are_what_the_ledger_says_and_name_no_release()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        Breach(world);
        var state = await world.RunToEndAsync(release);
        var told = world.Diagnostics;

        Assert.Equal((1, 1, 1), (told.Sum("slipway.releases.started"), told.Sum("slipway.releases.ended", "rolled_back"), told.Sum("slipway.releases.ended")));
        var polls = await world.EntriesAsync<IntervalJudged>(release);
        Assert.Equal((polls.Count, 0), (told.Sum("slipway.polls"), told.Sum("slipway.polls.blind")));
        Assert.Equal((await world.EntriesAsync<EffectFinished>(release)).Count(effect => effect.Kind == EffectKind.Flag), told.Sum("slipway.flags.writes"));
        Assert.Equal((await world.EntriesAsync<MessageSent>(release)).Count(sent => sent is { Kind: EffectKind.Mail, Accepted: true }), told.Sum("slipway.mails", "accepted"));

        var off = Assert.Single(told.Measurements, measured => measured.Instrument == "slipway.rollbacks.flags_off");
        Assert.Equal((state.Rollback!.Levels[0].Result.UndoneAt! - state.Rollback.BreachSeenAt!).Value.TotalSeconds, off.Value, 3);
        Assert.Equal("automatic", off.Dimensions["slipway.cause"]);
        Assert.All(told.Measurements.Where(measured => measured.Instrument == "slipway.verdicts.latency"), latency => Assert.InRange(latency.Value, 60, 600));
        Assert.Equal(2, told.Measurements.Count(measured => measured.Instrument == "slipway.stages.duration"));
        Assert.Equal(told.Spans.Count(span => Tag(span, "slipway.activity") is not null), told.Measurements.Count(measured => measured.Instrument == "slipway.activities.duration"));
        Assert.All(told.Measurements.SelectMany(measured => measured.Dimensions.Values), value => Assert.DoesNotContain(release.Value, value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_tells_of_start_rollback_and_end_as_alerts_ask_for_it()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        Breach(world);
        var state = await world.RunToEndAsync(release);

        var lines = world.Diagnostics.Lines;
        Assert.Equal(["slipway.release.started", "slipway.rollback.done", "slipway.release.ended"], lines.Select(line => line.Event.Name));
        Assert.All(lines, line => Assert.True(line.Level >= LogLevel.Information && line.Message.StartsWith($"{release}: ", StringComparison.Ordinal) && line.Dimensions["Release"] == release.Value));
        Assert.Equal(("1", true), (lines[1].Dimensions["Stage"], lines[1].Dimensions["Why"].Contains("limit 1 %", StringComparison.Ordinal)));
        Assert.Equal("rolled_back", lines[2].Dimensions["Outcome"]);
        Assert.Equal((state.EndedAt! - state.CreatedAt).Value.TotalSeconds, double.Parse(lines[2].Dimensions["Seconds"], System.Globalization.CultureInfo.InvariantCulture), 3);
    }

    [Fact]
    public async Task A_restart_in_every_phase_tells_nothing_twice()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        for (var stage = 0; stage < 4; stage++)
        {
            await world.RunUntilAsync(release, ReleasePhase.Baking, stage);
            await world.RestartAsync();
        }

        await world.RunToEndAsync(release);
        await world.RestartAsync();
        await world.SettleAsync();

        var spans = world.Diagnostics.Spans;
        Assert.Single(spans.Select(span => span.TraceId).Distinct());
        Assert.Equal((4, 1), (spans.Count(span => span.OperationName == "slipway.stage"), spans.Count(span => span.OperationName == "slipway.release")));
        Assert.Equal(["slipway.release.started", "slipway.release.ended"], world.Diagnostics.Lines.Select(line => line.Event.Name));
        Assert.Equal((await world.EntriesAsync<IntervalJudged>(release)).Count, world.Diagnostics.Sum("slipway.polls"));
        Assert.Equal((1, 1, 4), (world.Diagnostics.Sum("slipway.releases.started"), world.Diagnostics.Sum("slipway.releases.ended"), world.Diagnostics.Measurements.Count(measured => measured.Instrument == "slipway.stages.duration")));
    }

    [Fact]
    public async Task Every_blind_poll_is_told_until_the_release_is_taken_back()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var lost = world.Time.GetUtcNow();
        world.Service.Reports = (_, at) => at < lost;
        await world.RunToEndAsync(release);

        var blind = (await world.LedgerAsync(release)).TakeWhile(entry => entry.Read() is not RollbackBegun)
            .Count(entry => entry.Read() is IntervalJudged { Assessment.Verdict: Core.Analysis.Verdict.Blind });
        Assert.True(blind > 2, $"{blind} blind polls");
        Assert.Equal(blind, world.Diagnostics.Lines.Count(line => line.Event.Name == "slipway.telemetry.dead"));
    }

    [Fact]
    public async Task A_silent_watch_is_told_at_each_sweep_and_its_rescue_counted()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.Sweeper.SweepAsync(default);
        Assert.Equal([("baking", 1d)], world.Diagnostics.Observe("slipway.releases.active").Select(measured => (measured.Dimensions["slipway.phase"], measured.Value)));

        world.Breaks.WatchSleeps = true;
        await world.RunSweptAsync(TimeSpan.FromMinutes(14));
        await world.RunToEndAsync(release);
        await world.Sweeper.SweepAsync(default);

        var stalled = world.Diagnostics.Lines.Where(line => line.Event.Name == "slipway.release.stalled").ToList();
        Assert.InRange(stalled.Count, 2, 4);
        Assert.All(stalled, line => Assert.Contains("nothing was judged since", line.Dimensions["Why"], StringComparison.Ordinal));
        Assert.Equal((1, true), (world.Diagnostics.Sum("slipway.rescues", "rescue"), world.Diagnostics.Sum("slipway.sweeps.repairs") >= 2));
        Assert.Contains(world.Diagnostics.Lines, line => line.Event.Name == "slipway.rollback.done");
        Assert.All(world.Diagnostics.Observe("slipway.releases.active"), measured => Assert.Equal(0, measured.Value));
    }

    [Fact]
    public async Task A_mail_that_waits_for_a_quarter_of_an_hour_is_told_once()
    {
        var back = ReleaseWorld.Epoch.AddMinutes(25);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, back)));
        var release = await world.StartAsync(Requests.Canary());
        await world.RunSweptAsync(TimeSpan.FromMinutes(14));
        Assert.DoesNotContain(world.Diagnostics.Lines, line => line.Event.Name == "slipway.mail.delayed");
        await world.RunSweptAsync(TimeSpan.FromMinutes(20));
        await world.RunToEndAsync(release);

        var late = (await world.EntriesAsync<MessageSent>(release)).Where(sent => sent is { Kind: EffectKind.Mail, Accepted: true, PossibleDuplicate: true }).ToList();
        var told = world.Diagnostics.Lines.Where(line => line.Event.Name == "slipway.mail.delayed").ToList();
        Assert.InRange(told.Count, 1, late.Count);
        Assert.Equal(told.Count, world.Diagnostics.Sum("slipway.mails", "delayed"));
        Assert.All(told, line => Assert.DoesNotContain('@', line.Message));
    }

    [Fact]
    public async Task Nothing_that_leaves_the_process_holds_addresses_tokens_or_links()
    {
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, ReleaseWorld.Epoch.AddMinutes(20))));
        var request = Requests.ApprovedStart();
        request = request with
        {
            Rollback = new RollbackSpec { Configuration = ["search:index:mode"], Code = new CodeRollbackSpec(new Uri("http://127.0.0.1/rollback?sig=canary-secret"), "2.3.7") },
        };
        var release = await world.StartAsync(request with { Communications = request.Communications with { Webhooks = [new WebhookSpec("chat", new Uri("http://127.0.0.1/hook?code=canary-secret"), WebhookShape.Plain)] } });
        await world.RunSweptAsync(TimeSpan.FromMinutes(25));
        var token = world.LinkOf(Requests.Ada);
        await world.AnswerToAsync(release, token);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack, reason: $"ask dana@example.com, see http://127.0.0.1:5180/approvals/{token} or slipway approve {token}");
        await world.RunToEndAsync(release);
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));

        var texts = world.Diagnostics.Texts().ToList();
        Assert.Contains(texts, text => text.Contains("ask (address), see http://127.0.0.1", StringComparison.Ordinal));
        foreach (var secret in (string[])["example.com", "canary-secret", "approvals", token, token.Split('.')[0], token.Split('.')[1], "?"])
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}
