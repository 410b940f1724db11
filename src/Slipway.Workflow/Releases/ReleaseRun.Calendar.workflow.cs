using Slipway.Core.Ledgers;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Passing the calendar: the group that may let a release pass is asked with the start, and nothing starts without its approval, so that
/// from then on the schedule counts the hours as open. Each increase that makes use of it is recorded with its rule and its approvers.
/// </summary>
internal sealed partial class ReleaseRun
{
    private (int Stage, string Rule) _passNoted = (int.MinValue, "");

    /// <summary>What the approver of the start is told beside the evidence; empty when no approval passes the calendar.</summary>
    private string CalendarAsked() => _plan.Calendar is { Approval: not null } rules ? $"; calendar: {rules.Sentence()}" : "";

    /// <summary>Right before exposure may grow: records the rule of the calendar that the approval lets it pass; the same one once a stage.</summary>
    /// <param name="stage">The stage that comes; -1: the start.</param>
    private void NotePass(int stage)
    {
        if (_schedule.ByApproval(context.Now) is not { } reading || _passNoted == (stage, reading.Reason)) return;
        _passNoted = (stage, reading.Reason);
        var group = _plan.Calendar!.Approval!;
        var approval = _approvals.Find(one => one.Asked.Gate.Stage < 0 && one.Asked.Gate.Group == group)?.Closed ?? "";
        Record(new CalendarPassed(stage, reading.Standing, reading.Reason, _plan.Calendar.Critical, group, approval));
    }
}
