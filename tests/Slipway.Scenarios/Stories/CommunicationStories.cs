using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Workflow.Rescue;

namespace Slipway.Scenarios.Stories;

/// <summary>Who is told what: pages and their escalation, progress, and the retraction after a rollback.</summary>
public class CommunicationStories
{
    private const string Retracted = "the start is retracted";

    [Fact]
    [Trait("requirement", "S004-204")]
    [Trait("requirement", "S001-82")]
    public async Task A_page_that_nobody_acknowledges_walks_the_escalation_path_every_five_minutes()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(OnCall());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var at = world.Time.GetUtcNow();
        await world.ComplainAsync(release, 12);
        await world.RunUntilAsync(at - ReleaseWorld.Epoch + TimeSpan.FromMinutes(14));

        Assert.Equal([at, at, at.AddMinutes(5), at.AddMinutes(10)], PagedAt(world, "oncall@example.com", "second@example.com", "lead@example.com", "cto@example.com"));
        Assert.Contains(Paged(world, "lead@example.com"), mail => mail.Text.Contains("without an acknowledgement by", StringComparison.Ordinal) && mail.Text.Contains("cto@example.com is told", StringComparison.Ordinal));
        var page = Assert.Single((await world.StateAsync(release)).OpenPages);
        Assert.Equal(["oncall@example.com", "second@example.com", "lead@example.com", "cto@example.com"], page.Told);
        Assert.Contains((await ReportAsync(world, release)).NextActions, action => action.Action.Contains("slipway acknowledge search-2.4.0", StringComparison.Ordinal));
        await world.AnswerEvaluationAsync(release, EvaluationVerdict.Dismiss);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Theory]
    [InlineData(ReleaseCommandKind.AcknowledgeNotices)]
    [InlineData(ReleaseCommandKind.Extend)]
    [InlineData(ReleaseCommandKind.Resume)]
    public async Task Any_command_acknowledges_a_page_also_one_that_is_refused(ReleaseCommandKind kind)
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(OnCall());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var at = world.Time.GetUtcNow();
        await world.ComplainAsync(release, 12);
        await world.RunUntilAsync(at - ReleaseWorld.Epoch + TimeSpan.FromMinutes(4));
        var answer = await world.CommandAsync(release, kind, kind == ReleaseCommandKind.Extend ? TimeSpan.FromMinutes(5) : null);
        Assert.Equal(kind == ReleaseCommandKind.Resume, answer is CommandRefused);
        await world.RunUntilAsync(at - ReleaseWorld.Epoch + TimeSpan.FromMinutes(14));

        Assert.Empty(Paged(world, "lead@example.com"));
        Assert.Equal("dana@example.com", Assert.Single((await world.StateAsync(release)).Pages).Ended!.By);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S004-208")]
    public async Task After_a_day_at_100_percent_a_page_waits_fifteen_minutes()
    {
        await using var world = new ReleaseWorld();
        var request = OnCall();
        var release = await world.StartAsync(request with { Stages = [.. request.Stages.Take(3), request.Stages[3] with { Bake = TimeSpan.FromHours(30) }] });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 3);
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(25));
        var at = world.Time.GetUtcNow();
        await world.IncidentAsync(release, IncidentSeverity.Moderate);
        await world.RunUntilAsync(at - ReleaseWorld.Epoch + TimeSpan.FromMinutes(16));

        Assert.Equal([at, at.AddMinutes(15)], PagedAt(world, "oncall@example.com", "lead@example.com"));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Nobody_gets_the_page_and_the_checkpoint_of_the_same_thing()
    {
        await using var world = new ReleaseWorld();
        var request = OnCall();
        var release = await world.StartAsync(request with
        {
            Communications = request.Communications with { Stakeholders = [.. request.Communications.Stakeholders, new StakeholderSpec { Name = "On call", Email = "ONCALL@example.com" }] },
        });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        var at = world.Time.GetUtcNow();
        await world.ComplainAsync(release, 12);
        Assert.Single(world.Mailer.Sent, sent => sent.At == at && string.Equals(sent.Mail.To, "oncall@example.com", StringComparison.OrdinalIgnoreCase));
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-68")]
    [Trait("requirement", "S004-203")]
    public async Task Progress_comes_every_thirty_minutes_to_those_who_ask_for_it_by_name()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var asks = new StakeholderSpec { Name = "Office", Email = "office@example.com", Checkpoints = [Checkpoint.Progress] };
        var release = await world.StartAsync(request with
        {
            Stages = [request.Stages[0] with { Bake = TimeSpan.FromMinutes(110) }, request.Stages[3] with { Bake = TimeSpan.FromMinutes(5) }],
            Communications = request.Communications with
            {
                Stakeholders = [.. request.Communications.Stakeholders, asks],
                Webhooks = [new WebhookSpec("board", new Uri("http://127.0.0.1/board"), WebhookShape.Plain, [Checkpoint.Progress]), new WebhookSpec("chat", new Uri("http://127.0.0.1/chat"), WebhookShape.Plain)],
            },
        });
        await world.RunUntilAsync(TimeSpan.FromHours(2));
        var begun = (await world.LedgerAsync(release)).First(entry => entry.Read() is PhaseEntered { Trigger: ReleaseTrigger.Captured }).At;
        var told = world.Mailer.Sent.Where(sent => sent.Mail.To == asks.Email && sent.At <= begun.AddHours(2)).ToList();
        Assert.Equal([30, 60, 90], told.Select(sent => (int)(sent.At - begun).TotalMinutes).Take(3));
        Assert.All(told, sent => Assert.Contains("[Progress]", sent.Mail.Subject));
        Assert.All(told, sent => Assert.Contains($"See it: http://127.0.0.1:5180/releases/{release}", sent.Mail.Text));
        Assert.Contains("5 %, stage 1 of 2", told[0].Mail.Subject);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);

        Assert.DoesNotContain(world.Mailer.Sent, sent => sent.Mail.To == "support@example.com" && sent.Mail.Subject.Contains("[Progress]", StringComparison.Ordinal));
        Assert.All(world.Webhook.Posted, post => Assert.Equal(post.Url.AbsolutePath == "/board", post.Json.Contains("\"progress\"", StringComparison.Ordinal)));
        Assert.Contains(world.Webhook.Posted, post => post.Url.AbsolutePath == "/board");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    [Trait("requirement", "S001-65")]
    [Trait("requirement", "S001-69")]
    [Trait("requirement", "S001-70")]
    public async Task A_rollback_is_retracted_to_exactly_those_who_were_told_of_the_start()
    {
        // The second start notice is never accepted: that person was told of nothing.
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Target("unlucky@example.com")));
        var release = await world.StartAsync(Audience());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);

        Assert.Equal(["starts@example.com", "support@example.com"], RetractedTo(world));
        Assert.Equal(["/starts"], world.Webhook.Posted.Where(post => post.Json.Contains(Retracted, StringComparison.Ordinal)).Select(post => post.Url.AbsolutePath));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "rollbacks@example.com" && sent.Mail.Subject.Contains("Rolled back and verified", StringComparison.Ordinal));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "support@example.com" && sent.Mail.Subject.Contains("Rolled back and verified", StringComparison.Ordinal));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "rollbacks@example.com" && sent.Mail.Subject.Contains("Rollback begun", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Mailer.Sent, sent => sent.Mail.To == "done@example.com");
        Assert.Single(world.Mailer.Sent.Select(sent => sent.Mail.ThreadId).Distinct());
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_start_notice_that_was_not_accepted_before_the_rollback_is_not_sent_any_more()
    {
        var back = ReleaseWorld.Epoch.AddHours(1);
        await using var world = new ReleaseWorld(FaultRule.Unavailable(FaultOperations.Mail, FaultRule.Between(ReleaseWorld.Epoch, back)));
        var release = await world.StartAsync(Audience());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);

        Assert.All(world.Mailer.Sent, sent => Assert.True(sent.At >= back));
        Assert.DoesNotContain(world.Mailer.Sent, sent => sent.Mail.Subject.Contains("[Started]", StringComparison.Ordinal) || sent.Mail.Subject.Contains("[Stage]", StringComparison.Ordinal));
        Assert.Empty(RetractedTo(world));
        Assert.Empty(state.DueMessages);
        Assert.Contains(world.Mailer.Sent, sent => sent.Mail.To == "rollbacks@example.com" && sent.Mail.Subject.Contains("Rolled back and verified", StringComparison.Ordinal));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task The_rescue_retracts_to_those_who_were_told_by_the_ledger()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Audience());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        world.Breaks.Fails = true;
        await world.CommandBeginAsync(release, ReleaseCommandKind.Pause);
        await world.SettleAsync();
        world.Breaks.Fails = false;
        await world.RunSweptAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(ReleasePhase.RolledBack, (await world.RunToEndAsync(release)).Phase);

        Assert.Equal(["starts@example.com", "support@example.com", "unlucky@example.com"], RetractedTo(world));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "rollbacks@example.com");
        Assert.DoesNotContain(world.Mailer.Sent, sent => sent.Mail.To == "done@example.com");
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rollback_without_an_engine_retracts_to_those_who_were_told_by_the_ledger()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Audience());
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var outcome = await new DirectRollback(world.Journal, world.Ports, world.Time, world).RunAsync(release, "ada@example.com", "the host is gone", default);

        Assert.IsType<DirectOutcome.Done>(outcome);
        Assert.Equal(["starts@example.com", "support@example.com", "unlucky@example.com"], RetractedTo(world));
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == "rollbacks@example.com");
    }

    /// <summary>Second on call and two further contacts.</summary>
    private static ReleaseRequest OnCall()
    {
        var request = Requests.Canary();
        return request with
        {
            Contacts = request.Contacts with { Secondary = "second@example.com", Escalation = ["lead@example.com", "cto@example.com"] },
            Stages = [.. request.Stages.Select(stage => stage with { Bake = TimeSpan.FromMinutes(30) })],
        };
    }

    /// <summary>People and webhooks who hear of different things.</summary>
    private static ReleaseRequest Audience()
    {
        var request = Requests.Canary();
        StakeholderSpec Person(string name, params Checkpoint[] checkpoints) => new() { Name = name, Email = $"{name}@example.com", Checkpoints = checkpoints };
        return request with
        {
            Communications = request.Communications with
            {
                Stakeholders =
                [
                    Person("support"), Person("starts", Checkpoint.Start), Person("rollbacks", Checkpoint.Rollback),
                    Person("done", Checkpoint.Done), Person("unlucky", Checkpoint.Start),
                ],
                Webhooks =
                [
                    new WebhookSpec("starts", new Uri("http://127.0.0.1/starts"), WebhookShape.Plain, [Checkpoint.Start]),
                    new WebhookSpec("rollbacks", new Uri("http://127.0.0.1/rollbacks"), WebhookShape.Plain, [Checkpoint.Rollback]),
                ],
            },
        };
    }

    private static IEnumerable<string> RetractedTo(ReleaseWorld world) =>
        world.Mailer.Sent.Where(sent => sent.Mail.Subject.Contains(Retracted, StringComparison.Ordinal)).Select(sent => sent.Mail.To).Order(StringComparer.Ordinal);

    private static IReadOnlyList<Slipway.Workflow.Ports.OutgoingMail> Paged(ReleaseWorld world, string person) =>
        [.. world.Mailer.Sent.Where(sent => sent.Mail.To == person).Select(sent => sent.Mail)];

    private static IEnumerable<DateTimeOffset> PagedAt(ReleaseWorld world, params string[] people) =>
        people.Select(person => world.Mailer.Sent.First(sent => sent.Mail.To == person).At);

    private static async Task<Slipway.Core.Reporting.Contract.ReleaseReport> ReportAsync(ReleaseWorld world, ReleaseId release) =>
        Slipway.Core.Reporting.ReleaseReporter.Report(await world.StateAsync(release), world.Time.GetUtcNow());
}
