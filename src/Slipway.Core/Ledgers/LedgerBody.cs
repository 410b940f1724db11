using System.Text.Json;
using Slipway.Core.Analysis;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;

namespace Slipway.Core.Ledgers;

/// <summary>What a ledger entry says. Each kind has a versioned name in <see cref="LedgerBodies"/>, never its CLR name.</summary>
public abstract record LedgerBody;

/// <summary>An entry of a type that this version does not know: kept, shown, and ignored by the fold.</summary>
/// <param name="Type">The stored type name.</param>
/// <param name="Json">The stored body.</param>
public sealed record UnknownBody(string Type, JsonElement Json) : LedgerBody;

/// <summary>The first entry: the request, its plan, and the workflow version that will run it.</summary>
public sealed record ReleaseCreated : LedgerBody
{
    /// <summary>The request as read.</summary>
    public required ReleaseRequest Request { get; init; }

    /// <summary>The plan made from it.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>Lower-case hex SHA-256 of the request's canonical JSON: arbitrates "same id, same content".</summary>
    public required string ContentHash { get; init; }

    /// <summary>The authenticated starter.</summary>
    public required string StartedBy { get; init; }

    /// <summary>The workflow version, for example <c>release.v1</c>.</summary>
    public required string Workflow { get; init; }

    /// <summary>Absolute base of links in report and mail, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Warnings of the intake, shown as checks.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>The release moved to another phase, by the transition table.</summary>
/// <param name="Phase">The new phase.</param>
/// <param name="Trigger">What moved it.</param>
/// <param name="Stage">The stage it concerns; -1 before the first.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="NextAt">When the next thing happens by itself; null when nothing is due.</param>
/// <param name="NextEvent">What happens then; empty when nothing is due.</param>
public sealed record PhaseEntered(ReleasePhase Phase, ReleaseTrigger Trigger, int Stage, string Reason, DateTimeOffset? NextAt, string NextEvent) : LedgerBody;

/// <summary>How one gate ended.</summary>
public enum GateStatus
{
    /// <summary>Good.</summary>
    Pass,

    /// <summary>Bad.</summary>
    Fail,

    /// <summary>Not good, not blocking, or not applicable.</summary>
    Warning,
}

/// <summary>A gate was checked (before the start, at a stage, or at 100 %).</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Critical">Whether a failure blocks.</param>
/// <param name="Details">What was found, against what was expected.</param>
/// <param name="Kind">What kind of gate, for the report.</param>
/// <param name="LatencyMs">How long a probe took; null for gates without one.</param>
public sealed record GateChecked(string Gate, GateStatus Status, bool Critical, string Details, GateKind Kind, double? LatencyMs) : LedgerBody;

/// <summary>What kind of gate.</summary>
public enum GateKind
{
    /// <summary>One of the seven quality gates, or another check of the request itself.</summary>
    Quality,

    /// <summary>A smoke check; its gate name is <c>smoke: NAME</c>.</summary>
    Smoke,

    /// <summary>A service; its gate name is <c>service: NAME</c>.</summary>
    Service,

    /// <summary>A database; its gate name is <c>database: NAME</c>.</summary>
    Database,

    /// <summary>An external API; its gate name is <c>external API: NAME</c>.</summary>
    ExternalApi,

    /// <summary>An HTTP gate of the request.</summary>
    Http,
}

/// <summary>The state to come back to.</summary>
/// <param name="Flags">Every flag of the plan as it was.</param>
/// <param name="Keys">Every configuration key of level 2 as it was.</param>
public sealed record StateCaptured(IReadOnlyList<FlagState> Flags, IReadOnlyList<ConfigurationValue> Keys) : LedgerBody;

/// <summary>A configuration key's value; <see cref="Value"/> and <see cref="ETag"/> null: the key did not exist.</summary>
public sealed record ConfigurationValue(string Key, string? Value, string? ETag);

/// <summary>An external effect is about to happen. Written before the act.</summary>
/// <param name="EffectId">Unique in the release; the idempotency key that the other side gets.</param>
/// <param name="Kind">What is touched.</param>
/// <param name="Target">Which one.</param>
/// <param name="Summary">What will be done, in words.</param>
public sealed record EffectIntended(string EffectId, EffectKind Kind, string Target, string Summary) : LedgerBody;

/// <summary>An external effect happened, or did not. Written after the act.</summary>
/// <param name="EffectId">The id of its <see cref="EffectIntended"/>.</param>
/// <param name="Kind">What was touched.</param>
/// <param name="Target">Which one.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Details">What was found.</param>
/// <param name="Flag">The flag as read back, for flag effects that were verified; otherwise null.</param>
public sealed record EffectFinished(string EffectId, EffectKind Kind, string Target, EffectOutcome Outcome, string Details, FlagState? Flag) : LedgerBody;

/// <summary>What an effect touches.</summary>
public enum EffectKind
{
    /// <summary>A feature flag.</summary>
    Flag,

    /// <summary>A configuration key.</summary>
    Configuration,

    /// <summary>The deploy hook.</summary>
    Hook,

    /// <summary>A mail.</summary>
    Mail,

    /// <summary>A webhook.</summary>
    Webhook,

    /// <summary>A lock.</summary>
    Lock,
}

/// <summary>How an effect ended.</summary>
public enum EffectOutcome
{
    /// <summary>Done and, where it can be, read back.</summary>
    Done,

    /// <summary>Already as wanted; nothing was written.</summary>
    AlreadyDone,

    /// <summary>Somebody else changed the target meanwhile; nothing was written.</summary>
    Conflict,

    /// <summary>It failed; the target may be unchanged.</summary>
    Failed,

    /// <summary>No answer in time; a late write is still possible and loses on its ETag.</summary>
    TimedOut,
}

/// <summary>A stage's exposure is set and read back.</summary>
/// <param name="Stage">Position in the plan.</param>
/// <param name="Percentage">The exposure.</param>
/// <param name="EvidenceFrom">From when its evidence counts for promotion (after propagation).</param>
public sealed record StageStarted(int Stage, Percentage Percentage, DateTimeOffset EvidenceFrom) : LedgerBody;

/// <summary>A stage is over.</summary>
/// <param name="Stage">Position in the plan.</param>
/// <param name="Verdict">What its evidence said at the end.</param>
/// <param name="Sentence">The verdict in one sentence.</param>
/// <param name="Promoted">Whether the release goes on from here.</param>
public sealed record StageEnded(int Stage, Verdict Verdict, string Sentence, bool Promoted) : LedgerBody;

/// <summary>What the watch shall do from now on; the newest directive counts.</summary>
/// <param name="Watch">Number of the watch child that it is for.</param>
/// <param name="Mode">What it shall do.</param>
/// <param name="Stage">The stage under judgement; null before the first shift was verified.</param>
/// <param name="BakeEndsAt">When the bake ends (in bake mode).</param>
/// <param name="BakeMaxAt">When an extended bake ends at the latest (in bake mode).</param>
/// <param name="Flags">The flags as Slipway left them: anything else is drift.</param>
public sealed record WatchDirected(
    int Watch, WatchMode Mode, StageUnderJudgement? Stage, DateTimeOffset? BakeEndsAt, DateTimeOffset? BakeMaxAt, IReadOnlyList<FlagState> Flags) : LedgerBody;

/// <summary>What a watch child does.</summary>
public enum WatchMode
{
    /// <summary>Judge, and end with the bake's verdict.</summary>
    Bake,

    /// <summary>Judge, and end only on a breach: pause, closed window, validation, propagation.</summary>
    Hold,

    /// <summary>End at the next poll.</summary>
    Stop,
}

/// <summary>Closed intervals were judged: their counts and what they say.</summary>
/// <param name="Stage">The stage under judgement; -1 before the first.</param>
/// <param name="JudgedUntil">End of the newest interval.</param>
/// <param name="Observations">The counts, per interval and region.</param>
/// <param name="Assessment">What they say.</param>
public sealed record IntervalJudged(int Stage, DateTimeOffset JudgedUntil, IReadOnlyList<Observation> Observations, Assessment Assessment) : LedgerBody;

/// <summary>An alert fired that changes nothing by itself.</summary>
/// <param name="Name">The trigger or cause.</param>
/// <param name="Severity">critical, warning or info.</param>
/// <param name="Sentence">What was found.</param>
/// <param name="ActionTaken">What Slipway did about it.</param>
public sealed record AlertRaised(string Name, AlertSeverity Severity, string Sentence, string ActionTaken) : LedgerBody;

/// <summary>How loud an alert is.</summary>
public enum AlertSeverity
{
    /// <summary>Somebody must act.</summary>
    Critical,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>For the record.</summary>
    Info,
}

/// <summary>A person asked for something. The append is the acknowledgement of receipt.</summary>
public sealed record CommandReceived(ReleaseCommand Command) : LedgerBody;

/// <summary>A command was carried out.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="Effect">What changed, in one sentence.</param>
public sealed record CommandApplied(string CommandId, string Effect) : LedgerBody;

/// <summary>A command was not carried out.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="Why">Why not, and what would work.</param>
public sealed record CommandRefused(string CommandId, string Why) : LedgerBody;

/// <summary>The decision to go back.</summary>
/// <param name="Automated">Whether the watch decided (else a person).</param>
/// <param name="Actor">Who decided.</param>
/// <param name="Reason">The sentence of the breach, or the person's reason.</param>
/// <param name="Finding">What was found; null when a person decided.</param>
/// <param name="BreachSeenAt">When the first poll saw the breach; null when a person decided.</param>
public sealed record RollbackBegun(bool Automated, string Actor, string Reason, Finding? Finding, DateTimeOffset? BreachSeenAt) : LedgerBody;

/// <summary>One compensation level ended.</summary>
/// <param name="Level">1, 2 or 3.</param>
/// <param name="Recovered">Whether the release is back where it was.</param>
/// <param name="Details">What was done and what the verification saw.</param>
/// <param name="NotUndone">What could not be undone.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="UndoneAt">When the last of its targets was read back as undone, before smoke checks and metrics were looked at; null when
/// that did not happen.</param>
public sealed record LevelEnded(
    int Level, bool Recovered, string Details, IReadOnlyList<string> NotUndone, DateTimeOffset StartedAt, DateTimeOffset? UndoneAt) : LedgerBody;

/// <summary>The release reached a terminal phase.</summary>
/// <param name="Phase">Completed, RolledBack or Failed.</param>
/// <param name="Reason">Why, in one sentence.</param>
/// <param name="LeftToDo">What is left to do by hand.</param>
public sealed record ReleaseEnded(ReleasePhase Phase, string Reason, IReadOnlyList<string> LeftToDo) : LedgerBody;

/// <summary>A message to one recipient was accepted by the sender, or was not.</summary>
/// <param name="MessageId">Stable id of checkpoint and recipient; also the operation id.</param>
/// <param name="Checkpoint">What it tells.</param>
/// <param name="Recipient">Address or webhook name.</param>
/// <param name="Kind">Mail or webhook.</param>
/// <param name="Accepted">Whether the sender accepted it.</param>
/// <param name="Details">Where it went, or why it failed.</param>
/// <param name="PossibleDuplicate">Whether an earlier attempt may have gone out too.</param>
public sealed record MessageSent(
    string MessageId, Checkpoint Checkpoint, string Recipient, EffectKind Kind, bool Accepted, string Details, bool PossibleDuplicate) : LedgerBody;
