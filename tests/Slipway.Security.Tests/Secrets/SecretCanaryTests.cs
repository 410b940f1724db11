using System.Security.Cryptography;
using System.Text;
using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Security.Tests.Hostile;
using Slipway.Workflow.Ports;
using static Slipway.Security.Tests.Secrets.CanarySearch;

namespace Slipway.Security.Tests.Secrets;

/// <summary>Secrets that can be told apart from everything else, planted wherever one is used, and a whole release searched for them.</summary>
public sealed class SecretCanaryTests
{
    private static readonly byte[] PageSecret = [.. Enumerable.Range(101, 32).Select(value => (byte)value)];
    private static readonly byte[] LinkSecret = [.. Enumerable.Range(2, 32).Select(value => (byte)value)];
    private static readonly string PolicyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(HostileWorld.PolicyKey)));

    [Theory]
    [InlineData(ReleasePhase.Completed, WebhookEnd.Accepted)]
    [InlineData(ReleasePhase.RolledBack, WebhookEnd.Accepted)]
    [InlineData(ReleasePhase.Failed, WebhookEnd.Accepted)]
    [InlineData(ReleasePhase.Completed, WebhookEnd.NobodyListens)]
    [InlineData(ReleasePhase.RolledBack, WebhookEnd.RepeatsTheAddress)]
    [InlineData(ReleasePhase.Failed, WebhookEnd.NotAllowed)]
    public async Task No_secret_is_in_report_ledger_page_document_mail_log_or_history_of_a_whole_release(ReleasePhase end, WebhookEnd webhooks)
    {
        // Where it fails, the flags are away when they are to go back, and the pipeline refuses: everything is told that can be told.
        var away = DateTimeOffset.MaxValue;
        await using var world = World(
            FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= away), FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= away));
        using var failing = new FailingWebhooks(webhooks, world.Time);
        world.Webhook.Real = failing.Sender;
        world.Probe.Answer = (_, _) => new ProbeResult(200, 20, CanaryRequest.Answer, "");
        world.Hook.Refuses = step => end == ReleasePhase.Failed && step.Action == DeployAction.Rollback;
        var server = new HostileWorld(world, PageSecret);
        var release = await world.StartAsync(CanaryRequest.Make(failing.Base));
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var tokens = new[] { Requests.Ada, Requests.Lee }.Select(person => (Person: person, Token: world.LinkOf(person))).ToList();
        foreach (var (_, token) in tokens) await server.SendAsync("GET", $"/approvals/{token}", signedIn: false);
        await world.AnswerToAsync(release, tokens[0].Token);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        var shown = await ShownAsync(server, release);
        if (end == ReleasePhase.Failed) away = world.Time.GetUtcNow();
        if (end != ReleasePhase.Completed) world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        if (end == ReleasePhase.Completed && webhooks != WebhookEnd.Accepted)
        {
            // Whom nobody could tell is asked about after a day.
            await world.RunUntilAsync(release, ReleasePhase.Concluding, limit: TimeSpan.FromDays(5));
            await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromHours(25));
            shown.AddRange(await ShownAsync(server, release));
            await world.CommandAsync(release, ReleaseCommandKind.AcknowledgeNotices);
        }

        Assert.Equal(end, (await world.RunToEndAsync(release, TimeSpan.FromDays(5))).Phase);
        shown.AddRange(await ShownAsync(server, release));
        await world.RunUntilAsync(world.Time.GetUtcNow() - ReleaseWorld.Epoch + TimeSpan.FromDays(8));
        shown.AddRange(await ShownAsync(server, release));

        var entries = await world.LedgerAsync(release);
        Assert.Contains(entries, entry => entry.Type == "aftercare.reached.v1");
        Assert.Equal(end == ReleasePhase.Completed, entries.Any(entry => entry.Type == "manifest.posted.v1"));
        Assert.Equal(webhooks != WebhookEnd.Accepted, entries.Select(entry => entry.Read()).OfType<MessageSent>().Any(sent => sent is { Kind: EffectKind.Webhook, Accepted: false }));
        var told = world.Diagnostics.Texts().Concat(server.Log).ToList();
        var ledger = LedgerLines.WriteAll(entries);
        var stored = await DumpAsync(world);
        var mails = world.Mailer.Sent.Select(sent => $"{sent.Mail.To} {sent.Mail.Subject} {sent.Mail.Text} {sent.Mail.Html}").ToList();
        var posts = world.Webhook.Posted.Select(post => post.Json).ToList();
        Assert.All(new[] { shown.Count, told.Count, mails.Count, posts.Count, stored.Length }, count => Assert.True(count > 0));

        // Keys and credentials are nowhere at all.
        var everything = (List<string>)[.. shown, .. told, ledger, stored, .. mails, .. posts];
        string[] keys = [.. Forms(LinkSecret), .. Forms(PageSecret), HostileWorld.OperatorToken, HostileWorld.TelemetryToken, HostileWorld.PolicyKey, PolicyHash];
        foreach (var secret in keys) AssertNowhere(secret, everything);

        // A link is in its approver's own mails, and nowhere else.
        foreach (var (person, token) in tokens)
        {
            Assert.Contains(mails, mail => mail.StartsWith(person, StringComparison.Ordinal) && mail.Contains(token, StringComparison.Ordinal));
            AssertNowhere(token.Split('.')[1], [.. shown, .. told, ledger, stored, .. posts, .. mails.Where(mail => !mail.StartsWith(person, StringComparison.Ordinal))]);
        }

        // What stands in the addresses of a request is in the request, which the ledger keeps; it is told to nobody, and in no sentence of the ledger.
        var sentences = Told(entries);
        foreach (var secret in CanaryRequest.Secrets.Values)
        {
            Assert.Contains(secret, ledger, StringComparison.Ordinal);
            AssertNowhere(secret, [.. shown, .. told, .. mails, .. posts, .. sentences]);
        }
    }

    [Fact]
    public async Task Who_holds_a_pipeline_and_who_took_its_lock_away_is_told_without_its_secret()
    {
        await using var world = World();
        world.Probe.Answer = (_, _) => new ProbeResult(200, 20, CanaryRequest.Answer, "");
        var server = new HostileWorld(world, PageSecret);
        var request = CanaryRequest.Make(new Uri("http://127.0.0.1/"));
        var first = await world.StartAsync(request);
        await world.RunUntilAsync(first, ReleasePhase.Approving);
        await world.AnswerToAsync(first, world.LinkOf(Requests.Ada));
        await world.RunUntilAsync(first, ReleasePhase.Baking, 0);
        var second = await world.StartAsync(request with { Release = request.Release with { Id = ReleaseId.Parse("search-2.4.1") }, Flags = [request.Flags[0] with { Name = "search-v3" }], Rollback = null });
        await world.RunUntilAsync(second, ReleasePhase.Failed);
        var pipeline = (await world.Locks.ListAsync(default)).Single(held => held.Resource.StartsWith("deploy:", StringComparison.Ordinal)).Resource;
        await world.LockDesk.UnlockAsync(pipeline, "dana@example.com", "it hangs", force: true, default);
        await world.RunUntilAsync(first, ReleasePhase.Paused);
        var texts = (List<string>)[.. await ShownAsync(server, first), .. await ShownAsync(server, second), .. world.Mailer.Sent.Select(sent => $"{sent.Mail.Subject} {sent.Mail.Text}"), .. Told(await world.LedgerAsync(second))];
        await world.EndAsync(first);
        texts.AddRange([.. await ShownAsync(server, first), .. Told(await world.LedgerAsync(first))]);

        Assert.Contains(texts, text => text.Contains("http://127.0.0.1/deploy?… of search", StringComparison.Ordinal));
        foreach (var secret in CanaryRequest.Secrets.Values) AssertNowhere(secret, texts);
    }

    private static ReleaseWorld World(params IReadOnlyList<FaultRule> faults) => new(
        new ServerPolicy
        {
            ApproverGroups = Requests.Groups,
            Keys = [new PolicyKey(Requests.Ada, [PolicyRole.Approver], PolicyHash), new PolicyKey(Requests.Lee, [PolicyRole.Approver], PolicyHash)],
        },
        faults);

    private static async Task<List<string>> ShownAsync(HostileWorld server, ReleaseId release)
    {
        string[] pages = ["/", .. new[] { "", "/export", "/rehearsal", "/mails", "/retry", "/commands/rollback" }.Concat(Enumerable.Range(1, 9).Select(mail => $"/mails/{mail}")).Select(part => $"/releases/{release}{part}")];
        string[] programs =
        [
            $"/api/releases/{release}", $"/api/releases/{release}/summary", $"/api/releases/{release}/outlook", "/api/releases", "/flags", "/health", "/openapi.json",
            .. typeof(DocumentNames).GetFields().Where(field => field.IsLiteral).Select(field => $"/api/releases/{release}/documents/{field.GetRawConstantValue()}"),
        ];
        var shown = new List<string>();
        foreach (var path in pages) shown.Add($"{path}: {(await server.SendAsync("GET", path)).Body}");
        foreach (var path in programs) shown.Add($"{path}: {(await server.SendAsync("GET", path, browser: false)).Body}");
        shown.Add($"telemetry: {(await server.SendAsync("GET", "/flags", browser: false, token: HostileWorld.TelemetryToken)).Body}");
        shown.Add($"key: {(await server.SendAsync("GET", $"/api/releases/{release}", browser: false, token: HostileWorld.PolicyKey)).Body}");
        return shown;
    }
}
