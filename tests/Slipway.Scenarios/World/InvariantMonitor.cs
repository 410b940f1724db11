using Slipway.Core.Ledgers;
using Slipway.Core.Planning;
using Slipway.Core.Releases;

namespace Slipway.Scenarios.World;

/// <summary>
/// Looks at every step of every release at the moment it happens: each ledger entry as it is appended, each flag, hook, mail and webhook as
/// it is touched. What breaks an invariant of the design is kept, and fails the scenario.
/// </summary>
internal sealed partial class InvariantMonitor(TimeProvider time)
{
    private readonly Dictionary<ReleaseId, Followed> _releases = [];
    private readonly Dictionary<FlagKey, FlagState> _flags = [];
    private readonly Dictionary<FlagKey, FlagState> _flagsBefore = [];
    private readonly List<string> _violations = [];

    /// <summary>Whether the ledger takes appends now: what saves users does not wait for it when it is away.</summary>
    public Func<bool> LedgerAnswers { get; set; } = () => true;

    /// <summary>Whether the ledger took appends at every moment of the last so long.</summary>
    public Func<TimeSpan, bool> LedgerAnsweredFor { get; set; } = _ => true;

    /// <summary>A message goes out unrecorded only when the ledger was away within this time before it.</summary>
    private static readonly TimeSpan MessagePatience = TimeSpan.FromMinutes(2);

    /// <summary>So long after it was given up a write may land.</summary>
    private static readonly TimeSpan LateWrite = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _owed = new(StringComparer.Ordinal);

    /// <summary>What was done while the ledger was away and has no entry yet: nothing, once it was back for a while.</summary>
    public IReadOnlyCollection<string> Owed => _owed;

    /// <summary>Whether the server is frozen now.</summary>
    public Func<bool> Frozen { get; set; } = () => false;

    /// <summary>Whether wake-ups arrive now.</summary>
    public Func<bool> SignalsArrive { get; set; } = () => true;

    /// <summary>Whether something kept the engine from honouring a command between two moments.</summary>
    public Func<DateTimeOffset, DateTimeOffset, bool> Excuses { get; set; } = (_, _) => false;

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>5: a command to go back that nobody has honoured after ten minutes is not late any more.</summary>
    public void LookForUnheard()
    {
        var now = time.GetUtcNow();
        foreach (var (release, followed) in _releases)
        {
            if (followed.State.PendingCommands.FirstOrDefault(fact => fact.Command.Kind is ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort) is not { } pending) continue;
            Require(now - pending.ReceivedAt <= TimeSpan.FromMinutes(10) || Excuses(pending.ReceivedAt, now), $"5: {pending.Command.Kind} of {release} of {pending.ReceivedAt:u} is not honoured");
        }
    }

    /// <summary>The phase of a release.</summary>
    public ReleasePhase PhaseOf(ReleaseId release) => _releases[release].State.Phase;

    /// <summary>Whether a release is over.</summary>
    public bool IsOver(ReleaseId release) => _releases[release].State.IsTerminal;

    /// <summary>What an answered command asked for; null: the answer is to something else.</summary>
    public ReleaseCommandKind? CommandOf(ReleaseId release, LedgerBody answer)
    {
        var id = answer is CommandApplied applied ? applied.CommandId : answer is CommandRefused refused ? refused.CommandId : "";
        return _releases[release].State.Commands.Find(fact => fact.Command.Id == id)?.Command.Kind;
    }

    /// <summary>The release with all entries so far, for what follows from the newest of them.</summary>
    public long SequenceOf(ReleaseId release) => _releases.TryGetValue(release, out var followed) ? followed.State.Sequence : 0;

    public void Appended(ReleaseId release, IEnumerable<LedgerEntry> entries)
    {
        if (!_releases.TryGetValue(release, out var followed)) _releases[release] = followed = new Followed();
        foreach (var entry in entries)
        {
            var before = followed.State;
            var body = entry.Read();
            followed.State = before.Apply(entry);
            followed.AgainstSince = Against(followed.State) is null ? null : followed.AgainstSince ?? entry.At;
            Step(release, followed, before, entry, body);
        }
    }

    /// <summary>Somebody wrote a flag.</summary>
    public void FlagChanged(FlagState flag)
    {
        if (_flags.TryGetValue(flag.Key, out var before)) _flagsBefore[flag.Key] = before;
        _flags[flag.Key] = flag;
    }

    /// <summary>1 and 4: Slipway wrote a flag.</summary>
    public void FlagWritten(FlagState flag)
    {
        var owners = _releases.Values.Where(followed => followed.State.OpenEffects.Values.Any(effect => effect.Kind == EffectKind.Flag && effect.Target == flag.Key.ToString())).ToList();
        Require(flag.Exposure == Percentage.Zero || !Frozen(), $"3: {flag.Key} was set to {flag.Exposure} while the server is frozen");

        // A proof that a flag can be written was given up, and its write of what is there already lands later.
        var late = flag.Exposure == Percentage.Zero && _releases.Values.Any(followed => followed.GivenUp.TryGetValue(flag.Key.ToString(), out var at) && time.GetUtcNow() - at <= LateWrite);

        // So may the proof that a flag is off that somebody else turned off: it changes nothing but the ETag.
        var same = flag.Exposure == Percentage.Zero && _flagsBefore.GetValueOrDefault(flag.Key)?.Json == flag.Json;
        Require(owners.Count > 0 || late || same || !LedgerAnswers(), $"4: {flag.Key} was written without an entry before it");
        Require(
            flag.Exposure == Percentage.Zero || owners.Exists(owner => flag.Exposure <= owner.Allowed(flag.Key)),
            $"1: {flag.Key} was set to {flag.Exposure}, allowed was {string.Join(" or ", owners.Select(owner => owner.Allowed(flag.Key)))}");

        // Nor may one that is begun long after its window closed.
        foreach (var owner in owners.Where(owner => flag.Exposure > Percentage.Zero && owner.State.Phase == ReleasePhase.Shifting))
        {
            var (window, now) = (WindowSchedule.Of(owner.State.Request, owner.State.Plan), time.GetUtcNow());
            Require(window.IsOpen(now) || window.IsOpen(now - LateWrite), $"3: {flag.Key} was set to {flag.Exposure} outside its window");
        }

        // A write that was begun before may land behind what speaks against it; one that is begun long after may not.
        foreach (var owner in owners.Where(owner => flag.Exposure > Percentage.Zero && owner.State.Phase == ReleasePhase.Shifting && owner.AgainstSince is { } since && time.GetUtcNow() - since > LateWrite))
            Require(false, $"3: {flag.Key} was set to {flag.Exposure} while {Against(owner.State)} since {owner.AgainstSince:u}");
    }

    /// <summary>
    /// 4: every external effect has a ledger entry before and after it. Excused, while the ledger is away, is what takes users back, and the word to
    /// people, which nothing may delay without bound: its entries follow when the ledger is back. The key is the effect's id.
    /// </summary>
    public void Touched(string what, string effectId)
    {
        if (_releases.Values.Any(followed => followed.Intended.Contains(effectId))) return;
        Require(what == "hook" ? !LedgerAnswers() : !LedgerAnsweredFor(MessagePatience), $"4: {what} {effectId} without an entry before it");
        _owed.Add(effectId);
    }

    private void Step(ReleaseId release, Followed followed, ReleaseState before, LedgerEntry entry, LedgerBody body)
    {
        var state = followed.State;
        Require(!before.IsTerminal || (state.Phase == before.Phase && state.EndedAt == before.EndedAt), $"7: {release} was {before.Phase} and became {state.Phase}");
        switch (body)
        {
            case EffectIntended intended:
                followed.Intended.Add(intended.EffectId);
                followed.IntendedAt.TryAdd(intended.EffectId, entry.At);
                if (state.Phase == ReleasePhase.Shifting && intended.Kind is EffectKind.Flag or EffectKind.Hook && followed.Begun.Add(followed.Shifting)) Grow(release, followed, intended, entry.At);
                _owed.Remove(intended.EffectId);
                break;
            case EffectFinished finished:
                if (finished.Outcome is EffectOutcome.Failed or EffectOutcome.TimedOut && before.OpenEffects.TryGetValue(finished.EffectId, out var effect)) followed.GivenUp[effect.Target] = entry.At;
                Require(followed.Intended.Contains(finished.EffectId), $"4: {release}: {finished.EffectId} finished without an entry before it");
                if (finished is { Kind: EffectKind.Configuration, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone }) KeyBack(followed, finished);
                break;
            case PhaseEntered entered:
                Move(release, followed, entered, entry.At);
                break;
            case StateCaptured:
                foreach (var other in _releases.Values.Where(other => other != followed && other.State is { IsTerminal: false, Captured: not null }))
                    Require(!other.State.Captured!.Flags.Select(flag => flag.Key).Intersect(state.Captured!.Flags.Select(flag => flag.Key)).Any(), $"8: {release} captured a flag of {other.State.Plan.ReleaseId}");
                break;
            case CommandReceived received when !SignalsArrive():
                followed.Unheard.Add(received.Command.Id);
                break;
            case CommandApplied applied:
                Answer(release, followed, entry, applied.CommandId);
                break;
            case ReleaseEnded { Phase: ReleasePhase.RolledBack } ended:
                Back(release, state, ended);
                break;
        }
    }

    /// <summary>3: what moves is in the table, and exposure grows only when nothing stands against it.</summary>
    private void Move(ReleaseId release, Followed followed, PhaseEntered entered, DateTimeOffset moved)
    {
        var (state, plan) = (followed.State, followed.State.Plan);
        var next = ReleaseMachine.Next(followed.Machine, entered.Trigger, entered.Stage == plan.Stages.Count - 1);
        Require(next is not null && next.Phase == entered.Phase, $"3: {entered.Trigger} to {entered.Phase} is not legal for {release} in {followed.Machine}");
        followed.Machine = next ?? followed.Machine;
        if (entered is not { Phase: ReleasePhase.Shifting, Trigger: ReleaseTrigger.WindowOpen or ReleaseTrigger.Captured }) return;

        followed.Shifting = entered.Stage;
        var at = $"3: {release} grew to {plan.Stages[entered.Stage].Percentage}";
        Require(state.GatesPassedAt is not null, $"{at} before its gates passed");
        Require(WindowSchedule.Of(state.Request, plan).IsOpen(moved) || entered.Trigger == ReleaseTrigger.Captured, $"{at} outside its window");
        if (WindowSchedule.Of(state.Request, plan).ByApproval(moved) is { } passed)
            Require(state.Approvals.GetValueOrDefault($"start:{plan.Calendar!.Approval}")?.Ended is { Outcome: ApprovalOutcome.Approved }, $"{at} past the calendar ({passed.Reason}) without an approval");
        foreach (var asked in state.Created!.Approvals.Where(gate => Math.Max(0, gate.Stage) <= entered.Stage))
            Require(state.Approvals.GetValueOrDefault(asked.Id)?.Ended is { Outcome: ApprovalOutcome.Approved }, $"{at} without the approval {asked.Id}");
    }

    /// <summary>3: gates are asked and the watch is heard until the first step of a stage, so that they count when it is taken. What was found while a slow
    /// ledger took the step in counts at the write itself, see <see cref="FlagChanged"/>.</summary>
    private void Grow(ReleaseId release, Followed followed, EffectIntended intended, DateTimeOffset at) =>
        Require(Against(followed.State) is null || followed.AgainstSince > at, $"3: {release} began {intended.EffectId} while {Against(followed.State)}");

    /// <summary>What stands against more users; null: nothing.</summary>
    private static string? Against(ReleaseState state) => state.Assessment is { Verdict: Core.Analysis.Verdict.Blind } ? "blind"
        : state.Gates.Values.FirstOrDefault(gate => gate.Last is { Critical: true, Status: GateStatus.Fail }) is { } failed ? $"{failed.Last.Gate} fails" : null;

    /// <summary>5 and 6: a rollback is honoured in time, and a decision counts only as it may.</summary>
    private void Answer(ReleaseId release, Followed followed, LedgerEntry entry, string id)
    {
        var state = followed.State;
        if (!followed.Unheard.Contains(id) && state.Commands.Find(fact => fact.Command.Id == id) is { Command.Kind: ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort } command)
            Require(entry.At - command.ReceivedAt <= TimeSpan.FromSeconds(30) || Excuses(command.ReceivedAt, entry.At), $"5: {command.Command.Kind} of {release} was honoured after {entry.At - command.ReceivedAt}");
        foreach (var fact in state.Approvals.Values)
        {
            if (fact.Decisions.Find(known => known.Received.Decision.Id == id) is not { } counted) continue;
            var decision = counted.Received.Decision;
            Require(fact.Asked.Gate.Members.Contains(decision.Approver, StringComparer.OrdinalIgnoreCase), $"6: {decision.Approver} is not in {fact.Asked.Gate.Group}");
            for (var one = state; one is { Created: { } created }; one = created.Predecessor is { } before && _releases.TryGetValue(before, out var former) ? former.State : null)
                Require(decision.Approver != created.StartedBy && decision.Approver != one.Request.Release.RequestedBy, $"6: {decision.Approver} asked for {created.Request.Release.Id}, and decided about {release}");
            Require(counted.Received.At < fact.Asked.Deadline, $"6: {decision.Approver} decided after {fact.Asked.Deadline:u}");
            Require(decision.EvidenceHash == fact.Asked.EvidenceHash, $"6: {decision.Approver} decided on other evidence");
            Require(fact.Decisions.Count(other => other.Applied == true && other.Received.Decision.Approver == decision.Approver) == 1, $"6: {decision.Approver} counts twice");
        }
    }

    /// <summary>2: rolled back means that everything is as captured, or off and listed.</summary>
    private void Back(ReleaseId release, ReleaseState state, ReleaseEnded ended)
    {
        foreach (var captured in state.Captured!.Flags)
        {
            var now = _flags.GetValueOrDefault(captured.Key);
            Require(
                now is null || now.Json == captured.Json || (!now.Enabled && ended.LeftToDo.Any(line => line.Contains(captured.Key.ToString(), StringComparison.Ordinal))),
                $"2: {release} is rolled back, and {captured.Key} is at {now?.Exposure}, captured {captured.Exposure}");
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds) _violations.Add($"{time.GetUtcNow():u} {otherwise}");
    }

    private sealed class Followed
    {
        public ReleaseState State { get; set; } = ReleaseState.Empty;

        public MachineState Machine { get; set; } = MachineState.Initial;

        public HashSet<string> Intended { get; } = new(StringComparer.Ordinal);

        /// <summary>When each was begun first.</summary>
        public Dictionary<string, DateTimeOffset> IntendedAt { get; } = new(StringComparer.Ordinal);

        /// <summary>What was given up, and when: the last attempt may still be under way.</summary>
        public Dictionary<string, DateTimeOffset> GivenUp { get; } = new(StringComparer.Ordinal);

        /// <summary>Commands whose wake-up was lost: the sweeper finds them within a minute.</summary>
        public HashSet<string> Unheard { get; } = new(StringComparer.Ordinal);

        /// <summary>The stages of which a first step was taken.</summary>
        public HashSet<int> Begun { get; } = [];

        /// <summary>Since when something stands against more users; null: nothing does.</summary>
        public DateTimeOffset? AgainstSince { get; set; }

        /// <summary>The stage whose exposure was begun last; -1 before the first.</summary>
        public int Shifting { get; set; } = -1;

        /// <summary>The most that a flag may be set to now: nothing before its environment's turn, and nothing more after it.</summary>
        public Percentage Allowed(FlagKey flag) =>
            Shifting >= 0 && State.Plan.EnvironmentOf(Shifting).Flags.Any(own => own.Key == flag) ? State.Plan.Stages[Shifting].Percentage : Percentage.Zero;
    }
}
