using System.Buffers.Text;
using System.Text;
using Microsoft.Data.Sqlite;
using Slipway.Core.Documents;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Faults;
using Slipway.Scenarios.World;
using Slipway.Security.Tests.Hostile;

namespace Slipway.Security.Tests.Secrets;

/// <summary>Secrets that can be told apart from everything else, planted wherever one is used, and a whole release searched for them.</summary>
public sealed class SecretCanaryTests
{
    private const string HookSecret = "zqcanaryhook7f3a";
    private const string WebhookSecret = "zqcanarychat91bd";
    private const string ProbeSecret = "zqcanaryprobe55e0";

    private static readonly byte[] PageSecret = [.. Enumerable.Range(101, 32).Select(value => (byte)value)];
    private static readonly byte[] LinkSecret = [.. Enumerable.Range(2, 32).Select(value => (byte)value)];

    [Theory]
    [InlineData(ReleasePhase.RolledBack)]
    [InlineData(ReleasePhase.Failed)]
    public async Task No_secret_is_in_report_ledger_page_document_mail_log_or_history_of_a_whole_release(ReleasePhase end)
    {
        // Where it fails, the flags are away when they are to go back, and the pipeline refuses: everything is told that can be told.
        var away = DateTimeOffset.MaxValue;
        await using var world = new ReleaseWorld(
            FaultRule.Unavailable(FaultOperations.FlagRestore, call => call.At >= away), FaultRule.Unavailable(FaultOperations.FlagRead, call => call.At >= away));
        world.Hook.Refuses = _ => end == ReleasePhase.Failed;
        var server = new HostileWorld(world, PageSecret);
        var release = await world.StartAsync(Request());
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        var tokens = new[] { Requests.Ada, Requests.Lee }.Select(person => (Person: person, Token: world.LinkOf(person))).ToList();
        foreach (var (_, token) in tokens) await server.SendAsync("GET", $"/approvals/{token}", signedIn: false);
        await world.AnswerToAsync(release, tokens[0].Token);
        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        if (end == ReleasePhase.Failed) away = world.Time.GetUtcNow();
        world.Service.ErrorRate = (canary, _) => canary ? 0.08 : 0.002;
        Assert.Equal(end, (await world.RunToEndAsync(release)).Phase);

        var shown = await ShownAsync(server, release);
        var told = world.Diagnostics.Texts().Concat(server.Log).ToList();
        var ledger = LedgerLines.WriteAll(await world.LedgerAsync(release));
        var stored = await DumpAsync(world);
        var mails = world.Mailer.Sent.Select(sent => $"{sent.Mail.To} {sent.Mail.Subject} {sent.Mail.Text} {sent.Mail.Html}").ToList();
        var posts = world.Webhook.Posted.Select(post => post.Json).ToList();
        Assert.All(new[] { shown.Count, told.Count, mails.Count, posts.Count, stored.Length }, count => Assert.True(count > 0));

        // Keys and credentials are nowhere at all.
        var everything = (List<string>)[.. shown, .. told, ledger, stored, .. mails, .. posts];
        foreach (var secret in Forms(LinkSecret).Concat(Forms(PageSecret)).Append(HostileWorld.OperatorToken)) AssertNowhere(secret, everything);

        // A link is in its approver's own mails, and nowhere else.
        foreach (var (person, token) in tokens)
        {
            Assert.Contains(mails, mail => mail.StartsWith(person, StringComparison.Ordinal) && mail.Contains(token, StringComparison.Ordinal));
            AssertNowhere(token.Split('.')[1], [.. shown, .. told, ledger, stored, .. posts, .. mails.Where(mail => !mail.StartsWith(person, StringComparison.Ordinal))]);
        }

        // What stands in the addresses of a request is in the request, which the ledger keeps; it is told to nobody.
        foreach (var secret in (string[])[HookSecret, WebhookSecret, ProbeSecret])
        {
            Assert.Contains(secret, ledger, StringComparison.Ordinal);
            AssertNowhere(secret, [.. shown, .. told, .. mails, .. posts]);
        }
    }

    private static ReleaseRequest Request()
    {
        var request = Requests.ApprovedStart();
        return request with
        {
            Rollback = new RollbackSpec { Configuration = ["search:index:mode"], Code = new CodeRollbackSpec(new Uri($"http://127.0.0.1/rollback?sig={HookSecret}"), "2.3.7") },
            Communications = request.Communications with { Webhooks = [new WebhookSpec("chat", new Uri($"http://127.0.0.1/hook?code={WebhookSecret}"), WebhookShape.Slack)] },
            Preflight = new PreflightSpec { Smoke = [new SmokeSpec { Name = "search", Url = new Uri($"http://127.0.0.1/health?key={ProbeSecret}") }] },
        };
    }

    private static async Task<List<string>> ShownAsync(HostileWorld server, ReleaseId release)
    {
        string[] pages = ["/", .. new[] { "", "/export", "/rehearsal", "/mails", "/retry", "/mails/1", "/mails/2", "/mails/3", "/commands/rollback" }.Select(part => $"/releases/{release}{part}")];
        string[] programs =
        [
            $"/api/releases/{release}", $"/api/releases/{release}/summary", $"/api/releases/{release}/outlook", "/api/releases", "/flags", "/health", "/openapi.json",
            .. typeof(DocumentNames).GetFields().Where(field => field.IsLiteral).Select(field => $"/api/releases/{release}/documents/{field.GetRawConstantValue()}"),
        ];
        var shown = new List<string>();
        foreach (var path in pages) shown.Add($"{path}: {(await server.SendAsync("GET", path)).Body}");
        foreach (var path in programs) shown.Add($"{path}: {(await server.SendAsync("GET", path, browser: false)).Body}");
        return shown;
    }

    private static IEnumerable<string> Forms(byte[] secret) =>
        [Base64Url.EncodeToString(secret), Convert.ToBase64String(secret), Convert.ToHexString(secret), Convert.ToHexStringLower(secret), string.Join(',', secret), Encoding.Latin1.GetString(secret)];

    private static void AssertNowhere(string secret, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? "" : $"{secret} in: {text[..Math.Min(60, text.Length)]} … {text[Math.Max(0, at - 120)..Math.Min(text.Length, at + 60)]}");
        }
    }

    /// <summary>Every value of every table.</summary>
    private static Task<string> DumpAsync(ReleaseWorld world) => world.Database.WriteAsync(connection =>
    {
        var text = new StringBuilder();
        foreach (var table in Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            using var rows = Command(connection, $"SELECT * FROM \"{table}\"").ExecuteReader();
            while (rows.Read())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                    text.Append(rows.GetValue(column) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : rows.GetValue(column)).Append('\n');
            }
        }

        return text.ToString();
    });

    private static List<string> Column(SqliteConnection connection, string query)
    {
        using var rows = Command(connection, query).ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names of tables, from the database itself.
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }
}
