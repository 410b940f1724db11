using Slipway.Core.Analysis.Judging;
using Slipway.Core.Analysis.Replaying;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Embedded.Flags;

namespace Slipway.Scenarios.World;

/// <summary>The invariants of the design as far as a release's ledger and the flags' own record show them.</summary>
internal static class LedgerInvariants
{
    /// <summary>Fails with what does not hold.</summary>
    /// <param name="entries">The whole ledger of a release that is over, or has nothing left to do.</param>
    /// <param name="flags">The flags with their own record of what was written; null: other releases wrote them too.</param>
    /// <param name="excuses">Whether something kept the engine from honouring a command between two moments; null: nothing did.</param>
    public static async Task CheckAsync(IReadOnlyList<LedgerEntry> entries, SqliteFlagStore? flags, Func<DateTimeOffset, DateTimeOffset, bool>? excuses = null)
    {
        var chain = LedgerChain.Verify(entries);
        Assert.True(chain.Ok, $"the ledger's chain: {chain}");
        var bodies = entries.Select(entry => (entry.At, Body: entry.Read())).ToList();
        var state = ReleaseState.Fold(entries);

        Transitions(bodies);
        Effects(bodies, state);
        Commands(bodies, state, excuses);
        if (flags is not null)
        {
            await ExposureAsync(flags, bodies, state);
            await RolledBackAsync(flags, state);
        }

        Gates(state, bodies);
        Completed(state, bodies);
        Approvals(state, bodies);
        Verdicts(entries);
    }

    /// <summary>Every verdict follows, bit for bit, from the evidence that is recorded with it.</summary>
    private static void Verdicts(IReadOnlyList<LedgerEntry> entries)
    {
        var comparison = VerdictComparison.Of(VerdictReplay.Run(entries, new EvidenceJudge()));
        Assert.True(comparison.Ok && comparison.Identical == comparison.Verdicts && comparison.Unknown == 0, comparison.Sentence);
    }

    /// <summary>3 and 7: every recorded move is in the table (so nothing moves forward while paused), and terminal phases stay.</summary>
    private static void Transitions(List<(DateTimeOffset At, LedgerBody Body)> bodies)
    {
        var created = (ReleaseCreated)bodies[0].Body;
        var machine = MachineState.Initial;
        foreach (var (at, body) in bodies)
        {
            if (body is not PhaseEntered entered) continue;

            // At early promotion the stage that is left decides where it leads; the entry carries it.
            var next = ReleaseMachine.Next(machine, entered.Trigger, entered.Stage == created.Plan.Stages.Count - 1);
            Assert.True(next is not null, $"{at:u}: {entered.Trigger} is illegal in {machine}");
            Assert.Equal(next.Phase, entered.Phase);
            machine = next;
        }
    }

    /// <summary>4: every effect has an entry before it and one after it.</summary>
    private static void Effects(List<(DateTimeOffset At, LedgerBody Body)> bodies, ReleaseState state)
    {
        var open = new HashSet<string>();
        var unfinished = new Dictionary<string, EffectKind>();
        foreach (var (_, body) in bodies)
        {
            if (body is EffectIntended intended)
            {
                open.Add(intended.EffectId);
                unfinished[intended.EffectId] = intended.Kind;
            }

            if (body is EffectFinished ended) unfinished.Remove(ended.EffectId);
            if (body is EffectFinished finished) Assert.True(open.Contains(finished.EffectId), $"{finished.EffectId} finished without an intent");
            if (body is EffectFinished { Outcome: not EffectOutcome.Conflict } done) open.Remove(done.EffectId);
            if (body is MessageSent sent) Assert.Contains(bodies, entry => entry.Body is EffectIntended other && other.EffectId == $"message:{sent.MessageId}");
        }

        // How a message ended its own entries say; and what an orchestration that is gone had begun, whoever took over does anew.
        if (!state.IsTerminal || state.TakenOver is not null) return;
        var left = unfinished.Where(effect => effect.Value is not (EffectKind.Mail or EffectKind.Webhook)).Select(effect => effect.Key).ToList();
        Assert.True(left.Count == 0, $"4: without an entry after it: {string.Join(", ", left)}");
    }

    /// <summary>5: a rollback or abort is honoured within 30 seconds of its command; every command is answered.</summary>
    private static void Commands(List<(DateTimeOffset At, LedgerBody Body)> bodies, ReleaseState state, Func<DateTimeOffset, DateTimeOffset, bool>? excuses)
    {
        Assert.Empty(state.PendingCommands);
        Assert.Empty(state.PendingReports);
        if (state.IsTerminal) Assert.Empty(state.OpenEvaluations);
        if (state.IsTerminal) Assert.Empty(state.OpenPages);
        foreach (var (at, body) in bodies.TakeWhile(entry => entry.Body is not ReleaseEnded))
        {
            if (body is not CommandReceived { Command.Kind: ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort } received) continue;
            var answer = bodies.Find(entry => entry.Body is CommandApplied applied && applied.CommandId == received.Command.Id);

            // One that stopped by itself in the same moment, before it heard of the command, did what was asked for.
            if (answer.Body is null && state.Phase != ReleasePhase.Completed && bodies.Exists(entry => entry.Body is CommandRefused refused && refused.CommandId == received.Command.Id)) continue;
            Assert.True(answer.Body is not null, $"{received.Command.Kind} at {at:u} was not honoured");
            Assert.True(answer.At - at <= TimeSpan.FromSeconds(30) || excuses?.Invoke(at, answer.At) == true, $"{received.Command.Kind} at {at:u} was honoured only at {answer.At:u}");
        }
    }

    /// <summary>1: no write of Slipway's exceeds the percentage of its environment's stage that is or was under way.</summary>
    private static async Task ExposureAsync(SqliteFlagStore flags, List<(DateTimeOffset At, LedgerBody Body)> bodies, ReleaseState state)
    {
        // A release that was stopped before it captured anything wrote no exposure; who did is another one that held the flag.
        if (state.Captured is null)
        {
            Assert.False(state.ExposureBegun);
            return;
        }

        foreach (var (environment, flag) in state.Plan.Environments.SelectMany(environment => environment.Flags.Select(flag => (environment, flag))))
        {
            foreach (var revision in (await flags.RevisionsAsync(flag.Key, default)).Where(revision => revision.Actor == "slipway" && revision.At >= bodies[0].At && revision.At <= (state.EndedAt ?? revision.At)))
            {
                var stage = bodies.Where(entry => entry.At <= revision.At).Select(entry => entry.Body).OfType<PhaseEntered>().LastOrDefault(
                    entry => entry.Phase == ReleasePhase.Shifting && state.Plan.EnvironmentOf(entry.Stage).Index == environment.Index);
                var allowed = stage is null ? Percentage.Zero : state.Plan.Stages[stage.Stage].Percentage;
                Assert.True(revision.State.Exposure <= allowed, $"{flag.Key} was set to {revision.State.Exposure} at {revision.At:u}, allowed was {allowed}");
            }
        }
    }

    /// <summary>2: after rolled_back every flag and key equals its captured state, or drifted and is off.</summary>
    private static async Task RolledBackAsync(SqliteFlagStore flags, ReleaseState state)
    {
        if (state.Phase != ReleasePhase.RolledBack) return;
        foreach (var captured in state.Captured!.Flags)
        {
            var now = await flags.ReadAsync(captured.Key, default);
            Assert.True(now is null || now.Json == captured.Json || (!now.Enabled && state.LeftToDo.Any(line => line.Contains(captured.Key.ToString(), StringComparison.Ordinal))), $"{captured.Key} is at {now?.Exposure}, captured was {captured.Exposure}; listed: {string.Join("; ", state.LeftToDo)}");
        }
    }

    /// <summary>6: a decision counts once, from a listed approver who is not the requester, in time, for what was shown; and no stage that
    /// needs an approval is shifted to without it.</summary>
    private static void Approvals(ReleaseState state, List<(DateTimeOffset At, LedgerBody Body)> bodies)
    {
        Assert.Empty(state.PendingDecisions);
        foreach (var fact in state.Approvals.Values)
        {
            var gate = fact.Asked.Gate;
            var counted = fact.Decisions.Where(decision => decision.Applied == true).ToList();
            Assert.Equal(counted.Count, counted.Select(decision => decision.Received.Decision.Approver).Distinct().Count());
            Assert.All(counted, decision =>
            {
                Assert.Contains(decision.Received.Decision.Approver, gate.Members);
                Assert.DoesNotContain(decision.Received.Decision.Approver, new[] { state.Request.Release.RequestedBy, state.Created!.StartedBy });
                Assert.True(decision.Received.At < fact.Asked.Deadline);
                Assert.Equal(fact.Asked.EvidenceHash, decision.Received.Decision.EvidenceHash);
            });

            // A release that is stopped in the very moment of the decision needs it no more.
            if (fact.Ended?.Outcome != ApprovalOutcome.Withdrawn)
            {
                Assert.Equal(
                    fact.Ended?.Outcome == ApprovalOutcome.Approved,
                    counted.Count(decision => decision.Received.Decision.Choice == ApprovalChoice.Approve) >= gate.Quorum);
            }
        }

        foreach (var gate in state.Created!.Approvals)
        {
            var shifted = bodies.FindIndex(entry => entry.Body is PhaseEntered { Phase: ReleasePhase.Shifting } entered && entered.Stage >= Math.Max(0, gate.Stage));
            if (shifted >= 0) Assert.Contains(bodies.Take(shifted), entry => entry.Body is ApprovalEnded { Outcome: ApprovalOutcome.Approved } ended && ended.Gate == gate.Id);
        }
    }

    /// <summary>3: no stage is shifted to, and none is promoted, while the newest answer of one of its HTTP gates is not a pass.</summary>
    private static void Gates(ReleaseState state, List<(DateTimeOffset At, LedgerBody Body)> bodies)
    {
        for (var index = 0; index < bodies.Count; index++)
        {
            var (stage, when) = bodies[index].Body switch
            {
                StageStarted started => (started.Stage, GateTiming.BeforeStage),
                StageEnded { Promoted: true } ended => (ended.Stage, GateTiming.DuringBake),
                _ => (-1, default),
            };
            if (stage < 0) continue;
            var percentage = state.Plan.Stages[stage].Percentage;
            foreach (var gate in state.Plan.Gates.Where(gate => !gate.Advisory && gate.When == when && (gate.Stage is null || gate.Stage == percentage)))
            {
                var last = bodies.Take(index).Select(entry => entry.Body).OfType<GateChecked>().LastOrDefault(answer => answer.Gate == gate.CheckName);
                Assert.True(last is { Status: GateStatus.Pass }, $"stage {stage + 1} went on while {gate.Name} said {last?.Details ?? "nothing"}");
            }
        }
    }

    /// <summary>The contract's completed: everyone at 100 %, every due notice accepted or acknowledged.</summary>
    private static void Completed(ReleaseState state, List<(DateTimeOffset At, LedgerBody Body)> bodies)
    {
        if (state.Phase != ReleasePhase.Completed) return;
        Assert.Equal(Percentage.Full, state.Exposure);
        Assert.True(!state.DueMessages.Any() || state.NoticesAcknowledged, "completed with notices outstanding");
        Assert.Contains(bodies, entry => entry.Body is StageEnded { Stage: var stage } && stage == state.Plan.Stages.Count - 1);
        Assert.All(state.Plan.Stages, stage => Assert.Contains(bodies, entry => entry.Body is StageStarted started && started.Stage == stage.Index));
    }
}
