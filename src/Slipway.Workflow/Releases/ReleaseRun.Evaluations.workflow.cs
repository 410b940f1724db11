using System.Globalization;
using Slipway.Core.Analysis;
using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Evaluations: people are asked whether something is as bad as it looks. The release is held and stays watched; a breach or a rollback
/// wins over every open question. After the last dismissal the release goes on by itself where it was the evaluation that held it.
/// </summary>
internal sealed partial class ReleaseRun
{
    private readonly List<OpenEvaluation> _evaluations = [];
    private bool _evaluationHolds;

    private IEnumerable<OpenEvaluation> Open() => _evaluations.Where(one => one.Closed is null);

    /// <summary>
    /// Opens an evaluation and holds the release; returns what people are told. What is asked already is not asked a second time. The same
    /// subject is asked about anew only by a new crossing or in another stage (the watch sees to that), and complaints only by so many more.
    /// </summary>
    private string Open(MatrixRow? row, string subject, string sentence, EvaluationSilence silence, Finding? finding, DateTimeOffset seenAt)
    {
        if (_evaluations.Find(one => one.Closed is null && one.Subject == subject) is { } asked)
        {
            Raise($"evaluation {asked.Id}", AlertSeverity.Warning, sentence, "asked about already");
            return Asking(asked);
        }

        var evaluation = new OpenEvaluation($"e{_evaluations.Count + 1}", row, subject, sentence, silence, context.Now + DecisionMatrix.EvaluationLimit) { Finding = finding, SeenAt = seenAt };
        _evaluations.Add(evaluation);
        Record(new EvaluationOpened(evaluation.Id, row, subject, sentence, evaluation.Deadline, silence));
        Raise($"evaluation {evaluation.Id}", AlertSeverity.Critical, sentence, Asking(evaluation));
        Hold(evaluation);
        var details = $"{sentence}\n{Asking(evaluation)}. Confirm: the release goes back. Dismiss: it goes on.";
        var paged = Page($"evaluation {evaluation.Id}", $"Evaluation {evaluation.Id}: {subject}", details, EvaluationFact.CommandOf(release, evaluation.Id));
        Post(Checkpoint.Pause, $"Held at {Exposed}: evaluation {evaluation.Id}", details, paged);
        return Asking(evaluation);
    }

    private void Hold(OpenEvaluation evaluation)
    {
        // Before anyone is exposed nothing is found by itself; a person's report holds as a person's pause does.
        var trigger = ReleaseMachine.Next(_machine, ReleaseTrigger.Held) is not null ? ReleaseTrigger.Held : ReleaseTrigger.Pause;
        if (ReleaseMachine.Next(_machine, trigger) is null) return;
        var first = Open().MinBy(one => one.Deadline) ?? evaluation;
        var mine = _machine.Phase != ReleasePhase.Paused || _evaluationHolds;
        HoldAt(trigger, $"evaluation {evaluation.Id}: {evaluation.Sentence}", first.Deadline, $"evaluation {first.Id}: {EvaluationFact.Words(first.Silence)}");
        _evaluationHolds = mine;
    }

    private void Hear(ReceivedAnswer received)
    {
        var answer = received.Answer;
        if (!_answered.Add(answer.Id)) return;
        AcknowledgePages(answer.Actor, $"acknowledged by an answer to {answer.Evaluation}");
        if (Ineligible(received) is { } why)
        {
            Record(new CommandRefused(answer.Id, why));
            return;
        }

        var asked = Find(answer.Evaluation)!;
        var by = answer.Comment.Length == 0 ? answer.Actor : $"{answer.Actor}: {answer.Comment}";
        if (answer.Verdict == EvaluationVerdict.Confirm)
        {
            Close(asked, EvaluationOutcome.Confirmed, answer.Actor, $"confirmed by {by}");
            _stop = new StopCause(ReleaseTrigger.RollBack, answer.Actor, $"{asked.Sentence}; evaluation {asked.Id} confirmed by {by}") { CommandId = answer.Id, Finding = asked.Finding };
            return;
        }

        Close(asked, EvaluationOutcome.Dismissed, answer.Actor, $"dismissed by {by}");
        if (asked.Row == MatrixRow.Complaints) _complaints = ComplaintTally.Empty;
        var open = Open().Select(one => one.Id).ToList();
        var goesOn = open.Count == 0 && _evaluationHolds && _machine.Phase == ReleasePhase.Paused;
        if (goesOn) ResumeFrom($"evaluation {asked.Id} dismissed by {by}");
        Record(new CommandApplied(answer.Id, goesOn ? $"evaluation {asked.Id} is dismissed; going on at {Exposed}"
            : open.Count > 0 ? $"evaluation {asked.Id} is dismissed; still held by evaluation {string.Join(", ", open)}"
            : $"evaluation {asked.Id} is dismissed; the release stays held for another reason"));
    }

    /// <summary>Why an answer does not count; null when it does.</summary>
    private string? Ineligible(ReceivedAnswer received)
    {
        if (_machine.IsTerminal) return $"the release is over: {Word(_machine.Phase)}";
        if (Find(received.Answer.Evaluation) is not { } asked)
            return $"there is no evaluation {received.Answer.Evaluation}; open: {(Open().Any() ? string.Join(", ", Open().Select(one => one.Id)) : "none")}";
        if (asked.Closed is { } closed) return $"evaluation {asked.Id} is over: {closed}";
        if (_stop is { } stop) return $"the release stops: {stop.Reason}";
        return asked.Silence == EvaluationSilence.RollBack && received.At >= asked.Deadline
            ? string.Create(CultureInfo.InvariantCulture, $"too late: evaluation {asked.Id} had to be answered by {asked.Deadline.UtcDateTime:HH:mm:ss}Z")
            : null;
    }

    private OpenEvaluation? Find(string id) => _evaluations.Find(one => string.Equals(one.Id, id, StringComparison.OrdinalIgnoreCase));

    private void Close(OpenEvaluation evaluation, EvaluationOutcome outcome, string by, string reason)
    {
        evaluation.Closed = reason;
        Record(new EvaluationEnded(evaluation.Id, outcome, by, reason));
    }

    /// <summary>Nobody needs to answer any more.</summary>
    private void WithdrawEvaluations(string reason)
    {
        foreach (var open in Open().ToList()) Close(open, EvaluationOutcome.Withdrawn, "slipway", $"the release stopped: {reason}");
    }

    /// <summary>When the next open evaluation has to be looked at; null: none.</summary>
    private DateTimeOffset? NextDeadline()
    {
        var waiting = Open().Where(one => !one.Escalated).Select(one => context.Now < one.Deadline ? one.Deadline : one.Deadline + ForwardTimeout).ToList();
        return waiting.Count == 0 || _stop is not null ? null : waiting.Min();
    }

    /// <summary>Ends, or escalates, what nobody answered. An answer that is in the ledger in time counts, also when its signal is still on its way.</summary>
    private void CheckDeadlines()
    {
        foreach (var due in Open().Where(one => !one.Escalated && context.Now >= one.Deadline).ToList())
        {
            if (_stop is not null) return;
            if (_readUntil < due.Deadline && context.Now < due.Deadline + ForwardTimeout)
            {
                _unread = true;
                continue;
            }

            var minutes = string.Create(CultureInfo.InvariantCulture, $"{DecisionMatrix.EvaluationLimit.TotalMinutes:0} min");
            if (due.Silence == EvaluationSilence.RollBack)
            {
                var reason = $"evaluation {due.Id} got no answer within {minutes}: {due.Sentence}";
                Close(due, EvaluationOutcome.Unanswered, "slipway", $"no answer within {minutes}");
                _stop = new StopCause(_machine.Exposed ? ReleaseTrigger.Breached : ReleaseTrigger.Abort, "slipway", reason) { Finding = due.Finding, SeenAt = due.SeenAt };
                return;
            }

            due.Escalated = true;
            Raise($"evaluation {due.Id}", AlertSeverity.Critical, $"no answer within {minutes}: {due.Sentence}", "escalated; the release stays held, and goes back only when somebody confirms");
            Escalate($"Evaluation {due.Id} got no answer: {due.Subject}", $"{due.Sentence}\nThe release stays held at {Exposed} until somebody answers.", EvaluationFact.CommandOf(release, due.Id));
        }
    }

    private string Asking(OpenEvaluation evaluation) => string.Create(
        CultureInfo.InvariantCulture,
        $"evaluation {evaluation.Id} has to be answered by {evaluation.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z with {EvaluationFact.CommandOf(release, evaluation.Id)}; {EvaluationFact.Words(evaluation.Silence)}");

    private sealed class OpenEvaluation(string id, MatrixRow? row, string subject, string sentence, EvaluationSilence silence, DateTimeOffset deadline)
    {
        public string Id { get; } = id;

        public MatrixRow? Row { get; } = row;

        public string Subject { get; } = subject;

        public string Sentence { get; } = sentence;

        public EvaluationSilence Silence { get; } = silence;

        public DateTimeOffset Deadline { get; } = deadline;

        public Finding? Finding { get; init; }

        public DateTimeOffset? SeenAt { get; init; }

        /// <summary>Whether its deadline has passed and it went up the escalation path.</summary>
        public bool Escalated { get; set; }

        /// <summary>Why it is closed; null while it is open.</summary>
        public string? Closed { get; set; }
    }
}
