using System.Text.Json;
using Slipway.Core.Serialization;

namespace Slipway.Core.Ledgers;

/// <summary>The versioned names under which ledger bodies are stored. A name, once released, never changes its meaning.</summary>
public static class LedgerBodies
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["release.created.v1"] = typeof(ReleaseCreated),
        ["phase.entered.v1"] = typeof(PhaseEntered),
        ["gate.checked.v1"] = typeof(GateChecked),
        ["state.captured.v1"] = typeof(StateCaptured),
        ["effect.intended.v1"] = typeof(EffectIntended),
        ["effect.finished.v1"] = typeof(EffectFinished),
        ["calibration.measured.v1"] = typeof(CalibrationMeasured),
        ["rollout.accelerated.v1"] = typeof(RolloutAccelerated),
        ["calendar.passed.v1"] = typeof(CalendarPassed),
        ["flags.found.v1"] = typeof(FlagsFound),
        ["stage.started.v1"] = typeof(StageStarted),
        ["stage.ended.v1"] = typeof(StageEnded),
        ["watch.directed.v1"] = typeof(WatchDirected),
        ["interval.judged.v1"] = typeof(IntervalJudged),
        ["alert.raised.v1"] = typeof(AlertRaised),
        ["command.received.v1"] = typeof(CommandReceived),
        ["command.applied.v1"] = typeof(CommandApplied),
        ["command.refused.v1"] = typeof(CommandRefused),
        ["release.taken_over.v1"] = typeof(ReleaseTakenOver),
        ["rollback.begun.v1"] = typeof(RollbackBegun),
        ["level.ended.v1"] = typeof(LevelEnded),
        ["release.ended.v1"] = typeof(ReleaseEnded),
        ["message.sent.v1"] = typeof(MessageSent),
        ["approval.requested.v1"] = typeof(ApprovalRequested),
        ["approval.decided.v1"] = typeof(ApprovalDecided),
        ["approval.ended.v1"] = typeof(ApprovalEnded),
        ["aftercare.begun.v1"] = typeof(AftercareBegun),
        ["aftercare.reached.v1"] = typeof(AftercareReached),
        ["aftercare.looked.v1"] = typeof(AftercareLooked),
        ["manifest.posted.v1"] = typeof(ManifestPosted),
        ["aftercare.completion_checked.v1"] = typeof(CompletionChecked),
        ["aftercare.reminded.v1"] = typeof(AftercareReminded),
        ["aftercare.ended.v1"] = typeof(AftercareEnded),
        ["release.retried.v1"] = typeof(ReleaseRetried),
        ["lock.revoked.v1"] = typeof(LockRevoked),
        ["signal.received.v1"] = typeof(SignalReceived),
        ["evaluation.opened.v1"] = typeof(EvaluationOpened),
        ["evaluation.answered.v1"] = typeof(EvaluationAnswered),
        ["evaluation.ended.v1"] = typeof(EvaluationEnded),
        ["page.opened.v1"] = typeof(PageOpened),
        ["page.escalated.v1"] = typeof(PageEscalated),
        ["page.ended.v1"] = typeof(PageEnded),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(entry => entry.Value, entry => entry.Key);

    /// <summary>Every known name, in no particular order.</summary>
    public static IReadOnlyCollection<string> KnownNames => Types.Keys;

    /// <summary>The stored name of a body.</summary>
    public static string NameOf(LedgerBody body) => body is UnknownBody unknown
        ? unknown.Type
        : Names.TryGetValue(body.GetType(), out var name)
            ? name
            : throw new InvalidOperationException($"{body.GetType().Name} has no ledger name; add it to {nameof(LedgerBodies)}.");

    /// <summary>The stored form of a body.</summary>
    public static JsonElement Write(LedgerBody body) => body is UnknownBody unknown
        ? unknown.Json
        : JsonSerializer.SerializeToElement(body, body.GetType(), SlipwayJson.Options);

    /// <summary>Reads a stored body; an unknown type gives an <see cref="UnknownBody"/>. Throws <see cref="JsonException"/> when a known
    /// type's body does not have its form.</summary>
    public static LedgerBody Read(string type, JsonElement body) => Types.TryGetValue(type, out var clr)
        ? (LedgerBody?)body.Deserialize(clr, SlipwayJson.Options) ?? throw new JsonException($"A ledger body of type {type} is null.")
        : new UnknownBody(type, body);
}
