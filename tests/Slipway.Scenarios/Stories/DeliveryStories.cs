using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Mail services that accept a mail first and say later what became of it.</summary>
public class DeliveryStories
{
    private const string Support = "support@example.com";
    private const string OnCall = "oncall@example.com";

    private static readonly MailDelivery Dropped = new(MailProgress.Failed, "EmailDropped: the recipient is on the suppression list");

    [Fact]
    public async Task A_mail_that_went_out_some_minutes_later_is_one_that_was_accepted()
    {
        await using var world = new ReleaseWorld();
        var start = world.Time.GetUtcNow();
        world.Mailer.Later = (_, at) => new MailDelivery(at < start.AddMinutes(4) ? MailProgress.UnderWay : MailProgress.Delivered, "");
        var release = await world.StartAsync(Requests.Canary());
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.All(state.Messages.Values, message => Assert.True(message.Last.Accepted));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_mail_that_the_service_gives_up_is_told_and_the_end_waits_for_an_acknowledgement()
    {
        await using var world = new ReleaseWorld();
        world.Mailer.Later = (to, _) => to == Support ? Dropped : new MailDelivery(MailProgress.Delivered, "");
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(10) - ReleaseWorld.Epoch);

        var state = await world.StateAsync(release);
        Assert.Equal(ReleasePhase.Concluding, state.Phase);
        var given = state.Messages.Values.Where(message => message.Last.Recipient == Support).ToList();
        Assert.All(given, message => Assert.Contains("accepted, and not delivered: EmailDropped", message.Last.Details, StringComparison.Ordinal));
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Sentence.Contains($"the mail to {Support} was not delivered", StringComparison.Ordinal));
        Assert.Equal(given.Count, world.Mailer.Sent.Count(sent => sent.Mail.To == Support));

        await world.CommandAsync(release, ReleaseCommandKind.AcknowledgeNotices);
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_service_that_never_says_more_is_asked_for_an_hour_and_holds_nothing_longer()
    {
        await using var world = new ReleaseWorld();
        world.Mailer.Later = (_, _) => new MailDelivery(MailProgress.Unknown, "");
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Concluding);
        var done = world.Time.GetUtcNow();
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.Completed, state.Phase);
        Assert.InRange(state.EndedAt!.Value - done, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(62));
    }

    [Fact]
    public async Task A_page_of_the_rescue_that_is_given_up_is_recorded_and_alerted_and_not_sent_again()
    {
        await using var world = new ReleaseWorld();
        var release = await world.StartAsync(Requests.Canary());
        await world.RunUntilAsync(release, ReleasePhase.Propagating, 1);
        world.Breaks.Fails = true;
        await world.RunUntilAsync(world.Time.GetUtcNow().AddMinutes(3) - ReleaseWorld.Epoch);
        world.Breaks.Fails = false;
        var asked = new List<string>();
        world.Mailer.Later = (to, _) =>
        {
            asked.Add(to);
            return to == OnCall ? Dropped : new MailDelivery(asked.Count(other => other == to) < 3 ? MailProgress.UnderWay : MailProgress.Delivered, "");
        };
        await world.Sweeper.SweepAsync(default);
        var state = await world.RunToEndAsync(release);

        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        await AssertGivenUpAsync(world, release, OnCall);
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.To == OnCall);
        Assert.Equal([1, 3], new[] { OnCall, Support }.Select(to => asked.Count(other => other == to)));
        Assert.All(state.Messages.Values.Where(message => message.Last.Recipient == Support), message => Assert.True(message.Last.Accepted));
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_review_of_the_aftercare_that_is_given_up_is_recorded_and_alerted_and_the_next_one_is_due_all_the_same()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.Canary();
        var release = await world.StartAsync(request with { Communications = request.Communications with { Stakeholders = [new() { Name = "Support", Email = Support }] } });
        await world.RunUntilAsync(release, ReleasePhase.Baking, 1);
        await world.CommandAsync(release, ReleaseCommandKind.RollBack);
        await world.RunToEndAsync(release);
        var told = world.Mailer.Sent.Count;
        world.Mailer.Later = (to, _) => to == Support ? Dropped : new MailDelivery(MailProgress.Delivered, "");
        await world.RunUntilAsync(TimeSpan.FromHours(3));

        var review = Assert.Single(world.Mailer.Sent.Skip(told), sent => sent.Mail.To == Support);
        await AssertGivenUpAsync(world, release, Support);
        await world.RunUntilAsync(TimeSpan.FromDays(3));
        Assert.True(world.Mailer.Sent.Skip(told).Count(sent => sent.Mail.To == Support) > 1, "the review of the next day is due");
        Assert.Single(world.Mailer.Sent, sent => sent.Mail.OperationId == review.Mail.OperationId);
        Assert.Contains(await world.EntriesAsync<AftercareEnded>(release), _ => true);
        await Invariants.CheckAsync(world, release);
    }

    private static async Task AssertGivenUpAsync(ReleaseWorld world, ReleaseId release, string recipient)
    {
        var given = Assert.Single(await world.EntriesAsync<MessageSent>(release), sent => sent.GivenUp);
        Assert.Equal((recipient, false, "accepted, and not delivered: EmailDropped: the recipient is on the suppression list"), (given.Recipient, given.Accepted, given.Details));
        Assert.Equal(given, (await world.StateAsync(release)).Messages[given.MessageId].Last);
        Assert.Contains(await world.EntriesAsync<AlertRaised>(release), alert => alert.Name == "mail" && alert.Sentence == $"the mail to {recipient} was not delivered: {Dropped.Details}");
    }
}
