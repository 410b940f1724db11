using System.Collections.Immutable;
using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>What each kind of ledger body changes in the state. Unknown bodies change nothing.</summary>
internal static class ReleaseFold
{
    public static ReleaseState Apply(ReleaseState state, LedgerEntry entry, LedgerBody body) => body switch
    {
        ReleaseCreated created => Begin(state, entry, created),
        PhaseEntered entered => EnvironmentFold.Move(state, Enter(state, entry.At, entered)),
        GateChecked gate => Check(state, entry.At, gate),
        CalibrationMeasured measured => state with { Calibrations = state.Calibrations.SetItem(measured.Environment, measured.Calibration) },
        StateCaptured captured => state with
        {
            Captured = captured,
            Flags = captured.Flags.Aggregate(state.Flags, (flags, flag) => flags.SetItem(flag.Key, flag)),
        },
        EffectIntended intended => Intend(state, intended),
        EffectFinished finished => Finish(state, finished),
        FlagsFound found => state with { FoundFlags = found.Flags.Aggregate(state.FoundFlags, (flags, flag) => flags.SetItem(flag.Key, flag)) },
        StageStarted started => Start(state, entry.At, started),
        StageEnded ended => End(state, entry.At, ended),
        WatchDirected directed => state with { Watch = directed, Watched = state.Watched.Add(directed.Environment) },
        IntervalJudged judged => EvidenceFold.Judge(state, entry.At, judged),
        AlertRaised alert => state with { Alerts = Raise(state.Alerts, entry.At, alert) },
        CommandReceived received => Receive(state, entry, received.Command),
        CommandApplied applied => Answer(state, entry.At, applied.CommandId, true, applied.Effect),
        CommandRefused refused => Answer(state, entry.At, refused.CommandId, false, refused.Why),
        ReleaseTakenOver taken => state with { TakenOver = state.TakenOver ?? taken },
        AftercareBegun => AftercareFold.Begin(state, entry.At),
        AftercareReached reached => AftercareFold.Reach(state, reached),
        AftercareLooked look => AftercareFold.Look(state, look),
        ManifestPosted posted => AftercareFold.Post(state, posted),
        CompletionChecked check => AftercareFold.Complete(state, check),
        AftercareEnded => AftercareFold.End(state, entry.At),
        ReleaseRetried retried => RetryFold.Retry(state, retried),
        ApprovalRequested asked => ApprovalFold.Ask(state, asked),
        ApprovalDecided decided => ApprovalFold.Decide(state, entry, decided.Decision),
        ApprovalEnded ended => ApprovalFold.End(state, ended),
        SignalReceived received => SignalFold.Receive(state, entry.At, received.Signal),
        EvaluationOpened opened => EvaluationFold.Open(state, entry.At, opened),
        EvaluationAnswered answered => EvaluationFold.Hear(state, entry.At, answered.Answer),
        EvaluationEnded ended => EvaluationFold.End(state, ended),
        PageOpened opened => PageFold.Open(state, entry.At, opened),
        PageEscalated escalated => PageFold.Escalate(state, escalated),
        PageEnded ended => PageFold.End(state, ended),
        RollbackBegun begun => EnvironmentFold.Move(state, RollBack(state, entry.At, begun)),
        LevelEnded level => EndLevel(state, entry.At, level),
        ReleaseEnded ended => Conclude(state, entry.At, ended),
        MessageSent sent => state with
        {
            Messages = Send(state.Messages, entry.At, sent),
            OpenEffects = sent.Accepted ? state.OpenEffects.Remove($"message:{sent.MessageId}") : state.OpenEffects,
        },
        _ => state,
    };

    private static ReleaseState Begin(ReleaseState state, LedgerEntry entry, ReleaseCreated created) => state with
    {
        Created = created,
        CreatedAt = entry.At,
        PhaseSince = entry.At,
        Stages = [.. created.Plan.Stages.Select(stage =>
            new StageState(stage.Index, StageStatus.Pending, null, null, null, null, "", StageEvidence.Empty))],
    };

    private static ReleaseState Enter(ReleaseState state, DateTimeOffset at, PhaseEntered entered)
    {
        // A terminal state never changes, and only what the workflow says once more about it is new.
        if (state.IsTerminal && entered.Phase != state.Phase) return state;
        var next = state with
        {
            PreviousPhase = entered.Phase == state.Phase ? state.PreviousPhase : state.Phase,
            Phase = entered.Phase,
            PhaseSince = entered.Phase == state.Phase ? state.PhaseSince : at,
            PhaseTrigger = entered.Trigger,
            PhaseReason = entered.Reason,
            Stage = Math.Max(entered.Stage, state.Stage),
            NextAt = entered.NextAt,
            NextEvent = entered.NextEvent,
            BegunAt = state.BegunAt ?? at,
            // Whoever resumes has put it back, or the watch finds it again.
            FoundFlags = entered.Trigger == ReleaseTrigger.Resume ? state.FoundFlags.Clear() : state.FoundFlags,
            GatesPassedAt = entered.Trigger == ReleaseTrigger.GatesPassed ? state.GatesPassedAt ?? at : state.GatesPassedAt,
        };
        return entered.Phase switch
        {
            ReleasePhase.RollingBack => next with { Rollback = next.Rollback ?? FromPhase(state, at, entered) },
            ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed => Terminate(next, at, entered.Reason),
            ReleasePhase.Validating or ReleasePhase.Concluding => next with { Stages = Complete(next.Stages, next.Stages.Length, at) },
            _ => next,
        };
    }

    private static RollbackFact FromPhase(ReleaseState state, DateTimeOffset at, PhaseEntered entered)
    {
        var manual = entered.Trigger is ReleaseTrigger.RollBack or ReleaseTrigger.Abort;
        var asked = manual ? state.Commands.FindLast(fact => fact.Command.Kind is ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort) : null;
        return new RollbackFact
        {
            BegunAt = at,
            Automated = !manual,
            Actor = asked?.Command.Actor ?? "slipway",
            Reason = NonBlank(entered.Reason, "a rollback was decided"),
        };
    }

    private static ReleaseState RollBack(ReleaseState state, DateTimeOffset at, RollbackBegun begun) => state with
    {
        Rollback = new RollbackFact
        {
            BegunAt = state.Rollback?.BegunAt ?? at,
            Automated = begun.Automated,
            Actor = begun.Actor,
            Reason = NonBlank(begun.Reason, begun.Finding?.Sentence ?? $"asked for by {NonBlank(begun.Actor, "a person")}"),
            Finding = begun.Finding,
            BreachSeenAt = begun.BreachSeenAt,
            Environment = begun.Environment,
            Levels = state.Rollback?.Levels ?? [],
            RecoveredAt = state.Rollback?.RecoveredAt,
            EndedAt = state.Rollback?.EndedAt,
        },
        Alerts = begun.Finding is { } finding
            ? Raise(state.Alerts, at, new AlertRaised(finding.Rule, AlertSeverity.Critical, finding.Sentence, "automatic rollback"))
            : state.Alerts,
    };

    private static ReleaseState EndLevel(ReleaseState state, DateTimeOffset at, LevelEnded level) => state.Rollback is not { } rollback
        ? state
        : state with
        {
            Rollback = rollback with
            {
                Levels = [.. rollback.Levels, new LevelFact(level, at)],
                RecoveredAt = level.Recovered ? rollback.RecoveredAt ?? level.UndoneAt ?? at : rollback.RecoveredAt,
            },
        };

    private static ReleaseState Conclude(ReleaseState state, DateTimeOffset at, ReleaseEnded ended)
    {
        if (state.IsTerminal && state.Phase != ended.Phase) return state;
        return Terminate(state with { Phase = ended.Phase, LeftToDo = ended.LeftToDo, PhaseReason = ended.Reason }, at, ended.Reason);
    }

    private static ReleaseState Terminate(ReleaseState state, DateTimeOffset at, string reason) => state with
    {
        EndedAt = state.EndedAt ?? at,
        PhaseSince = state.EndedAt ?? at,
        NextAt = null,
        NextEvent = "",
        Stages = state.Phase == ReleasePhase.Completed ? Complete(state.Stages, state.Stages.Length, at) : state.Stages,
        Rollback = state.Rollback is { } rollback
            ? rollback with { EndedAt = rollback.EndedAt ?? at }
            : state.Phase == ReleasePhase.RolledBack
                ? new RollbackFact
                {
                    BegunAt = at,
                    EndedAt = at,
                    Automated = true,
                    Actor = "slipway",
                    Reason = NonBlank(reason, "a rollback was decided"),
                }
                : null,
    };

    private static ReleaseState Check(ReleaseState state, DateTimeOffset at, GateChecked gate)
    {
        var before = state.Gates.GetValueOrDefault(gate.Gate);
        var fact = new GateFact(
            gate with { Details = AuditTrail.Cut(gate.Details) }, at, state.Phase,
            (before?.Checks ?? 0) + 1, (before?.Passes ?? 0) + (gate.Status == GateStatus.Pass ? 1 : 0));
        return state with { Gates = state.Gates.SetItem(gate.Gate, fact) };
    }

    private static ReleaseState Intend(ReleaseState state, EffectIntended intended) =>
        intended.Step is { } step ? HookFold.Intend(Open(state, intended), intended.EffectId, step) : Open(state, intended);

    private static ReleaseState Open(ReleaseState state, EffectIntended intended) => state with
    {
        OpenEffects = state.OpenEffects.SetItem(intended.EffectId, intended),
        TouchedFlags = intended.Kind == EffectKind.Flag ? state.TouchedFlags.Add(intended.Target) : state.TouchedFlags,
        ExposureBegun = state.ExposureBegun || (intended.Kind == EffectKind.Flag && state.Captured is not null),
        Wrote = state.Wrote || intended.Kind is EffectKind.Flag or EffectKind.Configuration or EffectKind.Hook,
    };

    private static ReleaseState Finish(ReleaseState state, EffectFinished finished)
    {
        var next = state with { OpenEffects = state.OpenEffects.Remove(finished.EffectId) };
        if (finished.Kind != EffectKind.Flag) return HookFold.Finish(next, finished);
        if (finished.Outcome == EffectOutcome.Conflict) next = next with { DriftedFlags = next.DriftedFlags.Add(finished.Target) };
        var gone = finished is { Flag: null, Outcome: EffectOutcome.Done or EffectOutcome.AlreadyDone } && state.Rollback is not null;
        // A flag that no longer exists when it is taken back is off for every application.
        var read = gone && next.Flags.TryGetValue(finished.Target, out var known) ? known with { Enabled = false, Exposure = Percentage.Zero } : finished.Flag;
        if (read is not { } flag) return next;
        next = next with { Flags = next.Flags.SetItem(flag.Key, flag), FoundFlags = next.FoundFlags.Remove(flag.Key), TouchedFlags = next.TouchedFlags.Add(flag.Key), Wrote = true };
        return EnvironmentFold.Expose(next);
    }

    private static ReleaseState Start(ReleaseState state, DateTimeOffset at, StageStarted started)
    {
        if (started.Stage < 0 || started.Stage >= state.Stages.Length) return state;
        var stages = Complete(state.Stages, started.Stage, at);
        var stage = stages[started.Stage];
        return state with
        {
            Stage = Math.Max(state.Stage, started.Stage),
            Stages = stages.SetItem(started.Stage, stage with
            {
                Status = stage.Status == StageStatus.Completed ? StageStatus.Completed : StageStatus.Active,
                StartedAt = stage.StartedAt ?? at,
                EvidenceFrom = started.EvidenceFrom,
            }),
        };
    }

    private static ReleaseState End(ReleaseState state, DateTimeOffset at, StageEnded ended)
    {
        if (ended.Stage < 0 || ended.Stage >= state.Stages.Length) return state;
        var stage = state.Stages[ended.Stage];
        return state with
        {
            Stages = state.Stages.SetItem(ended.Stage, stage with
            {
                Status = ended.Promoted ? StageStatus.Completed : stage.Status,
                StartedAt = ended.Promoted ? stage.StartedAt ?? at : stage.StartedAt,
                EndedAt = at,
                Verdict = ended.Verdict,
                Sentence = ended.Sentence,
            }),
        };
    }

    // Stages before the one that runs are over, whatever was recorded of their end.
    private static ImmutableArray<StageState> Complete(ImmutableArray<StageState> stages, int before, DateTimeOffset at) =>
        stages.Take(before).All(stage => stage.Status == StageStatus.Completed)
            ? stages
            : [.. stages.Select(stage => stage.Index >= before || stage.Status == StageStatus.Completed
                ? stage
                : stage with { Status = StageStatus.Completed, StartedAt = stage.StartedAt ?? at, EndedAt = stage.EndedAt ?? at })];

    internal static ImmutableSortedDictionary<string, AlertFact> Raise(
        ImmutableSortedDictionary<string, AlertFact> alerts, DateTimeOffset at, AlertRaised alert)
    {
        var before = alerts.GetValueOrDefault(alert.Name);
        return alerts.SetItem(alert.Name, new AlertFact(
            alert.Name, alert.Severity, AuditTrail.Cut(alert.Sentence), AuditTrail.Cut(alert.ActionTaken), before?.FirstAt ?? at, at, (before?.Count ?? 0) + 1));
    }

    private static ReleaseState Receive(ReleaseState state, LedgerEntry entry, ReleaseCommand command) =>
        state.Commands.Exists(fact => fact.Command.Id == command.Id)
            ? state
            : state with { Commands = state.Commands.Add(new CommandFact(command, entry.Sequence, entry.At, null, "", null)) };

    private static ReleaseState Answer(ReleaseState state, DateTimeOffset at, string id, bool applied, string answer)
    {
        var index = state.Commands.FindLastIndex(fact => fact.Command.Id == id);
        if (index < 0) return ApprovalFold.Answer(EvaluationFold.Answer(SignalFold.Answer(state, id, applied, answer), id, applied, answer), id, applied, answer);
        var fact = state.Commands[index];
        return state with
        {
            Commands = state.Commands.SetItem(index, fact with { Applied = applied, Answer = AuditTrail.Cut(answer), AnsweredAt = at }),
            NoticesAcknowledged = state.NoticesAcknowledged || (applied && fact.Command.Kind == ReleaseCommandKind.AcknowledgeNotices),
        };
    }

    private static ImmutableSortedDictionary<string, MessageFact> Send(
        ImmutableSortedDictionary<string, MessageFact> messages, DateTimeOffset at, MessageSent sent)
    {
        var before = messages.GetValueOrDefault(sent.MessageId);
        // Once accepted, a message stays accepted, since a later failed attempt was a duplicate; unless the sender gave it up after all.
        var last = before is { Last.Accepted: true } && !sent.GivenUp ? before.Last : sent with { Details = AuditTrail.Cut(sent.Details) };
        return messages.SetItem(sent.MessageId, new MessageFact(last, at, (before?.Attempts ?? 0) + 1));
    }

    private static string NonBlank(string text, string otherwise) => string.IsNullOrWhiteSpace(text) ? otherwise : text;
}
