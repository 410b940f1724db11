using System.Globalization;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Pages: on-call is told of alerts and evaluations, and whoever stands next in the escalation path when nobody acknowledges in time. Any
/// command, and any answer to an evaluation, is an acknowledgement: somebody is there. Nothing waits for a page.
/// </summary>
internal sealed partial class ReleaseRun
{
    private readonly List<OpenPage> _pages = [];
    private DateTimeOffset? _nextProgress;

    /// <summary>How long on-call has to acknowledge: 5 minutes, and 15 after the first day at 100 %.</summary>
    private TimeSpan PagePatience => TimeSpan.FromMinutes(Canonical() == CanonicalStage.After ? 15 : 5);

    /// <summary>Pages on-call; returns who was told. What is paged about already is not paged a second time.</summary>
    /// <param name="subject">What about, for telling pages apart.</param>
    /// <param name="headline">What about.</param>
    /// <param name="details">What was found.</param>
    /// <param name="command">What to do; null: acknowledge.</param>
    private IReadOnlyList<string> Page(string subject, string headline, string details, string? command = null)
    {
        var path = _request.Contacts.EscalationPath;
        var first = _request.Contacts.FirstOnCall;
        if (first.Count == 0) (first, path) = ([.. path.Take(1)], [.. path.Skip(1)]);
        if (first.Count == 0 || _pages.Exists(page => page.Subject == subject && page.Ended is null)) return [];

        var patience = PagePatience;
        var page = new OpenPage($"p{_pages.Count + 1}", subject, headline, details, command, path) { EscalateAt = path.Count > 0 ? context.Now + patience : null };
        _pages.Add(page);
        Record(new PageOpened(page.Id, headline, first, page.EscalateAt));
        Tell(page, first, "On call");
        return first;
    }

    private void Tell(OpenPage page, IReadOnlyList<string> people, string name)
    {
        _posts++;
        var acknowledge = $"slipway acknowledge {release}";
        var next = page.EscalateAt is { } at
            ? string.Create(CultureInfo.InvariantCulture, $"without an acknowledgement by {at.UtcDateTime:HH:mm:ss} UTC ({acknowledge}; any command or answer is one) {page.Path[page.Next]} is told")
            : $"acknowledge with {acknowledge}; any command or answer is an acknowledgement";
        var facts = Facts(Checkpoint.Breach, page.Headline, page.Details) with { Command = page.Command ?? acknowledge, Next = next };
        foreach (var person in people) Send(facts, person, name, null);
    }

    /// <summary>Somebody is there: open pages go no further. Returns whether there were any.</summary>
    private bool AcknowledgePages(string by, string how)
    {
        var open = _pages.Where(page => page.Ended is null).ToList();
        foreach (var page in open)
        {
            page.Ended = how;
            page.EscalateAt = null;
            Record(new PageEnded(page.Id, by, how));
        }

        return open.Count > 0;
    }

    /// <summary>When something is due by itself that nothing else waits for; null: nothing is.</summary>
    private DateTimeOffset? NextAlarm()
    {
        DateTimeOffset?[] due = [NextDeadline(), _pages.Min(page => page.EscalateAt), _stop is null ? _nextProgress : null];
        return due.Min();
    }

    private void CheckAlarms()
    {
        CheckDeadlines();
        foreach (var page in _pages.Where(page => page.EscalateAt <= context.Now).ToList())
        {
            IReadOnlyList<string> to = [page.Path[page.Next++]];
            page.EscalateAt = page.Next < page.Path.Count ? context.Now + PagePatience : null;
            Record(new PageEscalated(page.Id, to, page.EscalateAt));
            Tell(page, to, "Escalation");
        }

        if (_stop is not null || _machine.IsTerminal || _nextProgress is not { } progress || progress > context.Now) return;
        _nextProgress = progress + ProgressPeriod;
        Post(Checkpoint.Progress, $"{Word(_machine.Phase)} at {Exposed}, stage {Math.Max(_stage, 0) + 1} of {_plan.Stages.Count}", _why);
    }

    /// <summary>From here on whoever asked for it by name is told of the progress.</summary>
    private void BeginProgress()
    {
        var communications = _request.Communications;
        if (communications.Stakeholders.Any(person => person.Hears(Checkpoint.Progress)) || communications.Webhooks.Any(webhook => webhook.Hears(Checkpoint.Progress)))
            _nextProgress = context.Now + ProgressPeriod;
    }

    private sealed class OpenPage(string id, string subject, string headline, string details, string? command, IReadOnlyList<string> path)
    {
        public string Id { get; } = id;

        public string Subject { get; } = subject;

        public string Headline { get; } = headline;

        public string Details { get; } = details;

        public string? Command { get; } = command;

        /// <summary>Who is told one after the other.</summary>
        public IReadOnlyList<string> Path { get; } = path;

        /// <summary>The next of the path.</summary>
        public int Next { get; set; }

        public DateTimeOffset? EscalateAt { get; set; }

        /// <summary>How it was acknowledged; null while it was not.</summary>
        public string? Ended { get; set; }
    }
}
