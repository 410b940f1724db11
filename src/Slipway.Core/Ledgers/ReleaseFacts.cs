using Slipway.Core.Analysis;
using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>Where a stage stands, by the ledger.</summary>
public enum StageStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Its exposure is set.</summary>
    Active,

    /// <summary>It was promoted.</summary>
    Completed,
}

/// <summary>One stage of the plan with what happened in it.</summary>
/// <param name="Index">Position in the plan.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartedAt">When its exposure was read back; null before.</param>
/// <param name="EndedAt">When its end was decided; null before.</param>
/// <param name="EvidenceFrom">From when its evidence counts for promotion; null before its start.</param>
/// <param name="Verdict">What its evidence said at its end; null before.</param>
/// <param name="Sentence">That verdict in one sentence; empty before.</param>
/// <param name="Evidence">What was judged in it.</param>
public sealed record StageState(
    int Index,
    StageStatus Status,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? EvidenceFrom,
    Verdict? Verdict,
    string Sentence,
    StageEvidence Evidence);

/// <summary>The results of one gate: the newest one, and counts over all.</summary>
/// <param name="Last">The newest result.</param>
/// <param name="At">When it was found.</param>
/// <param name="Phase">The phase in which it was found.</param>
/// <param name="Checks">How often the gate was checked.</param>
/// <param name="Passes">How often it passed.</param>
public sealed record GateFact(GateChecked Last, DateTimeOffset At, ReleasePhase Phase, int Checks, int Passes);

/// <summary>A command and its acknowledgement.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="Sequence">The ledger sequence of the request.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Applied">True: carried out; false: refused; null: not yet answered.</param>
/// <param name="Answer">What changed, or why nothing did; empty before the answer.</param>
/// <param name="AnsweredAt">When it was answered; null before.</param>
public sealed record CommandFact(
    ReleaseCommand Command, long Sequence, DateTimeOffset ReceivedAt, bool? Applied, string Answer, DateTimeOffset? AnsweredAt);

/// <summary>An alert that fired.</summary>
/// <param name="Name">The trigger or cause.</param>
/// <param name="Severity">How loud.</param>
/// <param name="Sentence">What was found the last time.</param>
/// <param name="ActionTaken">What was done about it.</param>
/// <param name="FirstAt">When it fired first.</param>
/// <param name="At">When it fired last.</param>
/// <param name="Count">How often it fired.</param>
public sealed record AlertFact(
    string Name, AlertSeverity Severity, string Sentence, string ActionTaken, DateTimeOffset FirstAt, DateTimeOffset At, int Count);

/// <summary>A message to one recipient, as last attempted.</summary>
/// <param name="Last">The newest attempt.</param>
/// <param name="At">When.</param>
/// <param name="Attempts">How many attempts there were.</param>
public sealed record MessageFact(MessageSent Last, DateTimeOffset At, int Attempts);

/// <summary>One compensation level that ended.</summary>
/// <param name="Result">Its result.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record LevelFact(LevelEnded Result, DateTimeOffset EndedAt);

/// <summary>The rollback of a release, from its decision on.</summary>
public sealed record RollbackFact
{
    /// <summary>When it was decided.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Whether the watch decided; else a person.</summary>
    public required bool Automated { get; init; }

    /// <summary>Who decided.</summary>
    public required string Actor { get; init; }

    /// <summary>Why; never blank.</summary>
    public required string Reason { get; init; }

    /// <summary>What was found; null when a person decided.</summary>
    public Finding? Finding { get; init; }

    /// <summary>When the first poll saw the breach; null when a person decided.</summary>
    public DateTimeOffset? BreachSeenAt { get; init; }

    /// <summary>The environment, 0 first, whose watch found it; null: the one that was under way.</summary>
    public int? Environment { get; init; }

    /// <summary>The levels that ended, in order.</summary>
    public IReadOnlyList<LevelFact> Levels { get; init; } = [];

    /// <summary>When the targets of the level that recovered the release were read back as undone, which smoke checks and metrics then
    /// confirmed; null when no level did.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>When the release ended; null while the rollback runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>One line of the contract's audit trail.</summary>
/// <param name="Sequence">The ledger entry that it stands for.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, in a few words.</param>
/// <param name="Details">With what result; at most 500 characters.</param>
public sealed record AuditFact(long Sequence, DateTimeOffset At, string Actor, string Action, string Details);

/// <summary>Names of alerts that the fold understands.</summary>
public static class AlertNames
{
    /// <summary>Somebody else changed a flag.</summary>
    public const string FlagDrift = "flag drift";

    /// <summary>A stage was promoted although its evidence did not suffice.</summary>
    public const string Evidence = "evidence";

    /// <summary>The watch itself fails; it is started again.</summary>
    public const string WatchFails = "watch";

    /// <summary>The release was started under a workflow version that the server does not run.</summary>
    public const string WorkflowVersion = "workflow version";

    /// <summary>There is no usable telemetry.</summary>
    public const string TelemetryLost = "telemetry lost";
}
