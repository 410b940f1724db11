using Slipway.Core.Analysis;

namespace Slipway.Core.Ledgers;

/// <summary>The decision to go back.</summary>
/// <param name="Automated">Whether the watch decided (else a person).</param>
/// <param name="Actor">Who decided.</param>
/// <param name="Reason">The sentence of the breach, or the person's reason.</param>
/// <param name="Finding">What was found; null when a person decided.</param>
/// <param name="BreachSeenAt">When the first poll saw the breach; null when a person decided.</param>
/// <param name="Environment">The environment, 0 first, whose watch found it; null: the one under way.</param>
public sealed record RollbackBegun(bool Automated, string Actor, string Reason, Finding? Finding, DateTimeOffset? BreachSeenAt, int? Environment = null) : LedgerBody;

/// <summary>
/// From here on something other than the release's own orchestration brings the release back: the rescue, or a person without an engine.
/// An orchestration that reads this ends itself and does nothing more; what it has under way loses on ETags.
/// </summary>
/// <param name="By">Who or what took over.</param>
/// <param name="Why">What was dead, in one sentence.</param>
public sealed record ReleaseTakenOver(string By, string Why) : LedgerBody;

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
