using Slipway.Core.Decisions;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Workflow.Releases;

/// <summary>What people report, and what it causes by the decision matrix. Every report is followed by applied, or refused with the reason.</summary>
internal sealed partial class ReleaseRun
{
    private readonly List<string> _followUps = [];
    private ComplaintTally _complaints = ComplaintTally.Empty;
    private WarningTally _warnings = WarningTally.Empty;

    /// <summary>Where the release stands in the decision matrix: by the environment under way, before its first write by the one before.</summary>
    private CanonicalStage Canonical() =>
        Here.Judged is { } judged ? DecisionMatrix.StageOf(judged, context.Now)
        : _underWay.Count > 0 ? CanonicalStage.Canary
        : _environments.LastOrDefault(environment => environment.Judged is not null)?.Judged is { } before ? DecisionMatrix.StageOf(before, context.Now)
        : CanonicalStage.Integration;

    private void Take(ReceivedSignal received)
    {
        var signal = received.Signal;
        if (!_answered.Add(signal.Id)) return;
        if (_machine.IsTerminal)
        {
            Record(new CommandRefused(signal.Id, $"the release is over: {Word(_machine.Phase)}"));
            return;
        }

        if (signal.Kind == ReleaseSignalKind.Done)
        {
            Record(new CommandRefused(signal.Id, "the release is not over yet: there is nothing to tick off"));
            return;
        }

        if (signal.Kind is ReleaseSignalKind.Observation or ReleaseSignalKind.Lesson)
        {
            Record(new CommandApplied(signal.Id, "in the deployment log; nothing else changes"));
            return;
        }

        if (_stop is { } stop)
        {
            FollowUp(signal);
            Record(new CommandApplied(signal.Id, $"recorded; the release {(_machine.Exposed ? "goes back" : "stops")} already: {stop.Reason}"));
            return;
        }

        switch (signal.Kind)
        {
            case ReleaseSignalKind.Complaints:
                Complain(signal, received.At);
                break;
            case ReleaseSignalKind.Incident when signal.Severity == IncidentSeverity.Moderate:
                var warning = Said(signal, "moderate incident");
                Raise("incident", AlertSeverity.Warning, warning, "counted as a warning; the release goes on");
                Record(new CommandApplied(signal.Id, "recorded as a warning; the release goes on"));
                Alert("incident", warning);
                Warn(signal.Id, received.At, warning, TimeSpan.Zero);
                break;
            case ReleaseSignalKind.Incident when signal.Severity == IncidentSeverity.Critical:
                Act(signal, MatrixRow.CriticalAlert, "critical incident", received.At);
                break;
            case ReleaseSignalKind.Incident:
                Act(signal, MatrixRow.SecurityIncident, "security incident", received.At);
                break;
            case ReleaseSignalKind.DataLoss:
                Act(signal, MatrixRow.DataLoss, "data loss", received.At);
                break;
            default:
                Act(signal, MatrixRow.Outage, "complete outage", received.At);
                break;
        }
    }

    /// <summary>What a report causes that has a row of its own.</summary>
    private void Act(ReleaseSignal signal, MatrixRow row, string what, DateTimeOffset at)
    {
        var sentence = Said(signal, what);
        FollowUp(signal);
        if (DecisionMatrix.Of(row, Canonical()).Response == MatrixResponse.Immediate)
        {
            _stop = new StopCause(_machine.Exposed ? ReleaseTrigger.Breached : ReleaseTrigger.Abort, "slipway", sentence) { CommandId = signal.Id, Automatic = true, SeenAt = at };
            Raise(what, AlertSeverity.Critical, sentence, _machine.Exposed ? "the release goes back" : "the release stops");
            Page(what, $"{char.ToUpperInvariant(what[0])}{what[1..]}", $"{sentence}\n{(_machine.Exposed ? "The release goes back." : "The release stops.")}", $"slipway show {release}");
            TellSecurity(row, sentence);
            return;
        }

        Record(new CommandApplied(signal.Id, $"held; {Open(row, what, sentence, EvaluationSilence.RollBack, null, at)}"));
    }

    private void Complain(ReleaseSignal signal, DateTimeOffset at)
    {
        _complaints = _complaints.Add(at, _stage, signal.Count);
        var stage = Canonical();
        if (_evaluations.Find(one => one is { Row: MatrixRow.Complaints, Closed: null }) is { } open)
        {
            Record(new CommandApplied(signal.Id, $"recorded: {_complaints.InStage(_stage)} complaints by now; evaluation {open.Id} is open"));
            return;
        }

        if (DecisionMatrix.Of(MatrixRow.Complaints, stage).Response != MatrixResponse.Evaluate || _complaints.Due(stage, _stage, context.Now) is not { } due)
        {
            Record(new CommandApplied(signal.Id, stage == CanonicalStage.Integration
                ? "recorded; nobody has the new version yet"
                : $"recorded: {(stage == CanonicalStage.After ? $"{_complaints.InHour(context.Now)} complaints in the last hour, more than {DecisionMatrix.ComplaintsInHour}" : $"{_complaints.InStage(_stage)} complaints in this stage, {DecisionMatrix.ComplaintsInStage}")} start an evaluation"));
            return;
        }

        Record(new CommandApplied(signal.Id, $"held; {Open(MatrixRow.Complaints, "complaints", signal.Text.Length == 0 ? due : $"{due}; the last: {signal.Text}", EvaluationSilence.StayHeld, null, at)}"));
    }

    /// <summary>Takes a warning in; several within a short time are a signal of their own.</summary>
    /// <param name="source">What warns.</param>
    /// <param name="at">When.</param>
    /// <param name="sentence">What it says.</param>
    /// <param name="pause">How long the same source does not count again.</param>
    private void Warn(string source, DateTimeOffset at, string sentence, TimeSpan pause)
    {
        _warnings = _warnings.Add(source, at, sentence, pause);
        if (_warnings.Due is not { } due || _stop is not null) return;

        // What these have caused is not caused once more by the next one alone.
        _warnings = WarningTally.Empty;
        switch (DecisionMatrix.Of(MatrixRow.Warnings, Canonical()).Response)
        {
            case MatrixResponse.Immediate:
                Raise("warnings", AlertSeverity.Critical, due, "the release goes back");
                Breach(Here, due, null, at);
                break;
            case MatrixResponse.Evaluate:
                Open(MatrixRow.Warnings, "warnings", due, EvaluationSilence.RollBack, null, at);
                break;
            default:
                Raise("warnings", AlertSeverity.Warning, due, "people were told; the release goes on");
                Alert("warnings", due);
                break;
        }
    }

    /// <summary>What is left to do by people after a report, whatever becomes of the release.</summary>
    private void FollowUp(ReleaseSignal signal)
    {
        var security = _request.Contacts.Security;
        if (signal.Severity == IncidentSeverity.Security)
            _followUps.Add($"run the incident response{(security.Length > 0 ? $" with {security}" : "")}: {Said(signal, "security incident")}");
        if (signal.Kind == ReleaseSignalKind.DataLoss)
            _followUps.Add($"find out which data was lost or corrupted, and restore it: {Said(signal, "data loss")}");
    }

    /// <summary>People are told of something that changes nothing by itself: on-call by a page, everyone else as they asked.</summary>
    private void Alert(string subject, string sentence) => Post(Checkpoint.Breach, "Alert", sentence, Page(subject, $"Alert: {subject}", sentence));

    /// <summary>The security contact is told of a security incident whatever else is sent to whom.</summary>
    private void TellSecurity(MatrixRow row, string sentence)
    {
        var contact = _request.Contacts.Security;
        if (row != MatrixRow.SecurityIncident || !contact.Contains('@', StringComparison.Ordinal) || _request.Contacts.FirstOnCall.Contains(contact, StringComparer.OrdinalIgnoreCase)) return;
        _posts++;
        Send(Facts(Checkpoint.Breach, "Security incident: the incident response begins", sentence), contact, "Security", null);
    }

    private static string Said(ReleaseSignal signal, string what) =>
        signal.Text.Length == 0 ? $"{what} reported by {signal.Actor}" : $"{what} reported by {signal.Actor}: {signal.Text}";
}
