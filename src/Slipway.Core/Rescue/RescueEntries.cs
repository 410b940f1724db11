using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Strategies;

namespace Slipway.Core.Rescue;

/// <summary>How bringing one flag or key back ended.</summary>
/// <param name="Kind">A flag or a configuration key.</param>
/// <param name="Target">The flag's key, or the configuration key.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Details">What was found.</param>
/// <param name="Flag">The flag as read back; null for a key, and when it is unknown or gone.</param>
/// <param name="Drifted">Whether somebody else had changed it.</param>
public sealed record RestoreResult(EffectKind Kind, string Target, EffectOutcome Outcome, string Details, FlagState? Flag = null, bool Drifted = false)
{
    /// <summary>The step back, for a call of the deploy hook; otherwise null.</summary>
    public HookCall? Step { get; init; }

    /// <summary>Whether the same step was asked for once more and is undone by that.</summary>
    public bool Superseded { get; init; }

    /// <summary>Whether it was read back as undone.</summary>
    public bool Undone => Outcome is EffectOutcome.Done or EffectOutcome.AlreadyDone || Superseded;

    /// <summary>The result with what became of the same step when it was asked for once more.</summary>
    public RestoreResult FollowedBy(RestoreResult again) => this with { Superseded = !Undone && again.Undone };
}

/// <summary>How a release ends that was taken over.</summary>
/// <param name="Phase">Rolled back, or failed.</param>
/// <param name="Reason">Why.</param>
/// <param name="LeftToDo">What a person has to do or look at.</param>
/// <param name="Entries">What goes to the ledger.</param>
public sealed record RescueEnding(ReleasePhase Phase, string Reason, IReadOnlyList<string> LeftToDo, IReadOnlyList<LedgerDraft> Entries);

/// <summary>
/// What a takeover writes: the same entries whoever brings the release back. Their ids are fixed, so that writing them again, after a crash or
/// by somebody else who goes on, adds nothing.
/// </summary>
public static class RescueEntries
{
    /// <summary>The rescue as an actor.</summary>
    public const string Rescuer = "slipway rescue";

    /// <summary>The takeover: recorded before anything is done, so that a living orchestration sees it and the watch ends.</summary>
    public static IReadOnlyList<LedgerDraft> TakeOver(ReleaseState state, string by, bool automated, string reason, DateTimeOffset at)
    {
        List<LedgerDraft> drafts = [new("rescue:taken-over", at, by, new ReleaseTakenOver(by, reason))];
        if (state.Phase != ReleasePhase.RollingBack)
        {
            var trigger = automated ? ReleaseTrigger.Breached : ReleaseTrigger.RollBack;
            drafts.Add(new("rescue:phase", at, by, new PhaseEntered(ReleasePhase.RollingBack, trigger, state.Stage, reason, null, "")));
        }

        drafts.Add(new("rescue:begun", at, by, new RollbackBegun(automated, by, reason, null, null)));
        if (state.Watch is { } watch) drafts.Add(new("rescue:watch", at, by, watch with { Mode = WatchMode.Stop, BakeEndsAt = null, BakeMaxAt = null }));
        return drafts;
    }

    /// <summary>The end of a release that nobody runs and that exposed nobody.</summary>
    public static IReadOnlyList<LedgerDraft> Close(ReleaseState state, string reason, DateTimeOffset at) =>
    [
        new("rescue:alert", at, Rescuer, new AlertRaised("orchestration", AlertSeverity.Critical, reason, "the release is closed; nothing had been written")),
        new("rescue:end-phase", at, Rescuer, new PhaseEntered(ReleasePhase.Failed, ReleaseTrigger.Abort, state.Stage, reason, null, "")),
        .. state.OpenEvaluations.Select(fact => new LedgerDraft(
            $"rescue:evaluation:{fact.Opened.Id}", at, Rescuer, new EvaluationEnded(fact.Opened.Id, EvaluationOutcome.Withdrawn, Rescuer, $"the release stopped: {reason}"))),
        new("rescue:ended", at, Rescuer, new ReleaseEnded(ReleasePhase.Failed, reason, [])),
        .. Late(state, at),
    ];

    /// <summary>Answers to what people sent when nobody was there to answer any more.</summary>
    public static IEnumerable<LedgerDraft> Late(ReleaseState state, DateTimeOffset at) =>
    [
        .. state.PendingCommands.Select(fact => fact.Command).Select(command => new LedgerDraft(
            $"rescue:answer:{command.Id}", at, Rescuer, command.Kind is ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort && !state.IsTerminal
                ? new CommandApplied(command.Id, "the release is stopped; no user was exposed")
                : new CommandRefused(command.Id, "it came when the release was over"))),
        .. state.PendingDecisions.Select(fact => fact.Received.Decision.Id).Concat(state.PendingReports.Select(report => report.Id)).Select(id => new LedgerDraft(
            $"rescue:answer:{id}", at, Rescuer, new CommandRefused(id, "it came when the release was over"))),
    ];

    /// <summary>Before the act: what is about to be restored.</summary>
    /// <param name="brief">The release.</param>
    /// <param name="keys">Whether configuration keys are restored too.</param>
    /// <param name="at">When.</param>
    public static IReadOnlyList<LedgerDraft> Intents(RescueBrief brief, bool keys, DateTimeOffset at) =>
    [
        .. brief.Targets.Select(target => new LedgerDraft($"rescue:intent:{target.Flag.Key}", at, brief.By, new EffectIntended(
            EffectId(EffectKind.Flag, target.Flag.Key.ToString()), EffectKind.Flag, target.Flag.Key.ToString(), $"back to its captured state, {target.Captured.Exposure}"))),
        .. HookIntents(brief.By, brief.Calls, at),
        .. (keys ? brief.Keys : []).Select(key => new LedgerDraft($"rescue:intent-key:{key.Key}", at, brief.By, new EffectIntended(
            EffectId(EffectKind.Configuration, key.Key), EffectKind.Configuration, key.Key, "back to its captured value"))),
    ];

    /// <summary>Before calls of the deploy hook.</summary>
    public static IEnumerable<LedgerDraft> HookIntents(string by, IReadOnlyList<RescueCall> calls, DateTimeOffset at) =>
        calls.Select(back => new LedgerDraft($"rescue:intent-hook:{Id(back.Call)}", at, by, new EffectIntended(
            back.Call.Key, EffectKind.Hook, back.Hook.ToString(), back.Call.Step.Sentence)
        { Step = back.Call.Step }));

    private static string Id(HookCall call) => call.IsAgain ? $"again:{call.Step.Id}" : call.Step.Id;

    /// <summary>After the act: the results, the levels, the terminal phase, and answers to commands that nobody answered.</summary>
    /// <param name="brief">The release, read after the act.</param>
    /// <param name="flags">One result for each step back of the deploy hook and each flag.</param>
    /// <param name="keys">One result for each configuration key; null when level 2 was not run.</param>
    /// <param name="startedAt">When restoring began.</param>
    /// <param name="at">When the last result was there.</param>
    public static RescueEnding End(
        RescueBrief brief, IReadOnlyList<RestoreResult> flags, IReadOnlyList<RestoreResult>? keys, DateTimeOffset startedAt, DateTimeOffset at)
    {
        var flagsUndone = flags.All(result => result.Undone);
        var unproven = brief.FlagsDidNotHelp && keys is null;
        var recovered = flagsUndone && !unproven && (keys?.All(result => result.Undone) ?? true);
        var phase = recovered ? ReleasePhase.RolledBack : ReleasePhase.Failed;
        IReadOnlyList<string> left =
        [
            .. flags.Where(result => !result.Undone).Select(result => result.Step is { } step
                ? $"have the pipeline {step.Step.Sentence} and verify it: {result.Details}"
                : $"turn flag {result.Target} off and verify it: {result.Details}"),
            .. flags.Where(result => result.Undone && result.Drifted).Select(result => result.Details),
            .. (keys ?? []).Where(result => !result.Undone).Select(result => $"bring configuration {result.Target} back by hand: {result.Details}"),
            .. keys is null ? brief.Keys.Select(key => $"compare configuration {key.Key} with its captured value: level 2 was not run") : [],
            .. unproven ? ["everything was undone before and that did not recover the release: find out why"] : Array.Empty<string>(),
            .. (brief.AtWork ?? []).Select(step => $"see that the pipeline has ended what it may be at, {step}, and that nobody got the new version by it since"),
            .. brief.ByHand,
            "look at smoke checks and metrics: they were not looked at after users were brought back",
        ];
        var reason = recovered ? $"{(brief.Calls.Count == 0 ? "flags are back as captured" : flags.Any(result => result.Kind == EffectKind.Flag) ? "traffic is back and flags are as captured" : "traffic is back")}: {brief.Reason}" : $"the rollback could not be completed: {brief.Reason}";

        var drafts = new List<LedgerDraft>();
        foreach (var result in flags.Concat(keys ?? []))
        {
            Add($"result:{result.Kind}:{(result.Step is { } call ? Id(call) : result.Target)}", new EffectFinished(result.Step?.Key ?? EffectId(result.Kind, result.Target), result.Kind, result.Target, result.Outcome, result.Details, result.Flag));
        }

        Level(1, flags, !unproven && flagsUndone);
        if (keys is { Count: > 0 }) Level(2, keys, recovered);
        Add("end-phase", new PhaseEntered(phase, recovered ? ReleaseTrigger.Recovered : ReleaseTrigger.LevelsExhausted, brief.Stage, reason, null, ""));
        Add("ended", new ReleaseEnded(phase, reason, left));
        foreach (var command in brief.Unanswered)
        {
            Add($"answer:{command.Id}", command.Kind is ReleaseCommandKind.RollBack or ReleaseCommandKind.Abort
                ? new CommandApplied(command.Id, $"{brief.By} brought the release back: {reason}")
                : new CommandRefused(command.Id, $"{brief.By} took the release over: {brief.Reason}"));
        }

        foreach (var id in brief.UnansweredReports) Add($"answer:{id}", new CommandRefused(id, $"{brief.By} took the release over: {brief.Reason}"));
        foreach (var id in brief.OpenPages) Add($"page:{id}", new PageEnded(id, brief.By, "the release was taken over"));
        foreach (var id in brief.OpenEvaluations)
            Add($"evaluation:{id}", new EvaluationEnded(id, EvaluationOutcome.Withdrawn, brief.By, $"{brief.By} took the release over: {brief.Reason}"));
        return new RescueEnding(phase, reason, left, drafts);

        void Level(int level, IReadOnlyList<RestoreResult> results, bool good)
        {
            var undone = results.All(result => result.Undone);
            Add($"level:{level}", new LevelEnded(
                level,
                good,
                string.Join("; ", results.Select(result => result.Details)),
                [.. results.Where(result => !result.Undone).Select(result => $"{ShownUrl.Of(result.Target)}: {result.Details}")],
                startedAt,
                undone ? at : null));
        }

        void Add(string id, LedgerBody body) => drafts.Add(new LedgerDraft($"rescue:{id}", at, brief.By, body));
    }

    private static string EffectId(EffectKind kind, string target) => kind == EffectKind.Flag ? $"rescue:restore:{target}" : $"rescue:restore-key:{target}";
}
