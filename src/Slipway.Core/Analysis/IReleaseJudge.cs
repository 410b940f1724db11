using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Core.Analysis;

/// <summary>
/// Decides from recorded evidence whether a stage is healthy. Pure: the same inputs give the same judgement, and the state is a plain
/// value that is serialised into the workflow's history and carried over stages.
/// </summary>
public interface IReleaseJudge
{
    /// <summary>
    /// Takes in the intervals closed since the last call (ascending, each at most once) and judges.
    /// </summary>
    /// <param name="plan">The plan with its triggers and watch settings.</param>
    /// <param name="before">The state of the previous call; null at the first.</param>
    /// <param name="stage">Which stage is judged, and since when its evidence counts.</param>
    /// <param name="closed">Newly closed observations of all regions.</param>
    /// <param name="judgedUntil">End of the newest interval that was asked for, whether or not telemetry had rows for it.</param>
    /// <param name="lateUntil">End of the newest interval whose rows came only after it had been judged without them (<see cref="LookBack"/>); null: none did.</param>
    Judgement Judge(
        ReleasePlan plan, JudgeState? before, StageUnderJudgement stage, IReadOnlyList<Observation> closed, DateTimeOffset judgedUntil, DateTimeOffset? lateUntil = null);
}

/// <summary>The stage that evidence is judged for.</summary>
/// <param name="Index">Position in the plan; -1 before the first stage.</param>
/// <param name="Percentage">The exposure that was set.</param>
/// <param name="EvidenceFrom">Intervals that start before this moment count against the release but not for its promotion.</param>
/// <param name="Segments">Whether groups of unknown size see the flag beside the default rollout.</param>
/// <param name="Overrides">How many users see it beside the default rollout by their name.</param>
/// <param name="Unsettled">Whether the flags are being written, or were changed by somebody else: then what telemetry shows of the exposure
/// is not compared with the percentage.</param>
public sealed record StageUnderJudgement(
    int Index, Percentage Percentage, DateTimeOffset EvidenceFrom, bool Segments = false, int Overrides = 0, bool Unsettled = false);

/// <summary>A judgement and the state to hand to the next one.</summary>
/// <param name="State">For the next judgement.</param>
/// <param name="Assessment">What the evidence says.</param>
/// <param name="Checks">What was looked at for it, by <see cref="Planning.Checks.CheckNames"/>; null: the judge does not tell.</param>
public sealed record Judgement(JudgeState State, Assessment Assessment, IReadOnlyList<string>? Checks = null);
