using System.Globalization;
using System.Text.Json;
using Slipway.Core.Aftercare;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Web.Api;

namespace Slipway.Web.Words;

/// <summary>Ledger entries in one line each, for somebody who follows a release.</summary>
public static class LedgerText
{
    /// <summary>What an entry says; null when it is of no interest to somebody who follows (each effect has its stage, each poll its
    /// verdict). A body that this version cannot read gives its type.</summary>
    public static string? Of(LedgerEntry entry)
    {
        try
        {
            var body = entry.Read();
            return body is IntervalJudged { Telemetry: { } telemetry } ? $"{Of(body)}; {telemetry.Sentence(entry.At)}" : Of(body);
        }
        catch (JsonException)
        {
            return $"entry of type {entry.Type} in a form that this version does not know";
        }
    }

    private static string? Of(LedgerBody body) => body switch
    {
        ReleaseCreated created => $"started by {created.StartedBy}: {created.Request.Release.Title} {created.Request.Release.Version}, "
            + $"stages {string.Join(", ", created.Plan.Stages.Select(stage => stage.Percentage.ToString()))}",
        // The entry that ends the release follows and says more.
        PhaseEntered phase when PhaseWords.IsTerminal(phase.Phase) => null,
        PhaseEntered phase => $"{PhaseWords.Of(phase.Phase)}: {phase.Reason}{Next(phase)}",
        GateChecked { Status: GateStatus.Pass } gate => $"gate {gate.Gate}: pass",
        GateChecked gate => $"gate {gate.Gate}: {(gate.Status == GateStatus.Fail ? "FAIL" : "warning")}: {gate.Details}",
        EffectFinished { Outcome: EffectOutcome.Conflict or EffectOutcome.Failed or EffectOutcome.TimedOut } effect =>
            $"{effect.Kind.ToString().ToLowerInvariant()} {ShownEffect.Text(effect.Kind, effect.Target)}: {effect.Outcome.ToString().ToLowerInvariant()}: {ShownEffect.Text(effect.Kind, effect.Details)}",
        FlagsFound found => $"somebody else changed {string.Join(", ", found.Flags.Select(flag => $"{flag.Key}: {flag.Exposure} in its store"))}",
        StageStarted stage => $"stage {stage.Stage + 1}: {stage.Percentage} of users, written and read back",
        StageEnded stage => $"stage {stage.Stage + 1}: {stage.Verdict.ToString().ToLowerInvariant()}: {stage.Sentence}",
        IntervalJudged judged => $"judged: {judged.Assessment.Verdict.ToString().ToLowerInvariant()}: {judged.Assessment.Sentence}",
        SignalReceived report => $"{Words(report.Signal)} reported by {report.Signal.Actor}{Reason(report.Signal.Text)}",
        EvaluationOpened opened => $"EVALUATION {opened.Id} until {Moments.Machine(opened.Deadline)}, {EvaluationFact.Words(opened.Silence)}: {opened.Sentence}",
        EvaluationAnswered { Answer: var answer } => $"evaluation {answer.Evaluation}: {answer.Verdict.ToString().ToLowerInvariant()} by {answer.Actor}{Reason(answer.Comment)}",
        EvaluationEnded ended => $"evaluation {ended.Id} {ended.Outcome.ToString().ToLowerInvariant()}: {ended.Reason}",
        PageOpened page => $"page {page.Id} to {string.Join(", ", page.To)}: {page.Headline}",
        PageEscalated page => $"page {page.Id} not acknowledged, escalated to {string.Join(", ", page.To)}",
        PageEnded page => $"page {page.Id}: {page.Reason}",
        AlertRaised alert => $"{alert.Severity.ToString().ToLowerInvariant()} alert: {alert.Sentence}",
        CommandReceived command => $"{Verb(command.Command.Kind)} asked by {command.Command.Actor}{Reason(command.Command.Reason)}",
        ApprovalDecided { Decision: var decision } => $"{decision.Approver} {(decision.Choice == ApprovalChoice.Approve ? "approves" : "rejects")} {decision.Gate}, known by {(decision.Identity == ApproverIdentity.SignIn ? "a sign-in" : "the mail link alone")}{Reason(decision.Comment)}",
        ApprovalEnded ended => $"approval {ended.Gate}: {ended.Outcome switch { ApprovalOutcome.TimedOut => "timed out", _ => ended.Outcome.ToString().ToLowerInvariant() }}: {ended.Reason}",
        CommandApplied applied => $"command applied: {applied.Effect}",
        CommandRefused refused => $"command refused: {refused.Why}",
        AftercareReached reached => $"review due: {reached.Step switch { AftercareStep.FirstHour => "the first hour", AftercareStep.FirstDay => "the first day", AftercareStep.SecondDay => "the second day", _ => "the first week" }}",
        ManifestPosted posted => $"deployment manifest {(posted.Accepted ? "attached to the ticket" : "not accepted by the ticket")}: {ShownUrl.OfWebhook(posted.Details)}",
        CompletionChecked check => $"after completion: {check.Sentence}",
        AftercareReminded reminded => $"reminded of open tasks: {string.Join(", ", reminded.Tasks)}",
        AftercareEnded ended => $"aftercare ended: {ended.Reason}",
        ReleaseRetried retried => $"tried again by {retried.By} as {retried.Successor}, attempt {retried.Attempt}{Reason(retried.Reason)}",
        LockRevoked revoked => $"{revoked.By} took the lock on {ShownUrl.Of(revoked.Resource)} away: {revoked.Reason}",
        // The reason of a person's command names the person.
        RollbackBegun rollback when rollback.Reason.Contains(rollback.Actor, StringComparison.Ordinal) => $"ROLLBACK: {rollback.Reason}",
        RollbackBegun rollback => $"ROLLBACK by {rollback.Actor}: {rollback.Reason}",
        LevelEnded level => $"rollback level {level.Level}: {(level.Recovered ? "recovered" : "not recovered")}: {level.Details}",
        ReleaseEnded ended => $"{PhaseWords.Of(ended.Phase).ToUpperInvariant()}: {ended.Reason}{Left(ended)}",
        MessageSent { Accepted: false } message => $"message to {message.Recipient} not accepted: {ShownEffect.Text(message.Kind, message.Details)}",
        UnknownBody unknown => $"entry of type {unknown.Type}",
        _ => null,
    };

    /// <summary>The command's name as on the command line.</summary>
    public static string Verb(ReleaseCommandKind kind) => kind switch
    {
        ReleaseCommandKind.RollBack => "rollback",
        ReleaseCommandKind.AcknowledgeNotices => "acknowledge",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Words(ReleaseSignal signal) => signal.Kind switch
    {
        ReleaseSignalKind.Complaints => string.Create(CultureInfo.InvariantCulture, $"{signal.Count} complaints"),
        ReleaseSignalKind.Incident => $"{signal.Severity?.ToString().ToLowerInvariant()} incident",
        ReleaseSignalKind.DataLoss => "data loss",
        ReleaseSignalKind.Observation => "an observation",
        ReleaseSignalKind.Lesson => "a lesson",
        ReleaseSignalKind.Done => $"task {signal.Task} done",
        _ => "outage",
    };

    private static string Next(PhaseEntered phase) =>
        phase.NextAt is { } at && phase.NextEvent.Length > 0 ? $" (next: {phase.NextEvent} at {Moments.Machine(at)})" : "";

    private static string Reason(string reason) => reason.Length == 0 ? "" : $": {reason}";

    private static string Left(ReleaseEnded ended) => ended.LeftToDo.Count == 0 ? "" : $"; left to do: {string.Join("; ", ended.LeftToDo)}";
}
