using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;

namespace Slipway.Scenarios.Stories;

/// <summary>Mail services that accept a mail first and say later what became of it.</summary>
public class DeliveryStories
{
    private const string Support = "support@example.com";

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
        world.Mailer.Later = (to, _) => to == Support ? new MailDelivery(MailProgress.Failed, "EmailDropped: the recipient is on the suppression list") : new MailDelivery(MailProgress.Delivered, "");
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
}
