using System.Text.Json;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Slipway.Core.Approvals;
using Slipway.Core.Documents;
using Slipway.Core.Planning;
using Slipway.Core.Policy;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Mail;
using Slipway.Scenarios.World;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Security.Tests.Hostile;

/// <summary>Somebody who may write a request, a comment or a reason writes an attack into every field, and the release runs from its start to its rollback:
/// nothing that anybody sees of it does anything.</summary>
public sealed class HostileReleaseTests : IDisposable
{
    private static readonly string[] Headers =
        ["Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version", "Content-Type"];

    /// <summary>What every address that is asked answers: it passes each check, and says more than it was asked.</summary>
    private static readonly string Answer = JsonSerializer.Serialize(new
    {
        high = 0,
        critical = 0,
        complete = true,
        at = "2026-11-03T03:00:00Z",
        verified = HostileText.Line($"{HostileText.Mark}verified"),
        passed = 5,
        failed = 0,
        value = 1,
        by = HostileText.Line($"{HostileText.Mark}by"),
        name = HostileText.Line($"{HostileText.Mark}name"),
    });

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-hostile-").FullName;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_request_with_an_attack_in_every_field_does_nothing_in_pages_mails_documents_and_messages()
    {
        var (request, fields) = HostileRequest.Make(RunnableSample.Text());
        Assert.True(fields.Count >= 60, $"only {fields.Count} fields take hostile text: {string.Join(' ', fields)}");

        await using var world = new ReleaseWorld(new ServerPolicy { ApproverGroups = Requests.Groups, Keys = Requests.ApproverKeys, CalendarRules = false });
        var server = new HostileWorld(world, new byte[32]);
        world.Probe.Answer = (_, _) => new ProbeResult(200, 20, Answer, HostileText.Line($"{HostileText.Mark}error"));
        var release = await StartAsync(world, request);
        await world.RunUntilAsync(release, ReleasePhase.Approving);
        await LookAsync(server, release);
        await ApproveAsync(world, server);

        await world.RunUntilAsync(release, ReleasePhase.Baking, 0);
        await ReportAsync(world, release);
        await LookAsync(server, release);
        await AnswerAsync(world, release);
        await CommandAsync(world, release, ReleaseCommandKind.Pause);
        await LookAsync(server, release);
        await CommandAsync(world, release, ReleaseCommandKind.RollBack);
        var state = await world.RunToEndAsync(release);
        Assert.Equal(ReleasePhase.RolledBack, state.Phase);
        await LookAsync(server, release);
        await ReflectAsync(server, release);

        await CheckMailsAsync(world);
        CheckWebhooks(world);

        // The attacks were there to be seen, as text: a page that shows nothing of them would prove nothing.
        Assert.True(_seen.Count >= 40, $"only {_seen.Count} of the attacks are on any page");
        Assert.Superset(
            new[] { "actor", "reason", "comment", "report", "reporter", "answer", "answerer", "freeze", "freezer" }.Select(word => $"{HostileText.Mark}{word}").ToHashSet(),
            _seen);
    }

    /// <summary>What people report, and a freeze: enough complaints that an evaluation is asked for.</summary>
    private static async Task ReportAsync(ReleaseWorld world, ReleaseId release)
    {
        ReleaseSignal Signal(ReleaseSignalKind kind) => new($"s-{kind}", kind, HostileText.Line($"{HostileText.Mark}reporter"), HostileText.Line($"{HostileText.Mark}report"));
        foreach (var kind in (ReleaseSignalKind[])[ReleaseSignalKind.Observation, ReleaseSignalKind.Lesson]) await SettleAsync(world, world.Desk.ReportAsync(release, Signal(kind), default));
        await SettleAsync(world, world.Desk.ReportAsync(release, Signal(ReleaseSignalKind.Incident) with { Severity = IncidentSeverity.Moderate }, default));
        await SettleAsync(world, world.Desk.ReportAsync(release, Signal(ReleaseSignalKind.Complaints) with { Count = 12 }, default));
        await world.FreezeDesk.RaiseAsync("f1", HostileText.Line($"{HostileText.Mark}freezer"), HostileText.Line($"{HostileText.Mark}freeze"), world.Time.GetUtcNow().AddHours(1), default);
    }

    private static async Task AnswerAsync(ReleaseWorld world, ReleaseId release)
    {
        var asked = Assert.Single((await world.StateAsync(release)).Evaluations).Opened.Id;
        await SettleAsync(world, world.Desk.AnswerAsync(
            release, new EvaluationAnswer("a1", asked, EvaluationVerdict.Dismiss, HostileText.Line($"{HostileText.Mark}answerer"), HostileText.Line($"{HostileText.Mark}answer")), default));
    }

    private static async Task<ReleaseId> StartAsync(ReleaseWorld world, ReleaseRequest request)
    {
        var plan = Planner.Draft(request);
        world.Fleet.Serve(plan);
        foreach (var flag in plan.Flags) await world.Flags.CreateAsync(flag.Key, HostileText.Line($"{HostileText.Mark}flag"), default);
        foreach (var key in request.Rollback!.Configuration) await world.Configuration.WriteAsync(key, HostileText.Line($"{HostileText.Mark}value"), null, default);
        return await world.Desk.StartAsync(request, "dana@example.com", null, default) switch
        {
            StartOutcome.Started started => started.Release,
            StartOutcome.Refused refused => throw new InvalidOperationException(string.Join('\n', refused.Problems)),
            var other => throw new InvalidOperationException($"not started: {other}"),
        };
    }

    private static Task CommandAsync(ReleaseWorld world, ReleaseId release, ReleaseCommandKind kind) => SettleAsync(world, world.Desk.CommandAsync(
        release, new ReleaseCommand($"c-{kind}", kind, HostileText.Line($"{HostileText.Mark}actor"), HostileText.Line($"{HostileText.Mark}reason")), default));

    private static async Task SettleAsync(ReleaseWorld world, Task command)
    {
        await command;
        await world.SettleAsync();
    }

    private async Task ApproveAsync(ReleaseWorld world, HostileWorld server)
    {
        var link = $"/approvals/{world.LinkOf(Requests.Ada)}";
        await PageAsync(server, link, signedIn: false);
        var comment = Uri.EscapeDataString(HostileText.Line($"{HostileText.Mark}comment"));
        var refused = await server.SendAsync("POST", link, $"decision=approve&confirm={comment}&comment={comment}&form_token={comment}", signedIn: false);
        Assert.Equal(400, refused.Status);
        Look("the approval page with its form refused", refused.Body);
        Assert.IsType<ApprovalAnswer.Recorded>(await world.DecideAsync(world.LinkOf(Requests.Ada), ApprovalChoice.Approve, HostileText.Line($"{HostileText.Mark}comment")));
        await PageAsync(server, link, signedIn: false);
    }

    private async Task LookAsync(HostileWorld server, ReleaseId release)
    {
        string[] own =
        [
            "", "/export", "/rehearsal", "/mails", "/retry", .. Enumerable.Range(1, 12).Select(number => $"/mails/{number}"),
            .. new[] { "pause", "resume", "promote", "extend", "rollback", "abort" }.Select(command => $"/commands/{command}"), "/evaluations/e1/confirm", "/evaluations/e1/dismiss",
        ];
        foreach (var path in own) await PageAsync(server, $"/releases/{release}{path}");
        foreach (var path in (string[])["/", "/start", $"/api/releases/{release}/documents"]) await PageAsync(server, path);
        foreach (var name in typeof(DocumentNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!))
        {
            await PageAsync(server, $"/api/releases/{release}/documents/{name}");
            var text = await server.SendAsync("GET", $"/api/releases/{release}/documents/{name}", browser: false);
            if (text.Headers.Contains("text/markdown", StringComparison.Ordinal)) CheckMarkdown(name, text.Body);
        }
    }

    /// <summary>What a link of an attacker holds, sent back by a page.</summary>
    private async Task ReflectAsync(HostileWorld server, ReleaseId release)
    {
        var attack = Uri.EscapeDataString(HostileText.Line($"{HostileText.Mark}link"));
        string[] paths =
        [
            $"/{attack}", $"/releases/{attack}", $"/releases/{release}/commands/{attack}", $"/approvals/{attack}", $"/assets/{attack}", $"/sign-in?return={attack}", $"/sign-in?code={attack}",
            $"/?q={attack}&phase={attack}&after={attack}", $"/releases/{release}?metric={attack}", $"/releases/{release}/mails/{attack}", $"/releases/{release}/export?x={attack}",
            $"/releases/{release}/evaluations/{attack}/{attack}", $"/approvals/x?decision={attack}", "/sign-in?return=javascript:alert(1)", "/sign-in?return=%2f%2fevil.example", "/sign-in?return=%2f%5cevil.example",
        ];
        foreach (var path in paths)
        {
            await PageAsync(server, path);
            await PageAsync(server, path, signedIn: false);
        }

        var form = $"request={attack}&reason={attack}&confirm={attack}&duration={attack}&form_token={attack}&key={attack}&return={attack}&text={attack}";
        foreach (var path in (string[])["/start", "/sign-in", $"/releases/{release}/commands/rollback", $"/releases/{release}/commands/extend", $"/releases/{release}/retry"])
        {
            var (_, body, headers) = await server.SendAsync("POST", path, form);
            Check(path, body, headers);
        }
    }

    private async Task PageAsync(HostileWorld server, string path, bool signedIn = true)
    {
        var (_, body, headers) = await server.SendAsync("GET", path, signedIn: signedIn);
        Check(path, body, headers);
    }

    private void Check(string path, string body, string headers)
    {
        foreach (var header in headers.Split('\n'))
        {
            Assert.False(header.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) && header.Contains(HostileText.Mark, StringComparison.Ordinal), $"{path}: {header}");
            if (header.StartsWith("Location: ", StringComparison.Ordinal)) Assert.Matches(@"\ALocation: /(?![/\\])[^\s\\]*\z", header);
        }

        if (headers.Contains("text/html", StringComparison.Ordinal)) Look(path, body);
        else if (body.Length > 0) Assert.Contains("nosniff", headers, StringComparison.Ordinal);
    }

    private void Look(string where, string html)
    {
        var text = HtmlCheck.AssertHarmless(where, html);
        for (var at = text.IndexOf(HostileText.Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(HostileText.Mark, at + 1, StringComparison.Ordinal))
            _seen.Add(string.Concat(text.AsSpan(at).ToString().TakeWhile(char.IsAsciiLetterOrDigit)));
    }

    private static void CheckMarkdown(string name, string text)
    {
        var tree = Markdown.Parse(text, new MarkdownPipelineBuilder().UsePipeTables().Build());
        Assert.True(!tree.Descendants<HtmlBlock>().Any(), $"{name} holds a block of HTML");
        Assert.True(!tree.Descendants<HtmlInline>().Any(), $"{name} holds HTML");
        Assert.All(tree.Descendants<LinkInline>(), link => Assert.StartsWith("http", link.Url, StringComparison.Ordinal));
        Assert.All(tree.Descendants<LinkInline>(), link => Assert.False(link.IsImage, $"{name} loads {link.Url}"));
        Assert.All(tree.Descendants<LinkInline>(), link => Assert.DoesNotContain("evil.example", link.Url, StringComparison.Ordinal));
        Assert.Empty(tree.Descendants<AutolinkInline>());
        Assert.All(tree.Descendants<HeadingBlock>(), heading => Assert.DoesNotContain($"{HostileText.Mark}\n", heading.Inline?.FirstChild?.ToString() ?? "", StringComparison.Ordinal));
        Assert.DoesNotContain('\u202E', text);
    }

    private async Task CheckMailsAsync(ReleaseWorld world)
    {
        Assert.NotEmpty(world.Mailer.Sent);
        var outbox = new OutboxMailer(_folder, world.Time);
        foreach (var (_, mail) in world.Mailer.Sent)
        {
            Look($"the mail '{mail.Subject}'", mail.Html);
            Assert.DoesNotContain(mail.Text, letter => (char.IsControl(letter) && letter != '\n') || letter is '\u202E');
            Assert.DoesNotContain("evil.example", mail.To, StringComparison.Ordinal);
            var file = await File.ReadAllTextAsync(await outbox.SendAsync(mail, default));
            var head = file[..file.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n").Where(line => line[0] is not (' ' or '\t')).Select(line => line.Split(':')[0]);
            Assert.Equal(Headers, head);
        }
    }

    private static void CheckWebhooks(ReleaseWorld world)
    {
        Assert.NotEmpty(world.Webhook.Posted);
        foreach (var (_, _, json) in world.Webhook.Posted)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;

            // Slack: markup is in the text of notifications alone, all else is plain text. Our own shape is data.
            if (!root.TryGetProperty("blocks", out var blocks)) continue;
            Assert.DoesNotContain('<', root.GetProperty("text").GetString()!);
            Assert.DoesNotContain("mrkdwn", Texts(blocks));
            Assert.All(Members(blocks, "url"), url => Assert.StartsWith("http://127.0.0.1", url, StringComparison.Ordinal));
        }

        Assert.Contains(world.Webhook.Posted, post => post.Json.Contains("\"blocks\"", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Members(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == name ? [member.Value.GetString()!] : Members(member.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Members(item, name)),
        _ => [],
    };

    private static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };
}
