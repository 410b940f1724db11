using System.Text.Json.Serialization;
using Slipway.Core.Analysis;
using Slipway.Core.Gates;
using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Workflow.Watch;

namespace Slipway.Workflow.Activities;

/// <summary>What a watch child starts from, and what it carries over when it continues as new.</summary>
public sealed record WatchInput
{
    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>The child's number, 1 first.</summary>
    public required int Number { get; init; }

    /// <summary>The plan as the watched environment sees it.</summary>
    public required ReleasePlan Plan { get; init; }

    /// <summary>The environment that is watched, 0 first.</summary>
    public int Environment { get; init; }

    /// <summary>What to do, until the ledger has something newer.</summary>
    public required WatchDirected Directive { get; init; }

    /// <summary>Up to where the ledger was read.</summary>
    public required long Cursor { get; init; }

    /// <summary>End of the newest interval that was judged: a multiple of the plan's interval.</summary>
    public required DateTimeOffset JudgedUntil { get; init; }

    /// <summary>The judge's memory; null at the first.</summary>
    public JudgeState? Judge { get; init; }

    /// <summary>Findings that were already reported, newest last: by rule, region and stage, and by the crossing where a new one counts anew.</summary>
    public IReadOnlyList<string> Alerted { get; init; } = [];

    /// <summary>Whether lost sight was already reported.</summary>
    public bool BlindReported { get; init; }

    /// <summary>Whether it was already reported that sight stayed lost for longer than allowed.</summary>
    public bool BlindGivenUp { get; init; }

    /// <summary>Whether an extended bake was already reported for the current stage.</summary>
    public bool ExtensionReported { get; init; }

    /// <summary>What the HTTP gates of the bake answered.</summary>
    public GateRuns Gates { get; init; } = GateRuns.None;

    /// <summary>Entries that the ledger has not taken yet, oldest first.</summary>
    public IReadOnlyList<LedgerDraft> Unrecorded { get; init; } = [];

    /// <summary>How far telemetry is known to have come in; null: its source does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IngestionWatermark? Telemetry { get; init; }

    /// <summary>Polls of all runs of this child, for its entry ids.</summary>
    public int Polls { get; init; }

    /// <summary>How long after an interval can be judged it is asked for; see <see cref="PollPhase"/>. The release says it, so that a child that began
    /// before there was any goes on as it began.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TimeSpan Phase { get; init; }
}

/// <summary>Why a watch child ended.</summary>
public enum WatchEnding
{
    /// <summary>It was told to.</summary>
    Stopped,

    /// <summary>A regression or crossed limit whose action is rollback.</summary>
    Breached,

    /// <summary>Sight was lost for longer than allowed.</summary>
    BlindTooLong,

    /// <summary>Sight was lost; it is being held.</summary>
    WentBlind,

    /// <summary>Sight is back.</summary>
    SightRegained,

    /// <summary>A trigger whose action is pause.</summary>
    PauseTriggered,

    /// <summary>Something that people have to evaluate.</summary>
    EvaluationDue,

    /// <summary>A trigger whose action is alert.</summary>
    Alerted,

    /// <summary>The bake is over and undecided; it goes on up to its maximum.</summary>
    BakeExtended,

    /// <summary>An HTTP gate of the bake answers otherwise than before.</summary>
    GatesChanged,

    /// <summary>Somebody else changed a flag.</summary>
    Drifted,

    /// <summary>The bake is over and its verdict is pass.</summary>
    BakePassed,

    /// <summary>The bake is at its maximum and still undecided.</summary>
    BakeUndecided,

    /// <summary>The bake is at its maximum and undecided, and the request's policy goes on with a warning.</summary>
    BakeWaived,

    /// <summary>The child failed with an error; the parent says so in its stead.</summary>
    Failed,
}

/// <summary>What a watch child found, with its memory for the next one.</summary>
/// <param name="Ending">Why it ended.</param>
/// <param name="Stage">The stage it judged; -1 before the first.</param>
/// <param name="Sentence">Why, with the numbers.</param>
/// <param name="Assessment">The last assessment; null when nothing was judged.</param>
/// <param name="SeenAt">When the deciding poll ran.</param>
/// <param name="Carry">The input for the next child, except number and directive.</param>
/// <param name="Found">The flags that somebody else changed, as they are now; null: none.</param>
/// <param name="Checks">At the end of a bake, what its evidence was looked at for (see <see cref="Judgement"/>); otherwise null.</param>
public sealed record WatchOutput(
    WatchEnding Ending, int Stage, string Sentence, Assessment? Assessment, DateTimeOffset SeenAt, WatchInput Carry, IReadOnlyList<FlagState>? Found = null,
    IReadOnlyList<string>? Checks = null);

/// <summary>Input of <see cref="ReleaseActivities.Poll"/>.</summary>
/// <param name="Release">The release.</param>
/// <param name="Cursor">The ledger is read after this entry.</param>
/// <param name="Watch">How observations are read.</param>
/// <param name="From">Start of the first interval wanted.</param>
/// <param name="To">End of the last interval wanted; not after <paramref name="From"/>: none is due.</param>
/// <param name="Flags">The flags as Slipway left them.</param>
/// <param name="Environment">The environment that is watched, 0 first.</param>
/// <param name="Back">What to ask for once more because sight is being lost; null: nothing.</param>
public sealed record PollInput(
    ReleaseId Release, long Cursor, WatchPlan Watch, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<FlagState> Flags, int Environment = 0,
    LookBack? Back = null);

/// <summary>What one look saw.</summary>
/// <param name="Cursor">Up to where the ledger was read.</param>
/// <param name="Directive">The newest directive after the cursor; null when there is none.</param>
/// <param name="Observations">Newly closed intervals.</param>
/// <param name="Problem">Why telemetry did not answer; empty when it did.</param>
/// <param name="Drift">A line for each flag that is not as Slipway left it.</param>
/// <param name="LateUntil">End of the newest interval asked for once more that has become usable; null: none has.</param>
/// <param name="Found">Each flag of <paramref name="Drift"/> as it is in its store; one that is gone is off. Null: there is no drift.</param>
public sealed record PollOutput(
    long Cursor, WatchDirected? Directive, IReadOnlyList<Observation> Observations, string Problem, IReadOnlyList<string> Drift, DateTimeOffset? LateUntil = null,
    IReadOnlyList<FlagState>? Found = null)
{
    /// <summary>How far telemetry has come in; null: its source does not say, or did not answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IngestionWatermark? Telemetry { get; init; }
}
