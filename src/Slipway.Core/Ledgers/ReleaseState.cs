using System.Collections.Immutable;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Ledgers;

/// <summary>
/// What a ledger says so far: the immutable fold of its entries. Applying an entry costs about the same whatever came before, and the
/// state stays bounded however long the release runs: observations are kept as totals, the audit trail is capped.
/// </summary>
public sealed partial record ReleaseState
{
    /// <summary>The audit trail keeps its first entry and this many of the newest; the ledger has all.</summary>
    public const int AuditLimit = 2000;

    /// <summary>What the transition table needs to know.</summary>
    public MachineState Machine => new(
        Phase, Phase == ReleasePhase.Paused ? PreviousPhase : null, Captured is not null && Phase != ReleasePhase.Capturing, Captured is not null && Phase != ReleasePhase.Capturing);

    /// <summary>Flags as somebody else left them, until Slipway writes them again.</summary>
    public ImmutableSortedDictionary<FlagKey, FlagState> FoundFlags { get; init; } = ImmutableSortedDictionary<FlagKey, FlagState>.Empty;

    /// <summary>Nothing recorded yet. Everything that needs a request is null or empty.</summary>
    public static ReleaseState Empty { get; } = new();

    /// <summary>The newest entry's sequence; 0 before the first.</summary>
    public long Sequence { get; init; }

    /// <summary>The newest entry's hash; 64 zeros before the first.</summary>
    public string HeadHash
    {
        get => Head.Hash;
        init => Head = new LedgerHead(value);
    }

    private LedgerHead Head { get; init; }

    /// <summary>The newest entry's time.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The first entry's body; null before it.</summary>
    public ReleaseCreated? Created { get; init; }

    /// <summary>When the release was recorded.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The request; throws <see cref="InvalidOperationException"/> on an empty ledger.</summary>
    public ReleaseRequest Request => (Created ?? throw NothingYet()).Request;

    /// <summary>The plan; throws <see cref="InvalidOperationException"/> on an empty ledger.</summary>
    public ReleasePlan Plan => (Created ?? throw NothingYet()).Plan;

    /// <summary>Where the release stands.</summary>
    public ReleasePhase Phase { get; init; } = ReleasePhase.Received;

    /// <summary>Since when.</summary>
    public DateTimeOffset PhaseSince { get; init; }

    /// <summary>What moved it there; null in <see cref="ReleasePhase.Received"/>.</summary>
    public ReleaseTrigger? PhaseTrigger { get; init; }

    /// <summary>Why it stands there, in one sentence; empty in <see cref="ReleasePhase.Received"/>.</summary>
    public string PhaseReason { get; init; } = "";

    /// <summary>The phase before; the one to come back to after a hold.</summary>
    public ReleasePhase? PreviousPhase { get; init; }

    /// <summary>The stage under way; -1 before the first.</summary>
    public int Stage { get; init; } = -1;

    /// <summary>The environment under way, 0 first: that of the stage.</summary>
    public int Environment => Created is null ? 0 : Plan.EnvironmentOf(Stage).Index;

    /// <summary>What happens next by itself; empty when nothing is due.</summary>
    public string NextEvent { get; init; } = "";

    /// <summary>When that is; null when nothing is due.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When the workflow began; null before.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>When every critical gate had passed; null before, and for a release that was stopped before.</summary>
    public DateTimeOffset? GatesPassedAt { get; init; }

    /// <summary>The stages of the plan, in order.</summary>
    public ImmutableArray<StageState> Stages { get; init; } = [];

    /// <summary>The flags as last read, by name and label: captured, then read back after each write.</summary>
    public ImmutableSortedDictionary<FlagKey, FlagState> Flags { get; init; } = ImmutableSortedDictionary<FlagKey, FlagState>.Empty;

    /// <summary>The flags that this release wrote, or was about to write.</summary>
    public ImmutableSortedSet<FlagKey> TouchedFlags { get; init; } = [];

    /// <summary>The flags that somebody else changed (a write that met a conflict).</summary>
    public ImmutableSortedSet<FlagKey> DriftedFlags { get; init; } = [];

    /// <summary>
    /// The exposure of the environment under way as last read back after this release's own writes: the largest over its flags and what the deploy
    /// hook confirmed; from a
    /// rollback on the largest over the flags of all environments. 0 before the first write.
    /// </summary>
    public Percentage Exposure { get; init; }

    /// <summary>The largest exposure there ever was, in any environment.</summary>
    public Percentage PeakExposure { get; init; }

    /// <summary>The environments, 0 first, in which users were exposed.</summary>
    public ImmutableSortedSet<int> ExposedEnvironments { get; init; } = [];

    /// <summary>The steps of the deploy hook that were begun, forward and back, in order.</summary>
    public ImmutableList<HookStepFact> HookSteps { get; init; } = [];

    /// <summary>Where users are by the deploy hook's confirmed steps.</summary>
    public HookTraffic Traffic { get; init; } = HookTraffic.None;

    /// <summary>The state to come back to; null before it was captured.</summary>
    public StateCaptured? Captured { get; init; }

    /// <summary>Effects that were begun and have no result yet, by effect id.</summary>
    public ImmutableSortedDictionary<string, EffectIntended> OpenEffects { get; init; } = ImmutableSortedDictionary<string, EffectIntended>.Empty;

    /// <summary>What the ids of an operator's taking a lock away begin with.</summary>
    public const string UnlockPrefix = "unlock:";

    /// <summary>Locks that an operator was about to take away, of which no end is recorded.</summary>
    public IEnumerable<EffectIntended> OpenUnlocks => OpenEffects.Values.Where(static effect => effect.EffectId.StartsWith(UnlockPrefix, StringComparison.Ordinal));

    /// <summary>Whether any effect on a flag, key or hook was begun: from then on an abort is a rollback.</summary>
    public bool Wrote { get; init; }

    /// <summary>The gates by name.</summary>
    public ImmutableSortedDictionary<string, GateFact> Gates { get; init; } =
        ImmutableSortedDictionary.Create<string, GateFact>(StringComparer.Ordinal);

    /// <summary>What telemetry said of the users of each environment, 0 first, before anybody was exposed.</summary>
    public ImmutableSortedDictionary<int, Calibration> Calibrations { get; init; } = ImmutableSortedDictionary<int, Calibration>.Empty;

    /// <summary>The newest directive to the watch; null before the first.</summary>
    public WatchDirected? Watch { get; init; }

    /// <summary>What the evidence of the environment under way said last; null before its first judged interval.</summary>
    public Assessment? Assessment { get; init; }

    /// <summary>End of the newest judged interval; null before the first.</summary>
    public DateTimeOffset? JudgedUntil { get; init; }

    /// <summary>When the newest judgement was recorded; null before the first.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    /// <summary>The same of whichever environment was judged last; null before the first.</summary>
    public DateTimeOffset? JudgedAnywhereAt { get; init; }

    /// <summary>The environments that a watch was told to look at: those whose first shift has begun.</summary>
    public ImmutableSortedSet<int> Watched { get; init; } = [];

    /// <summary>How far the telemetry of the environment under way had come in at the newest judgement; null: its source does not say.</summary>
    public IngestionWatermark? Telemetry { get; init; }

    /// <summary>The start of the newest interval that was counted of each environment and region.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Counted { get; init; } =
        ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The newest interval with telemetry, over all regions; null before the first.</summary>
    public IntervalPool? LastInterval { get; init; }

    /// <summary>The error rates in percent (both arms together) of the newest intervals, oldest first, at most <see cref="TrendLength"/>,
    /// without <see cref="LastInterval"/>.</summary>
    public ImmutableArray<double> EarlierErrorRates { get; init; } = [];

    /// <summary>How many earlier intervals the trend looks at.</summary>
    public const int TrendLength = 4;

    /// <summary>The worst judged interval of any region and environment; null before the first with requests.</summary>
    public LowAvailability? Lowest { get; init; }

    /// <summary>Kinds of errors seen with the new version, at most 200.</summary>
    public ImmutableSortedSet<string> CanaryErrorTypes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Kinds of errors seen with the old version, at most 200.</summary>
    public ImmutableSortedSet<string> ControlErrorTypes { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Kinds of errors that only the new version shows.</summary>
    public IEnumerable<string> NewErrorTypes => CanaryErrorTypes.Except(ControlErrorTypes);

    /// <summary>Failed calls of the new version by dependency, at most 100 names.</summary>
    public ImmutableSortedDictionary<string, long> DependencyFailures { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Whether a write to a flag was begun after the state to come back to was captured: from then on users may be exposed.</summary>
    public bool ExposureBegun { get; init; }

    /// <summary>Who brings the release back instead of its orchestration; null as long as nobody does.</summary>
    public ReleaseTakenOver? TakenOver { get; init; }

    /// <summary>Who looks after the release since it is over; null as long as nobody does.</summary>
    public AftercareState? Aftercare { get; init; }

    /// <summary>The next attempt at this release; null as long as nobody tried it again.</summary>
    public ReleaseId? RetriedBy { get; init; }

    /// <summary>The rollback; null as long as none was decided.</summary>
    public RollbackFact? Rollback { get; init; }

    /// <summary>When the release reached its terminal phase; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What is left to do by hand.</summary>
    public IReadOnlyList<string> LeftToDo { get; init; } = [];

    /// <summary>The audit trail: the first entry and the newest <see cref="AuditLimit"/>.</summary>
    public ImmutableList<AuditFact> Audit { get; init; } = [];

    /// <summary>Whether the release is over.</summary>
    public bool IsTerminal => Phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;

    /// <summary>
    /// The state after one more entry. An entry that was applied before changes nothing. Throws <see cref="ArgumentException"/> when an
    /// entry in between is missing: a fold over a ledger with a gap would be wrong in silence.
    /// </summary>
    public ReleaseState Apply(LedgerEntry entry) => entry.Sequence <= Sequence ? this : Apply(entry, entry.Read());

    /// <summary>As <see cref="Apply(LedgerEntry)"/>, for who needs the body too: reading it is most of the cost.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="body">Its body as <see cref="LedgerEntry.Read"/> gives it.</param>
    public ReleaseState Apply(LedgerEntry entry, LedgerBody body)
    {
        if (entry.Sequence <= Sequence) return this;
        if (entry.Sequence != Sequence + 1)
            throw new ArgumentException($"Entry {entry.Sequence} cannot follow entry {Sequence}: expected {Sequence + 1}.", nameof(entry));
        var next = ReleaseFold.Apply(this, entry, body) with { Sequence = entry.Sequence, Head = new LedgerHead(entry.Seal), UpdatedAt = entry.At };
        var audit = AuditTrail.LinesFor(this, entry, body).Aggregate(next.Audit, AuditTrail.Add);
        return ReferenceEquals(audit, next.Audit) ? next : next with { Audit = audit };
    }

    /// <summary>The state after all entries, first entry first.</summary>
    public static ReleaseState Fold(IEnumerable<LedgerEntry> entries) => entries.Aggregate(Empty, (state, entry) => state.Apply(entry));

    private static InvalidOperationException NothingYet() => new("The ledger has no first entry yet.");
}
