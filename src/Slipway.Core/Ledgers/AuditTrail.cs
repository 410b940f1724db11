using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>
/// The words of the audit trail: one line for each ledger entry that changed, decided, told or touched something, and for the first one also
/// a line for each step of planning. Watch directives and judged intervals without a finding stay in the ledger alone.
/// </summary>
internal static class AuditTrail
{
    private const int MostDetails = 500;

    public static ImmutableList<AuditFact> Add(ImmutableList<AuditFact> trail, AuditFact line) =>
        trail.Count > ReleaseState.AuditLimit ? trail.RemoveAt(1).Add(line) : trail.Add(line);

    public static string Cut(string text) => text.Length <= MostDetails ? text : string.Concat(text.AsSpan(0, MostDetails - 1), "…");

    public static IEnumerable<AuditFact> LinesFor(ReleaseState before, LedgerEntry entry, LedgerBody body)
    {
        if (LineFor(before, entry, body) is { } line) yield return line;
        if (body is not ReleaseCreated created) yield break;
        foreach (var step in created.Plan.Steps) yield return Line(entry, $"{step.Module}, {step.Stage}", step.Result);
    }

    private static AuditFact? LineFor(ReleaseState before, LedgerEntry entry, LedgerBody body) => body switch
    {
        ReleaseCreated created => Line(entry, "release recorded",
            $"{created.Request.Release.Title} {created.Request.Release.Version} as {created.Plan.ReleaseId}, risk {Word(created.Plan.Risk)}{(created.Predecessor is { } earlier ? $", attempt {created.Attempt} after {earlier}" : "")}"),
        PhaseEntered entered => Line(entry, $"phase {Word(entered.Phase)}", Or(entered.Reason, $"because of {Word(entered.Trigger)}")),
        GateChecked gate => Line(entry, $"gate {gate.Gate}", $"{Word(gate.Status)}: {Or(gate.Details, "no details")}"),
        CalibrationMeasured measured => Line(entry, "calibration measured", $"{Environment(before, measured.Environment)}{string.Join("; ", measured.Calibration.Notes)}"),
        StateCaptured captured => Line(entry, "state captured", $"{captured.Flags.Count} flags and {captured.Keys.Count} configuration keys to come back to"),
        EffectIntended intended => Line(entry, $"{Word(intended.Kind)} effect begun", $"{ShownEffect.Text(intended.Kind, intended.Target)}: {Or(intended.Summary, intended.EffectId)}"),
        EffectFinished finished => Line(entry, $"{Word(finished.Kind)} effect {Word(finished.Outcome)}", $"{ShownEffect.Text(finished.Kind, finished.Target)}: {Or(ShownEffect.Text(finished.Kind, finished.Details), finished.EffectId)}"),
        RolloutAccelerated accelerated => Line(entry, "rollout accelerated",
            $"low risk: {string.Join(", ", accelerated.Stages.Select(stage => $"{stage.Percentage} waits {DurationText.Format(stage.Bake)} instead of {DurationText.Format(stage.Instead)}"))}"),
        CalendarPassed passed => Line(entry, "calendar rule passed",
            $"{(passed.Stage < 0 ? "the start" : $"stage {passed.Stage + 1}")} at an hour that is {Word(passed.Standing)}: {passed.Rule}; {(passed.Critical ? "the release is critical, " : "")}{passed.Group}: {passed.Approval}"),
        StageStarted started => Line(entry, $"stage {started.Stage + 1} started",
            string.Create(CultureInfo.InvariantCulture, $"{started.Percentage} exposed{before.Created?.Plan.In(before.Plan.EnvironmentOf(started.Stage))}; evidence counts from {started.EvidenceFrom.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z")),
        StageEnded ended => Line(entry, $"stage {ended.Stage + 1} {(ended.Promoted ? "promoted" : "ended")}", $"{Word(ended.Verdict)}: {Or(ended.Sentence, "no sentence")}"),
        IntervalJudged { Assessment.Findings.Count: > 0 } judged => Line(entry, $"finding: {judged.Assessment.Findings[0].Rule}", judged.Assessment.Findings[0].Sentence),
        IntervalJudged judged when before.Assessment?.Verdict != judged.Assessment.Verdict => Line(entry, $"verdict {Word(judged.Assessment.Verdict)}", judged.Assessment.Sentence),
        AlertRaised alert => Line(entry, $"alert {alert.Name}", $"{alert.Sentence}; {alert.ActionTaken}"),
        CommandReceived { Command: var command } => Line(entry, $"command {Word(command.Kind)} received", $"from {Or(command.Actor, "an unnamed person")}: {Or(command.Reason, "no reason given")}"),
        CommandApplied applied => Line(entry, "command applied", $"{applied.CommandId}: {applied.Effect}"),
        CommandRefused refused => Line(entry, "command refused", $"{refused.CommandId}: {refused.Why}"),
        ReleaseTakenOver taken => Line(entry, "taken over", $"by {taken.By}: {taken.Why}"),
        AftercareBegun begun => Line(entry, "aftercare begun", string.Join(", ", begun.Steps.Select(Word))),
        AftercareReached reached => Line(entry, $"review of {Word(reached.Step)} due", reached.Told ? "people are told" : "nobody is told: the next one is due as well"),
        AftercareLooked look => Line(entry, $"metrics after the rollback {Word(look.Status)}", look.Sentence),
        ManifestPosted posted => Line(entry, $"deployment manifest {(posted.Accepted ? "attached to the ticket" : "not accepted by the ticket")}", $"SHA-256 {Or(posted.Sha256, "unknown")}: {ShownUrl.OfWebhook(posted.Details)}"),
        FlagsFound found => Line(entry, "flag changed by somebody else", string.Join("; ", found.Flags.Select(flag => $"{flag.Key} is at {flag.Exposure} in its store"))),
        CompletionChecked check => Line(entry, $"error rate after completion {Word(check.Status)}", check.Sentence),
        AftercareReminded reminded => Line(entry, "reminded of open tasks", string.Join(", ", reminded.Tasks)),
        AftercareEnded ended => Line(entry, "aftercare ended", ended.Reason),
        ReleaseRetried retried => Line(entry, "tried again", $"as {retried.Successor}, attempt {retried.Attempt}, by {retried.By}: {Or(retried.Reason, "no reason given")}"),
        LockRevoked revoked => Line(entry, $"lock {ShownUrl.Of(revoked.Resource)} taken away", $"by {revoked.By}{(revoked.Forced ? " by force" : "")}: {Or(revoked.Reason, "no reason given")}"),
        ApprovalRequested asked => Line(entry, $"approval {asked.Gate.Id} requested", $"from {asked.Gate.Group}, {asked.Gate.Quorum} must approve by {asked.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
        ApprovalDecided { Decision: var decision } => Line(entry, $"decision {Word(decision.Choice)} received", $"{decision.Gate}, by {Word(decision.Identity)}: {Or(decision.Comment, "no comment")}"),
        ApprovalEnded ended => Line(entry, $"approval {ended.Gate} {Word(ended.Outcome)}", Or(ended.Reason, "no reason given")),
        SignalReceived { Signal: var signal } => Line(entry, $"report {Word(signal.Kind)} received", $"{Amount(signal)}{(signal.Task is { } task ? $"{task}, " : "")}from {Or(signal.Actor, "an unnamed person")}: {Or(signal.Text, "no details")}"),
        EvaluationOpened opened => Line(entry, $"evaluation {opened.Id} opened", $"{opened.Sentence}; to be answered by {opened.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, {EvaluationFact.Words(opened.Silence)}"),
        EvaluationAnswered { Answer: var answer } => Line(entry, $"answer {Word(answer.Verdict)} received", $"{answer.Evaluation}, from {Or(answer.Actor, "an unnamed person")}: {Or(answer.Comment, "no comment")}"),
        EvaluationEnded ended => Line(entry, $"evaluation {ended.Id} {Word(ended.Outcome)}", Or(ended.Reason, "no reason given")),
        PageOpened page => Line(entry, $"page {page.Id} sent", $"{page.Headline}: {string.Join(", ", page.To)}"),
        PageEscalated page => Line(entry, $"page {page.Id} escalated", $"nobody acknowledged; told: {string.Join(", ", page.To)}"),
        PageEnded page => Line(entry, $"page {page.Id} ended", $"{page.Reason}, by {Or(page.By, "an unnamed person")}"),
        RollbackBegun begun => Line(entry, "rollback begun", $"{(begun.Automated ? "automatically" : "by a person")}: {Or(begun.Reason, begun.Actor)}"),
        LevelEnded level => Line(entry, $"rollback level {level.Level} {(level.Recovered ? "recovered" : "did not recover")}", Or(level.Details, "no details")),
        ReleaseEnded ended => Line(entry, $"release {Word(ended.Phase)}", Or(ended.Reason, "no reason given")),
        MessageSent sent => Line(entry, $"{Word(sent.Kind)} {(sent.Accepted ? "accepted" : "not accepted")}",
            $"{Word(sent.Checkpoint)} to {sent.Recipient}: {Or(ShownEffect.Text(sent.Kind, sent.Details), sent.MessageId)}{(sent.PossibleDuplicate ? "; possibly sent twice" : "")}"),
        _ => null,
    };

    private static string Environment(ReleaseState state, int index) =>
        state.Created is { Plan.Environments: { Count: > 1 } all } && index >= 0 && index < all.Count ? $"{all[index].Word}: " : "";

    private static string Amount(Releases.ReleaseSignal signal) =>
        signal.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{signal.Count} ") : signal.Severity is { } severity ? $"{Word(severity)} " : "";

    private static AuditFact Line(LedgerEntry entry, string action, string details) =>
        new(entry.Sequence, entry.At, Or(entry.Actor, "slipway"), Cut(action), Cut(details));

    private static string Or(string text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text;

    /// <summary>An enum member in small words: <c>RollingBack</c> becomes <c>rolling back</c>.</summary>
    internal static string Word<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return string.Concat(name.Select((letter, index) => char.IsUpper(letter)
            ? $"{(index > 0 ? " " : "")}{char.ToLowerInvariant(letter)}"
            : letter.ToString()));
    }
}
