using Slipway.Core.Documents.Markdown;
using Slipway.Core.Requests;

namespace Slipway.Core.Documents.Rollout;

/// <summary>Sections 7, 9 and 10: who is told what and when, what is done when it goes wrong otherwise, and who is called.</summary>
internal static class RolloutPeople
{
    private static readonly IReadOnlyList<(Checkpoint Checkpoint, string When, string Content)> Schedule =
    [
        (Checkpoint.Notice, "T-24h", "schedule and impact"),
        (Checkpoint.Start, "deployment start", "commencement"),
        (Checkpoint.Progress, "every 30 minutes, to those who ask for it", "status"),
        (Checkpoint.Stage, "each stage", "go or no-go with its reason"),
        (Checkpoint.Approval, "approval needed", "what is to be decided, with links"),
        (Checkpoint.Pause, "held or blind", "why, and what is needed"),
        (Checkpoint.Breach, "breach found", "the finding in one sentence"),
        (Checkpoint.Rollback, "rollback begun and ended", "issue and verified result"),
        (Checkpoint.Done, "completion", "success confirmation"),
        (Checkpoint.Review, "1 h, 24 h, 48 h and 7 d after the end", "review tasks"),
    ];

    public static void Communication(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var talk = dossier.Request.Communications;
        document.Bullet($"**Pre-deployment (T-24h)**: schedule and impact notice{(dossier.Request.Release.StartAt is { } start ? $", at {DocumentNumbers.Moment(start.AddHours(-24))}" : ", sent at once where no start is stated")}");
        document.Bullet("**Deployment start**: commencement notice, before the first write");
        document.Bullet("**Progress updates**: status every 30 minutes");
        document.Bullet("**Completion**: success confirmation, once");
        document.Bullet("**Rollback (if needed)**: issue notification and verified result, to exactly those who were told of the start");
        document.Heading(3, "Stakeholder Matrix");
        var rows = talk.Stakeholders.Select(person => (Name: $"{person.Name} ({person.Email})", Method: "mail", Hears: (Func<Checkpoint, bool>)person.Hears))
            .Concat(talk.Webhooks.Select(hook => (Name: hook.Name, Method: $"{hook.Shape.ToString().ToLowerInvariant()} webhook", Hears: (Func<Checkpoint, bool>)hook.Hears)))
            .Concat(dossier.Request.Contacts.FirstOnCall.Select(contact => (Name: $"on-call: {contact}", Method: "mail", Hears: (Func<Checkpoint, bool>)(checkpoint => checkpoint is Checkpoint.Breach or Checkpoint.Pause))))
            .ToList();
        document.Table(
            ["Who", "When", "Method", "Content"],
            rows.Count == 0
                ? [[DocumentParts.Question("Who is told? State communications.stakeholders"), "–", "–", "–"]]
                : rows.SelectMany(row => Schedule.Where(item => row.Hears(item.Checkpoint)).Select(item => (IReadOnlyList<string>)[MarkdownText.Inline(row.Name, 120), item.When, row.Method, item.Content])));
    }

    public static void Contingencies(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var back = $"{MarkdownText.Code(dossier.RollbackCommand)}";
        Scenario("Partial failure", $"some {dossier.Platform.Units} or regions are on the new version and others are not; the exposure seen is not the exposure set", $"the release is held by itself; {back} where it does not clear", "held within 3 intervals, back within 5 minutes");
        Scenario("Performance degradation", "p95 latency or error rate above its limit, or worse than the old version's", $"level 1 by itself during canary and partial; else {back}", "seen within one interval, back within 5 minutes");
        Scenario("Data inconsistency", "reports of wrong or missing data, failed writes", $"report it: {MarkdownText.Code($"slipway report {dossier.Plan.ReleaseId.Value} data-loss")}, which goes back at once; then undo the migration or restore", "back within 5 minutes, data within 15 or by restore");
        Scenario("Dependency failure", $"{(dossier.Request.Preflight.Dependencies.Services.Count + dossier.Request.Preflight.Dependencies.ExternalApis.Count > 0 ? MarkdownText.Inline(string.Join(", ", dossier.Request.Preflight.Dependencies.Services.Select(service => service.Name).Concat(dossier.Request.Preflight.Dependencies.ExternalApis.Select(api => api.Name)))) : "a dependency")} fails or is slow, on both versions alike", "hold the release (both versions suffer, so it is no finding against the new one), use the fallback where there is one", "held within 15 minutes, resumed when it is back");
        foreach (var risk in dossier.Request.Release.KnownRisks ?? [])
            Scenario($"Known risk: {MarkdownText.Inline(risk, 120)}", "as the risk says", $"hold with {MarkdownText.Code($"slipway pause {dossier.Plan.ReleaseId.Value}")}, decide, {back}", "decided within 15 minutes");

        void Scenario(string name, string symptoms, string response, string timeline)
        {
            document.Heading(3, name);
            document.Field("Symptoms", symptoms);
            document.Field("Response", response);
            document.Field("Timeline", timeline);
        }
    }

    public static void Contacts(MarkdownBuilder document, ReleaseDossier dossier)
    {
        var contacts = dossier.Request.Contacts;
        document.Field("Primary on-call", DocumentParts.OrAsk(contacts.Primary, "Who is called first? State contacts.primary"));
        document.Field("Secondary on-call", DocumentParts.OrAsk(contacts.Secondary, "Who is called second? State contacts.secondary"));
        document.Heading(3, "Escalation Path");
        if (contacts.Escalation.Count == 0) document.Bullet(DocumentParts.Question("Who is told when nobody answers? State contacts.escalation"));
        document.Numbered(contacts.Escalation.Select(name => MarkdownText.Inline(name, 120)));
        document.Heading(3, "Emergency Contacts");
        document.Table(
            ["Area", "Contact"],
            [
                ["Infrastructure", DocumentParts.OrAsk(contacts.Infrastructure, "Who is called for infrastructure? State contacts.infrastructure")],
                ["Security", DocumentParts.OrAsk(contacts.Security, "Who is called for security? State contacts.security")],
                ["Database", DocumentParts.OrAsk(contacts.Database, "Who is called for databases? State contacts.database")],
                ["Networking", DocumentParts.OrAsk(contacts.Network, "Who is called for the network? State contacts.network")],
            ]);
    }
}
