using System.Globalization;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Reporting;
using Slipway.Core.Requests;
using Slipway.Workflow.Activities;

namespace Slipway.Workflow.Releases;

/// <summary>
/// Approvals before the start and before a stage. Whoever is exposed meanwhile stays watched; a breach, a rollback or an abort wins over
/// every open question.
/// </summary>
internal sealed partial class ReleaseRun
{
    private readonly List<OpenApproval> _approvals = [];
    private string _evidence = "";
    private int _heard;

    /// <summary>Asks for what has to be approved before a stage, and waits. In phase Waiting before and after; false: the release stops.</summary>
    private async Task<bool> Approve(int stage)
    {
        List<ApprovalGate> gates = [.. (loaded.Approvals ?? []).Where(gate => Math.Max(gate.Stage, 0) == stage)];
        if (gates.Count == 0) return true;
        if (!await MayGoOn()) return false;
        List<OpenApproval> open = [.. gates.Select(Ask)];
        _approvals.AddRange(open);
        foreach (var one in open) Record(new ApprovalRequested(one.Asked.Gate, _evidence, one.Asked.EvidenceHash, one.Asked.At, one.Asked.Deadline));
        var what = stage == 0 ? "the start" : $"stage {stage + 1}, {_plan.Describe(stage)},";
        Fire(
            ReleaseTrigger.ApprovalNeeded,
            $"{what} has to be approved by {string.Join(" and ", gates.Select(gate => gate.Group))}",
            open.Min(one => one.Asked.Deadline),
            "a missing answer counts as a denial");

        // A link that arrives before its question is in the ledger would be told that nothing was asked.
        await Pump(() => false, Recorded(), null);
        if (_stop is null)
        {
            Post(Checkpoint.Approval, $"Approval needed: {what.TrimEnd(',')}", _evidence, [.. gates.SelectMany(gate => gate.Eligible())]);
            foreach (var one in open) Invite(one, one.Asked.Gate.Eligible(), "Approval needed");
        }

        if (!await Decided(open)) return false;
        await Ready();
        if (_stop is not null) return false;
        if (gates.Exists(gate => gate.Stage < 0)) Record(Approval(GateStatus.Pass, string.Join("; ", open.Select(one => one.Closed))));
        Fire(ReleaseTrigger.ApprovalGiven, string.Join("; ", open.Select(one => one.Closed)));
        return true;
    }

    private OpenApproval Ask(ApprovalGate gate) =>
        new(new AskedGate(gate, ApprovalEvidence.Hash(release, loaded.ContentHash, gate, _evidence), context.Now), context.NewGuid().ToString("N"));

    /// <summary>Waits for every gate, reminds, and ends them. False: one was denied, or the release stops for another reason.</summary>
    private async Task<bool> Decided(List<OpenApproval> open)
    {
        while (_stop is null)
        {
            foreach (var one in open.Where(one => one.Closed is null)) Conclude(one);
            if (_stop is not null) break;
            List<OpenApproval> waiting = [.. open.Where(one => one.Closed is null)];
            if (waiting.Count == 0) return true;

            var heard = _heard;
            var next = waiting.Min(one => one.NextReminder ?? one.Asked.Deadline);
            await Pump(() => _heard != heard, null, next);
            if (_stop is null && heard == _heard && waiting.Exists(one => context.Now >= one.Asked.Deadline))
            {
                // What was recorded in time counts, also when its signal is still on its way.
                _unread = true;
                await Pump(() => !_unread && _reading is null, null, context.Now + ForwardTimeout);
            }
        }

        foreach (var one in open.Where(one => one.Closed is null)) Close(one, ApprovalOutcome.Withdrawn, $"the release stopped: {_stop.Reason}");
        return false;
    }

    /// <summary>Ends a gate that is decided; reminds those who are silent where that is due.</summary>
    private void Conclude(OpenApproval one)
    {
        var gate = one.Asked.Gate;
        switch (ApprovalTally.Decide(one.Asked, one.Decisions, context.Now).Verdict)
        {
            case ApprovalVerdict.Approved approved:
                Close(one, ApprovalOutcome.Approved, $"approved by {string.Join(", ", approved.By)}");
                break;
            case ApprovalVerdict.Rejected rejected:
                Deny(one, ApprovalOutcome.Rejected, rejected.By, rejected.Comment.Length == 0 ? $"rejected by {rejected.By}" : $"rejected by {rejected.By}: {rejected.Comment}");
                break;
            case ApprovalVerdict.TimedOut timedOut:
                Deny(one, ApprovalOutcome.TimedOut, "slipway", string.Create(CultureInfo.InvariantCulture, $"{gate.Group} did not approve until {timedOut.Deadline.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, which counts as a denial"));
                break;
            case ApprovalVerdict.Pending pending:
                if (one.NextReminder is { } due && context.Now >= due) Invite(one, pending.Silent, "Reminder, approval needed");
                one.NextReminder = pending.NextReminder;
                break;
        }
    }

    private void Deny(OpenApproval one, ApprovalOutcome outcome, string actor, string reason)
    {
        Close(one, outcome, reason);
        if (!_machine.Exposed) Record(Approval(GateStatus.Fail, reason));
        _stop ??= new StopCause(ReleaseTrigger.ApprovalDenied, actor, reason) { ByPerson = outcome == ApprovalOutcome.Rejected };
    }

    private void Close(OpenApproval one, ApprovalOutcome outcome, string reason)
    {
        one.Closed = reason;
        Record(new ApprovalEnded(one.Asked.Gate.Id, outcome, reason));
    }

    private static GateChecked Approval(GateStatus status, string details) => new(QualityGates.ChangeApproval, status, true, details, GateKind.Quality, null);

    /// <summary>Takes a decision in and answers it; whoever decides too late, twice or without being asked is told so in the ledger.</summary>
    private void Hear(ReceivedDecision received)
    {
        var decision = received.Decision;
        if (!_answered.Add(decision.Id)) return;
        if (_approvals.Find(one => one.Asked.Gate.Id == decision.Gate) is not { } asked)
        {
            Record(new CommandRefused(decision.Id, $"{decision.Gate} was not asked"));
            return;
        }

        _heard++;
        if (asked.Closed is { } reason)
        {
            Record(new CommandRefused(decision.Id, $"the gate is decided already: {reason}"));
            return;
        }

        if (_stop is { } stop)
        {
            Record(new CommandRefused(decision.Id, $"the release stops: {stop.Reason}"));
            return;
        }

        asked.Decisions.Add(received);
        var ruling = ApprovalTally.Decide(asked.Asked, asked.Decisions, context.Now).Rulings[^1];
        Record(ruling.Accepted ? new CommandApplied(decision.Id, ruling.Why) : new CommandRefused(decision.Id, ruling.Why));
    }

    /// <summary>One mail with one link for each; the link is signed where the mail is sent, so that no history or ledger holds it.</summary>
    private void Invite(OpenApproval one, IEnumerable<string> people, string headline)
    {
        _posts++;
        var gate = one.Asked.Gate;
        IReadOnlyList<string> asked = [.. people];
        var details = MessageWords.AskedDetails(gate, _request, _evidence, gate.Eligible().Count() - asked.Count, AskedBy(), _exposure, Sees(gate.Stage));
        var facts = Facts(Checkpoint.Approval, MessageWords.Asked(gate, headline), details) with { Next = MessageWords.AskedNext(one.Asked.Deadline) };
        foreach (var person in asked)
        {
            Send(facts, person, person, null, new ApprovalAsk(
                loaded.BaseUrl, new ApprovalClaim(release, gate.Id, person, one.Asked.EvidenceHash, one.Asked.Deadline, one.Nonce)));
        }
    }

    /// <summary>How small a regression the stage that is asked about can see, as it was worked out at the start.</summary>
    private string Sees(int stage)
    {
        if (_plan.Power is not { } power) return "";
        var asked = Math.Max(stage, 0);
        var rows = power.Rows.Where(row => row.Stage == asked).Select(row => $"\n{_plan.Describe(asked)}: {row.Sentence}.").ToList();
        if (rows.Count == 0 && power.Rows.Count > 0) return $"What this stage can see: at {_plan.Describe(asked)} there is no control arm, and the absolute limits alone are judged.";
        return $"What this stage can see. {string.Join(' ', power.Assumptions)}{string.Concat(rows)}";
    }

    private string AskedBy() => _request.Release.RequestedBy.Length > 0 ? _request.Release.RequestedBy : loaded.StartedBy;

    private sealed class OpenApproval(AskedGate asked, string nonce)
    {
        public AskedGate Asked { get; } = asked;

        public string Nonce { get; } = nonce;

        public List<ReceivedDecision> Decisions { get; } = [];

        public DateTimeOffset? NextReminder { get; set; } = asked.At + asked.Gate.Remind < asked.Deadline ? asked.At + asked.Gate.Remind : null;

        /// <summary>Why it is closed; null while it is open.</summary>
        public string? Closed { get; set; }
    }
}
