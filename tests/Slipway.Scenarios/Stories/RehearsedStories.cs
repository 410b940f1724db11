using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>What was rehearsed before the start is kept with it, and shown to whoever approves.</summary>
public class RehearsedStories
{
    [Fact]
    public async Task The_first_entry_carries_the_rehearsed_scenarios_and_the_mail_that_asks_to_approve_shows_them_behind_its_link()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        var release = await world.StartAsync(request, Rehearsed(request));
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        var rows = Assert.Single(await world.EntriesAsync<ReleaseCreated>(release)).Rehearsal!.Rows!;
        Assert.Equal([("error-x5", "3 rolled back", true), ("one-region", "-", null)], rows.Select(row => (row.Scenario, row.OutcomeText, row.Kept)));

        var mail = world.Mailer.Sent.Select(sent => sent.Mail).First(mail => mail.To == Requests.Ada && mail.Text.Contains("Decide here: ", StringComparison.Ordinal));
        foreach (var part in new[] { mail.Text, mail.Html })
        {
            Assert.Contains("every promise kept", part, StringComparison.Ordinal);
            Assert.Contains("3 rolled back", part, StringComparison.Ordinal);
            Assert.Contains($"http://127.0.0.1:5180/releases/{release}/rehearsal", part, StringComparison.Ordinal);
            Assert.True(part.IndexOf("/approvals/", StringComparison.Ordinal) < part.IndexOf("error-x5", StringComparison.Ordinal));
        }

        Assert.Contains("As stated by whoever started the release (dana@example.com)", mail.Text, StringComparison.Ordinal);
        Assert.Matches(@"\n5 % for \S+ +error_rate +[0-9.]+x +[0-9.]+x +", mail.Text);
        Assert.All(await world.EntriesAsync<MessageSent>(release), sent => Assert.Equal(sent.Checkpoint == Checkpoint.Approval && sent.Recipient is Requests.Ada or Requests.Lee, sent.Evidence));

        await world.DecideAsync(world.LinkOf(Requests.Ada));
        Assert.Equal(ReleasePhase.Completed, (await world.RunToEndAsync(release)).Phase);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task Without_a_rehearsal_the_mail_says_so_and_why()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        var release = await world.StartAsync(request, Rehearsed(request) with { At = ReleaseWorld.Epoch.AddDays(-8) });
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        var text = world.Mailer.Sent.Select(sent => sent.Mail).First(mail => mail.To == Requests.Ada && mail.Text.Contains("Decide here: ", StringComparison.Ordinal)).Text;
        Assert.Contains("The rollback plan is not rehearsed: found a rehearsal that is older", text.ReplaceLineEndings(" ").Replace('\n', ' '), StringComparison.Ordinal);
        Assert.DoesNotContain("error-x5", text, StringComparison.Ordinal);
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    [Fact]
    public async Task A_rehearsal_that_failed_counts_for_nothing_and_who_approves_sees_what_it_found()
    {
        await using var world = new ReleaseWorld();
        var request = Requests.ApprovedStart();
        var rehearsed = Rehearsed(request);
        var failed = rehearsed with { Passed = false, Rows = [rehearsed.Rows![0] with { Kept = false, Remark = "a flag was left on" }] };
        var release = await world.StartAsync(request, failed);
        await world.RunUntilAsync(release, ReleasePhase.Approving);

        var created = Assert.Single(await world.EntriesAsync<ReleaseCreated>(release));
        Assert.Null(created.Rehearsal);
        Assert.Equal("a flag was left on", Assert.Single(created.FailedRehearsal!.Rows!).Remark);
        Assert.DoesNotContain(await world.EntriesAsync<GateChecked>(release), gate => gate.Details.Contains("rehearsed", StringComparison.Ordinal));
        var text = world.Mailer.Sent.Select(sent => sent.Mail).First(mail => mail.To == Requests.Ada && mail.Text.Contains("Decide here: ", StringComparison.Ordinal)).Text.Replace('\n', ' ');
        Assert.Contains("The rollback plan is not rehearsed: found a rehearsal that failed", text, StringComparison.Ordinal);
        Assert.Contains("a flag was left on", text, StringComparison.Ordinal);
        await world.CommandAsync(release, ReleaseCommandKind.Abort);
        await world.RunToEndAsync(release);
        await Invariants.CheckAsync(world, release);
    }

    /// <summary>A rehearsal of a request, an hour before the world begins.</summary>
    internal static RehearsalProof Rehearsed(ReleaseRequest request) => new("0123456789abcdef", ReleaseWorld.Epoch.AddHours(-1), 12.5, RequestHash.Of(request), true, true, 1)
    {
        Rows =
        [
            new RehearsalRow
            {
                Scenario = "error-x5",
                Stage = 1,
                Outcomes = new Dictionary<string, int> { ["rolled_back"] = 3 },
                MinutesToDetect = 4.5,
                RequestsHarmed = 1204,
                PeakExposure = 5,
                MinutesToSafe = 1.2,
                Kept = true,
            },
            new RehearsalRow { Scenario = "one-region", Remark = "the plan has one region" },
        ],
    };
}
