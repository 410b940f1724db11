using System.Text.Json.Serialization;
using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Rescue;

/// <summary>A flag and what it has to come back to.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Captured">The state to come back to.</param>
/// <param name="Left">The flag as it was last read back.</param>
/// <param name="Pending">An exposure whose write may still be under way; null when there is none.</param>
public sealed record RescueTarget(FlagSpec Flag, FlagState Captured, FlagState Left, Percentage? Pending)
{
    /// <summary>The same once it was brought back: nothing is under way any more, and what somebody else left is not Slipway's own.</summary>
    /// <param name="drifted">Whether somebody else had changed it.</param>
    /// <param name="flag">As it was read back; null: it did not exist.</param>
    public RescueTarget After(bool drifted, FlagState? flag) => this with { Left = drifted || flag is null ? Captured with { ETag = "" } : flag, Pending = null };
}

/// <summary>A step back that a rescue asks for.</summary>
/// <param name="Hook">Whom it asks.</param>
/// <param name="Call">What it asks.</param>
public sealed record RescueCall(Uri Hook, HookCall Call);

/// <summary>All that the ledger says about how to bring a release back without its orchestration.</summary>
public sealed record RescueBrief
{
    /// <summary>Where the release stands.</summary>
    public required ReleasePhase Phase { get; init; }

    /// <summary>The stage, 0 first; -1 before the first.</summary>
    public required int Stage { get; init; }

    /// <summary>The exposure as last read back.</summary>
    public required Percentage Exposure { get; init; }

    /// <summary>Who took the release over; empty when nobody did.</summary>
    public required string By { get; init; }

    /// <summary>Why the release goes back.</summary>
    public required string Reason { get; init; }

    /// <summary>The captured flags, in reverse order of the plan.</summary>
    public required IReadOnlyList<RescueTarget> Targets { get; init; }

    /// <summary>What has to be asked of the deploy hook to bring users back who came by it, in order.</summary>
    public IReadOnlyList<RescueCall> Calls { get; init; } = [];

    /// <summary>The same once more, to be asked when a call of the pipeline that may be on its way has landed; empty: none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<RescueCall>? Again { get; init; }

    /// <summary>What the pipeline was asked for that exposes users and of which no end is known: it may still be at it. Null: nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? AtWork { get; init; }

    /// <summary>The captured configuration keys, in reverse order.</summary>
    public required IReadOnlyList<ConfigurationValue> Keys { get; init; }

    /// <summary>Whether the flags were undone before and that did not recover the release.</summary>
    public required bool FlagsDidNotHelp { get; init; }

    /// <summary>What a rescue leaves to people, as it does nothing that brings no user back: caches and migrations.</summary>
    public IReadOnlyList<string> ByHand { get; init; } = [];

    /// <summary>Commands that nobody has answered.</summary>
    public required IReadOnlyList<ReleaseCommand> Unanswered { get; init; }

    /// <summary>The ids of decisions, reports and answers that nobody has answered.</summary>
    public IReadOnlyList<string> UnansweredReports { get; init; } = [];

    /// <summary>The ids of evaluations that wait for an answer.</summary>
    public IReadOnlyList<string> OpenEvaluations { get; init; } = [];

    /// <summary>Who accepted the notice that the release starts: addresses and names of webhooks.</summary>
    public IReadOnlyList<string> ToldOfStart { get; init; } = [];

    /// <summary>The ids of pages that nobody has acknowledged.</summary>
    public IReadOnlyList<string> OpenPages { get; init; } = [];

    /// <summary>Whether the release is over, so that nothing is left to do.</summary>
    public bool IsOver => Phase is ReleasePhase.Completed or ReleasePhase.RolledBack or ReleasePhase.Failed;

    /// <summary>What is asked once more: the calls under their other keys, and each flag as it was brought back.</summary>
    /// <param name="results">One for each call and each flag, in order.</param>
    public RescueBrief After(IReadOnlyList<RestoreResult> results) => this with
    {
        Calls = Again ?? [],
        Targets = [.. Targets.Zip(results.Skip(Calls.Count), (target, result) => result.Undone ? target.After(result.Drifted, result.Flag) : target)],
    };

    /// <summary>The brief that follows from a ledger's state.</summary>
    public static RescueBrief Of(ReleaseState state)
    {
        var captured = state.Captured?.Flags.ToDictionary(flag => flag.Key) ?? [];
        return new RescueBrief
        {
            Phase = state.Phase,
            Stage = state.Stage,
            Exposure = state.Exposure,
            By = state.TakenOver?.By ?? "",
            Reason = state.TakenOver?.Why ?? state.PhaseReason,
            Targets = [.. state.Plan.Flags.Reverse().Where(flag => captured.ContainsKey(flag.Key)).Select(flag => TargetOf(state, flag, captured[flag.Key]))],
            Calls = CallsOf(state, HookCall.Rescue),
            Again = state.HookSteps.Any(fact => fact.Outcome is null or EffectOutcome.TimedOut) ? CallsOf(state, HookCall.RescueAgain) : null,
            AtWork = state.HookSteps.Where(fact => fact.Step.Exposes && fact.Outcome is null or EffectOutcome.TimedOut).Select(fact => fact.Step.Sentence).ToList() is { Count: > 0 } open ? open : null,
            Keys = [.. (state.Captured?.Keys ?? []).Reverse()],
            ByHand =
            [
                .. BackOperations.Purges(state.Request).Select(step => BackOperations.ByHand(step, "nobody asked the pipeline for it")),
                .. BackOperations.StayingMigrations(state.Request),
            ],
            FlagsDidNotHelp = state.Rollback?.Levels.Any(level => level.Result is { Recovered: false, UndoneAt: not null }) ?? false,
            Unanswered = [.. state.PendingCommands.Select(fact => fact.Command)],
            UnansweredReports = [.. state.PendingDecisions.Select(fact => fact.Received.Decision.Id), .. state.PendingReports.Select(report => report.Id)],
            ToldOfStart = [.. state.ToldOfStart],
            OpenPages = [.. state.OpenPages.Select(fact => fact.Opened.Id)],
            OpenEvaluations = [.. state.OpenEvaluations.Select(fact => fact.Opened.Id)],
        };
    }

    private static IReadOnlyList<RescueCall> CallsOf(ReleaseState state, Func<ReleaseId, IReadOnlyList<HookStep>, IReadOnlyList<HookCall>> keyed)
    {
        var code = state.Request.Rollback?.Code;
        return
        [
            .. keyed(state.Plan.ReleaseId, WayBack.OfExposure(state.HookSteps, code?.PreviousVersion))
                .Select(call => (Hook: call.Step.Action == DeployAction.Rollback ? code?.Hook : state.Plan.Deploy?.Hook, Call: call))
                .Where(back => back.Hook is not null)
                .Select(back => new RescueCall(back.Hook!, back.Call)),
        ];
    }

    /// <summary>A flag that does not read back at its stage's percentage may have a write under way, which the restore has to fence; so may one of which no
    /// write is known, as in a dark stage, whose percentage is that of a flag nobody wrote.</summary>
    private static RescueTarget TargetOf(ReleaseState state, FlagSpec flag, FlagState captured)
    {
        var left = state.Flags.GetValueOrDefault(flag.Key, captured);
        Percentage? stage = state.Stage >= 0 && state.Stage < state.Plan.Stages.Count ? state.Plan.Stages[state.Stage].Percentage : null;
        var underWay = (left.Exposure != stage || left.ETag == captured.ETag) && state.Plan.EnvironmentOf(state.Stage).Flags.Any(own => own.Key == flag.Key);
        return new RescueTarget(flag, captured, left, underWay ? stage : null);
    }
}
