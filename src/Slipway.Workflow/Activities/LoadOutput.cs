using System.Text.Json.Serialization;
using Slipway.Core.Approvals;
using Slipway.Core.Gates;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Activities;

/// <summary>The first entry's content; <see cref="Approvals"/> null: nothing has to be approved.</summary>
public sealed record LoadOutput(
    ReleaseRequest Request, ReleasePlan Plan, string BaseUrl, string StartedBy, string ContentHash = "", IReadOnlyList<ApprovalGate>? Approvals = null,
    RehearsalProof? Rehearsal = null)
{
    /// <summary>The <see cref="WorkflowVersions.Revision"/> under which the orchestration began, and by which it goes on to its end; 0: it began
    /// before revisions were kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Revision { get; init; }

    /// <summary>How the release had ended when it was loaded: an orchestration that begins then has nothing to do. Null: it was not over. No history from
    /// before this was kept says it, so that each replays as it was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ReleasePhase? Over { get; init; }

    /// <summary>From revision 1 on: the last word on a release goes out, after a while, although the ledger is away.</summary>
    [JsonIgnore]
    public bool TellsWithoutLedger => Revision >= 1;

    /// <summary>From revision 2 on: rescue and aftercare ask what became of an accepted mail, as the release always did.</summary>
    [JsonIgnore]
    public bool ConfirmsEveryMail => Revision >= 2;

    /// <summary>From revision 3 on: what a watch finds when the release is over opens no evaluation and holds nothing; people are told.</summary>
    [JsonIgnore]
    public bool AsksNothingOnceOver => Revision >= 3;

    /// <summary>From revision 3 on: commands are looked for before a flag is raised and before the release completes, woken or not.</summary>
    [JsonIgnore]
    public bool LooksBeforeItMoves => Revision >= 3;

    /// <summary>From revision 3 on: a flag that somebody else had changed is written, after a person resumed, with an entry of its own before it.</summary>
    [JsonIgnore]
    public bool IntendsAgain => Revision >= 3;

    /// <summary>From revision 3 on: a flag that reads as it was before Slipway's first write is not taken over as it is then.</summary>
    [JsonIgnore]
    public bool KnowsReadsOfThePast => Revision >= 3;

    /// <summary>From revision 4 on: a flag that could not be looked at when a level of the rollback ends is brought back once more, since nobody knows what
    /// became of it, and one that is in doubt then brings no further level; a rescue looks once more too.</summary>
    [JsonIgnore]
    public bool EndsWithWhatItSaw => Revision >= 4;

    /// <summary>From revision 4 on: window and sight are looked at before the first write of every stage, and again, with its gates, where that look is old.</summary>
    [JsonIgnore]
    public bool LooksBeforeItWrites => Revision >= 4;

    /// <summary>From revision 4 on: a gate of the bake before that failed when it was last asked is asked again before more users get the new version.</summary>
    [JsonIgnore]
    public bool AsksFailedGatesAgain => Revision >= 4;

    /// <summary>From revision 5 on: a last look that shows a flag as captured under a version that is not the restore's own is none, since it may be late.</summary>
    [JsonIgnore]
    public bool CountsNoLateLook => Revision >= 5;

    /// <summary>From revision 5 on: a shadow that is stopped is no lost sight.</summary>
    [JsonIgnore]
    public bool ExpectsNoShadow => Revision >= 5;

    /// <summary>From revision 5 on: a write whose answer was lost is tried again although sight is lost meanwhile, which may come of it.</summary>
    [JsonIgnore]
    public bool TriesOnUnseen => Revision >= 5;

    /// <summary>From revision 5 on: what Slipway wrote itself is its own, whatever was read since.</summary>
    [JsonIgnore]
    public bool KnowsWhatItWrote => Revision >= 5;

    /// <summary>From revision 5 on: a write that is begun long after what allowed it was looked at is left undone.</summary>
    [JsonIgnore]
    public bool LeavesLateWrites => Revision >= 5;

    /// <summary>From revision 6 on: proofs and locks that a release had begun when it was stopped have an entry of their end too.</summary>
    [JsonIgnore]
    public bool EndsWhatItBegan => Revision >= 6;

    /// <summary>From revision 7 on: flags are looked at behind each level also where smoke checks or metrics are bad, which a flag that somebody turned on
    /// again may be why; and once more where caches took their time after that look.</summary>
    [JsonIgnore]
    public bool LooksInTroubleToo => Revision >= 7;

    /// <summary>From revision 7 on: while a watch fails nothing is promoted, as while telemetry is blind.</summary>
    [JsonIgnore]
    public bool TakesFailingForBlind => Revision >= 7;

    /// <summary>From revision 7 on: a step of the pipeline that exposes users asks the gates again where they passed long ago.</summary>
    [JsonIgnore]
    public bool AsksGatesBeforeSteps => Revision >= 7;

    /// <summary>From revision 7 on: window and sight are looked at after a hold also where a part of the stage's flags is written.</summary>
    [JsonIgnore]
    public bool LooksAfterEveryHold => Revision >= 7;

    /// <summary>From revision 7 on: a bake that is extended, or paused and resumed, while new kinds of errors are looked for behind its end goes on.</summary>
    [JsonIgnore]
    public bool HearsAtTheEndOfABake => Revision >= 7;

    /// <summary>From revision 7 on: a rescue takes the traffic back once more where a call of the pipeline may have been on its way.</summary>
    [JsonIgnore]
    public bool RescuesFromLateCalls => Revision >= 7;

    /// <summary>From revision 8 on: a release goes back, and is not over before a step that the pipeline had accepted has ended; it is taken back once more then.</summary>
    [JsonIgnore]
    public bool FollowsAcceptedSteps => Revision >= 8;

    /// <summary>From revision 8 on: window and sight are looked at again for what is left of a stage whenever that look is old, whatever was waited for.</summary>
    [JsonIgnore]
    public bool LooksAtPartsAgain => Revision >= 8;

    /// <summary>From revision 8 on: requests that still reach the new version are doubts also where flags were taken back again.</summary>
    [JsonIgnore]
    public bool LooksAtTrafficAgain => Revision >= 8;

    /// <summary>From revision 8 on: commands are looked for before each step of the pipeline that exposes users, woken or not.</summary>
    [JsonIgnore]
    public bool HearsBeforeEachStep => Revision >= 8;

    /// <summary>From revision 8 on: both rounds of a rescue have one budget, and a step that succeeded in the second counts as done.</summary>
    [JsonIgnore]
    public bool RescuesInOneBudget => Revision >= 8;

    /// <summary>From revision 8 on: while a shift waits, flags that nobody is writing are compared, and the watch is told before it goes on.</summary>
    [JsonIgnore]
    public bool ComparesWhileItWaits => Revision >= 8;
}
