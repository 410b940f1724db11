using Slipway.Core.Analysis;
using Slipway.Core.Planning.Calendars;
using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>Stages wait shorter than the default profile asks for, which only low risk allows.</summary>
/// <param name="Stages">Which, and by how much.</param>
public sealed record RolloutAccelerated(IReadOnlyList<AcceleratedStage> Stages) : LedgerBody;

/// <summary>One shortened wait.</summary>
/// <param name="Percentage">The stage's share.</param>
/// <param name="Bake">The wait that counts.</param>
/// <param name="Instead">The default profile's.</param>
public sealed record AcceleratedStage(Percentage Percentage, TimeSpan Bake, TimeSpan Instead);

/// <summary>Exposure is about to grow at a moment that the calendar keeps free, because an approval of the start lets the release pass.</summary>
/// <param name="Stage">Position in the plan; -1: the start.</param>
/// <param name="Standing">Avoided or blocked.</param>
/// <param name="Rule">The rule that is passed, with the zone.</param>
/// <param name="Critical">Whether the release is critical; always true when the moment is blocked.</param>
/// <param name="Group">The group that approved.</param>
/// <param name="Approval">Who of it approved, in words.</param>
public sealed record CalendarPassed(int Stage, CalendarStanding Standing, string Rule, bool Critical, string Group, string Approval) : LedgerBody;

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
/// <param name="Checks">What the evidence was looked at for, by <see cref="Planning.Checks.CheckNames"/>; null where a person decided, or an
/// older version wrote it.</param>
public sealed record StageEnded(int Stage, Verdict Verdict, string Sentence, bool Promoted, IReadOnlyList<string>? Checks = null) : LedgerBody;
