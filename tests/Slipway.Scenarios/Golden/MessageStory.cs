using System.Text.RegularExpressions;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Scenarios.Stories;
using Slipway.Scenarios.World;

namespace Slipway.Scenarios.Golden;

/// <summary>What a release told one stakeholder, one approver and a webhook of each shape, as files.</summary>
internal static partial class MessageStory
{
    private static readonly string[] Readers = ["support@example.com", Requests.Ada];

    /// <summary>Between them these courses have every checkpoint.</summary>
    public static IReadOnlyDictionary<string, Func<ReleaseWorld, Task>> All { get; } = new Dictionary<string, Func<ReleaseWorld, Task>>(StringComparer.Ordinal)
    {
        ["course"] = async world =>
        {
            var approved = Requests.ApprovedStage();
            var request = Told(approved with { Release = approved.Release with { StartAt = ReleaseWorld.Epoch.AddDays(2) } });
            var release = await world.StartAsync(request, RehearsedStories.Rehearsed(request));
            await world.RunUntilAsync(release, ReleasePhase.Approving, limit: TimeSpan.FromDays(3));
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromMinutes(25));
            await world.DecideAsync(world.LinkOf(Requests.Ada));
            await world.RunToEndAsync(release);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromDays(8));
        },
        ["signed-in"] = async world =>
        {
            var release = await world.StartAsync(Told(Requests.HighRisk()));
            await world.RunUntilAsync(release, ReleasePhase.Approving);
            await world.CommandAsync(release, ReleaseCommandKind.Abort);
            await world.RunToEndAsync(release);
        },
        ["breach"] = async world =>
        {
            var release = await world.StartAsync(Told(Requests.Canary()));
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
            await world.RunToEndAsync(release);
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromDays(3));
        },
        ["blind"] = async world =>
        {
            var release = await world.StartAsync(Told(Requests.Canary()));
            await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
            await world.CommandAsync(release, ReleaseCommandKind.Pause);
            await world.CommandAsync(release, ReleaseCommandKind.Resume);
            var dead = world.Time.GetUtcNow();
            world.Service.Reports = (_, at) => at < dead;
            await world.RunToEndAsync(release);
        },
    };

    /// <summary>The messages of a course by file name.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> FilesAsync(string story)
    {
        await using var world = new ReleaseWorld();
        await All[story](world);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var mails = world.Mailer.Sent.Select(sent => sent.Mail).Where(mail => Readers.Contains(mail.To)).DistinctBy(mail => mail.OperationId);
        foreach (var (mail, index) in mails.Select((mail, index) => (mail, index)))
        {
            var name = $"{index + 1:00}-{Word().Match(mail.Subject).Groups[1].Value.ToLowerInvariant().Replace(' ', '-')}";
            files[$"{name}.txt"] = $"To: {mail.To}\nThread: {mail.ThreadId}\nSubject: {mail.Subject}\n\n{mail.Text}";
            files[$"{name}.html"] = mail.Html;
        }

        foreach (var posts in world.Webhook.Posted.DistinctBy(post => post.Key).GroupBy(post => post.Url.AbsolutePath.Trim('/')))
        {
            foreach (var (post, index) in posts.Select((post, index) => (post, index))) files[$"webhook-{posts.Key}-{index + 1:00}.json"] = post.Json;
        }

        return files;
    }

    private static ReleaseRequest Told(ReleaseRequest request) => request with
    {
        Communications = request.Communications with
        {
            Webhooks = [.. Enum.GetValues<WebhookShape>().Select(shape => new WebhookSpec(shape.ToString(), new Uri($"http://127.0.0.1/{shape.ToString().ToLowerInvariant()}"), shape))],
        },
    };

    [GeneratedRegex(@"\A\[([^\]]+)\]")]
    private static partial Regex Word();
}
