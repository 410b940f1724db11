using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Serialization;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Stories;

/// <summary>Mail scanners open every link of every mail, often, and in any order: nothing may come of it.</summary>
public sealed partial class ScannerStories
{
    private const int Rounds = 10;

    [Theory]
    [InlineData(1, ApprovalChoice.Approve)]
    [InlineData(2, ApprovalChoice.Reject)]
    public async Task Opening_every_link_of_every_mail_changes_nothing_before_and_after_the_decision(int seed, ApprovalChoice choice)
    {
        await using var world = new ReleaseWorld();
        var server = new OpenServer(world);
        var release = await world.StartAsync(Requests.ApprovedStage());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await ScanAsync(world, server, seed);

        Assert.IsType<CommandApplied>(await world.AnswerToAsync(release, world.LinkOf(Requests.Ada), choice));
        await ScanAsync(world, server, seed);
        await world.RunToEndAsync(release);
        await ScanAsync(world, server, seed);
        await Invariants.CheckAsync(world, release);
    }

    private static async Task ScanAsync(ReleaseWorld world, OpenServer server, int seed)
    {
        IReadOnlyList<Uri> links = [.. world.Mailer.Sent.SelectMany(sent => Address().Matches(sent.Mail.Text).Concat(Address().Matches(sent.Mail.Html))).Select(match => new Uri(System.Net.WebUtility.HtmlDecode(match.Value))).Distinct()];
        Assert.Contains(links, link => link.AbsolutePath.StartsWith("/approvals/", StringComparison.Ordinal));
        Assert.Contains(links, link => link.AbsolutePath.StartsWith("/releases/", StringComparison.Ordinal));
        var forged = links.Where(link => link.AbsolutePath.StartsWith("/approvals/", StringComparison.Ordinal)).Select(link => new Uri($"{link.AbsoluteUri[..^3]}abc"));
        var before = await StoreAsync(world);

        var random = new Random(seed);
        var opened = (from link in links.Concat(forged) from round in Enumerable.Range(0, Rounds) from method in new[] { "GET", "HEAD" } select (link, round, method)).ToArray();
        random.Shuffle(opened);
        foreach (var (link, round, method) in opened)
        {
            var status = await server.OpenAsync(method, link, browser: round % 2 == 0, signedIn: round % 3 == 0);
            Assert.True(status is 200 or 303 or 401 or 403 or 404 or 409 or 410, $"{method} {link}: {status}");
        }

        await world.SettleAsync();
        Assert.Equal(before, await StoreAsync(world));
    }

    /// <summary>Everything that is stored and everything that was sent, as text.</summary>
    private static async Task<string> StoreAsync(ReleaseWorld world)
    {
        var release = Requests.Canary().Release.Id;
        return JsonSerializer.Serialize(
            new
            {
                Ledger = (await world.LedgerAsync(release)).Select(entry => entry.Hash),
                Flags = (await world.Flags.RevisionsAsync(Requests.Flag, default)).Count,
                Summaries = await world.Desk.ListAsync(0, 100, default),
                Instances = (await world.InstancesAsync()).Select(instance => $"{instance}"),
                Mails = world.Mailer.Sent.Count,
                Hooks = world.Hook.Asked.Count,
            },
            SlipwayJson.Options);
    }

    [GeneratedRegex(@"https?://[^\s""<>]+")]
    private static partial Regex Address();
}
