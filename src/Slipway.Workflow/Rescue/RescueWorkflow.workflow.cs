using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Core.Strategies;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Aftercare;
using Slipway.Workflow.Engine;
using Slipway.Workflow.Messages;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Rescue;

/// <summary>
/// The dead-man's switch at work: level 1 from the ledger's capture for a release that was taken over, then the page to on-call. Small and
/// apart from the release's own orchestration, so that what broke that one does not break this one. One at a time for each release: one that
/// failed is followed by another, which goes on with the same entries.
/// </summary>
public sealed class RescueWorkflow : IWorkflow<RescueInput, ReleaseOutput>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>How long it waits for its intents to be in the ledger before it acts all the same.</summary>
    private static readonly TimeSpan RecordPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StandardBudget = TimeSpan.FromMinutes(5);

    /// <summary>A call of the pipeline that was on its way when the orchestration died has landed by then: the adapter gives it up in less.</summary>
    private static readonly TimeSpan LateCallPatience = TimeSpan.FromSeconds(60);

    /// <summary>The instance that rescues a release.</summary>
    /// <param name="release">The release.</param>
    /// <param name="attempt">1 for the first; another follows only on one that failed.</param>
    public static string InstanceOf(ReleaseId release, int attempt = 1) => attempt == 1 ? $"{release}/rescue" : $"{release}/rescue/{attempt}";

    /// <inheritdoc/>
    public async Task<ReleaseOutput> RunAsync(IWorkflowContext context, RescueInput input)
    {
        var release = input.Release;

        // What to bring back, and whom to tell, is in the ledger alone: this is the one wait that has no end while it is away.
        var loaded = await context.Insist(() => context.RunActivity(ReleaseActivities.Load, new LoadInput(release)));
        var brief = await context.Insist(() => context.RunActivity(ReleaseActivities.Brief, input));
        if (brief.IsOver) return new ReleaseOutput(brief.Phase, "the release was over before the rescue");

        var startedAt = context.Now;
        var ledger = new LedgerWriter(context, release);
        var intents = RescueEntries.Intents(brief, false, startedAt);
        if (loaded.TellsWithoutLedger)
        {
            ledger.Add(intents);
            await ledger.RecordedUntil(startedAt + RecordPatience);
        }
        else
        {
            await context.Attempt(context.RunActivity(ReleaseActivities.Append, new AppendInput(release, intents)), RecordPatience);
        }

        var budget = loaded.Plan.Levels.FirstOrDefault(level => level.Level == 1)?.Budget ?? StandardBudget;
        if (brief.Calls.Any(back => back.Call.Step.Action == DeployAction.Rollback)) budget = loaded.Plan.Levels.FirstOrDefault(level => level.Level == 3)?.Budget ?? budget;
        var results = await Restore(context, brief, startedAt + budget, loaded.EndsWithWhatItSaw);
        if (loaded.RescuesFromLateCalls && brief.Again is { Count: > 0 } again)
        {
            await context.SleepUntil(startedAt + LateCallPatience);
            ledger.Add([.. RescueEntries.HookIntents(brief.By, again, context.Now)]);
            await ledger.RecordedUntil(context.Now + RecordPatience);
            var (last, soon) = (startedAt + budget, context.Now + Timeout);
            var until = !loaded.RescuesInOneBudget ? context.Now + budget : last > soon ? last : soon;
            var second = await Restore(context, brief.After(results), until, loaded.EndsWithWhatItSaw);
            var first = results.Take(brief.Calls.Count);
            results = [.. loaded.RescuesInOneBudget ? first.Zip(second, static (before, after) => before.FollowedBy(after)) : first, .. second];
        }

        var restored = new Restored(loaded, brief, results, startedAt, context.Now);
        return loaded.TellsWithoutLedger ? await End(context, ledger, input, restored) : await EndByLedger(context, input, restored);
    }

    /// <summary>
    /// Records the end and tells people, who wait for the ledger no longer than <see cref="LedgerWriter.LastWordPatience"/> allows; locks are given
    /// up only once the ledger says that the release is over.
    /// </summary>
    private static async Task<ReleaseOutput> End(IWorkflowContext context, LedgerWriter ledger, RescueInput input, Restored restored)
    {
        var release = input.Release;
        var patience = context.Now + LedgerWriter.LastWordPatience;

        // Read again: people may have asked for something meanwhile, and every command gets its answer. Where the ledger does not say, the sweeper
        // answers what this end does not know of.
        var after = await context.InsistUntil(() => context.RunActivity(ReleaseActivities.Brief, input), patience) ?? restored.Brief;
        if (after.IsOver) return new ReleaseOutput(after.Phase, "the release was ended by somebody else during the rescue");
        var ending = RescueEntries.End(after, restored.Results, null, restored.StartedAt, restored.At);
        var messages = RescueMessages.For(release, restored.Loaded, after, ending, context.Now);
        ledger.Add([.. ending.Entries, .. messages.Select(message => RescueMessages.Intent(message, after.By, context.Now))]);
        var soon = context.Now + RecordPatience;
        await ledger.RecordedUntil(patience > soon ? patience : soon);
        var telling = messages.Select(message => new MessageDelivery(context, message, (name, bodies) =>
        {
            ledger.Add(RescueMessages.Told(message, after.By, name, bodies, context.Now));
            return Task.CompletedTask;
        })
        { Confirms = restored.Loaded.ConfirmsEveryMail }.RunAsync()).ToList();
        await ledger.Recorded();
        await context.Insist(() => context.RunActivity(ReleaseActivities.ReleaseLocks, new UnlockInput(release)));
        await context.Attempt(context.RunActivity(ReleaseActivities.StartAftercare, new AftercareInput(release)), Timeout);
        await Task.WhenAll(telling);
        await ledger.Recorded();
        return new ReleaseOutput(ending.Phase, ending.Reason);
    }

    /// <summary>As rescues end that began before revision 1: nobody is told of what is not in the ledger.</summary>
    private static async Task<ReleaseOutput> EndByLedger(IWorkflowContext context, RescueInput input, Restored restored)
    {
        var release = input.Release;
        var after = await context.Insist(() => context.RunActivity(ReleaseActivities.Brief, input));
        if (after.IsOver) return new ReleaseOutput(after.Phase, "the release was ended by somebody else during the rescue");
        var ending = RescueEntries.End(after, restored.Results, null, restored.StartedAt, restored.At);
        var messages = RescueMessages.For(release, restored.Loaded, after, ending, context.Now);
        await Append(context, release, [.. ending.Entries, .. messages.Select(message => RescueMessages.Intent(message, after.By, context.Now))]);
        var telling = messages.Select(message => new MessageDelivery(context, message, (name, bodies) =>
            Append(context, release, RescueMessages.Told(message, after.By, name, bodies, context.Now)))
        { Confirms = false }.RunAsync()).ToList();
        await context.Insist(() => context.RunActivity(ReleaseActivities.ReleaseLocks, new UnlockInput(release)));
        await context.Attempt(context.RunActivity(ReleaseActivities.StartAftercare, new AftercareInput(release)), Timeout);
        await Task.WhenAll(telling);
        return new ReleaseOutput(ending.Phase, ending.Reason);
    }

    /// <summary>What was brought back, from which ledger, and when.</summary>
    private sealed record Restored(LoadOutput Loaded, RescueBrief Brief, IReadOnlyList<RestoreResult> Results, DateTimeOffset StartedAt, DateTimeOffset At);

    /// <summary>Everything at once, again and again until it is undone or the time is over: steps back of the hook first, then flags. Where that took more
    /// than one round the flags are brought back once more at its end, by their last looks: steps of the hook may take a quarter of an hour.</summary>
    private static async Task<IReadOnlyList<RestoreResult>> Restore(IWorkflowContext context, RescueBrief brief, DateTimeOffset deadline, bool looksAgain)
    {
        RescueTarget[] targets = [.. brief.Targets];
        List<Func<Task<RestoreResult>>> restores =
        [
            .. brief.Calls.Select(back => AskBack(context, back)),
            .. Enumerable.Range(0, targets.Length).Select(index => (Func<Task<RestoreResult>>)(() => RestoreOne(context, targets[index]))),
        ];
        var results = new RestoreResult?[restores.Count];
        for (var round = 0; ; round++)
        {
            List<int> waiting = [.. Enumerable.Range(0, restores.Count).Where(index => results[index] is not { Undone: true })];
            foreach (var (index, result) in waiting.Zip(await Task.WhenAll(waiting.Select(index => restores[index]())))) results[index] = result;
            var undone = results.All(result => result!.Undone);
            if (undone && looksAgain && round > 0)
            {
                looksAgain = false;
                for (var index = 0; index < targets.Length; index++)
                {
                    targets[index] = targets[index].After(results[brief.Calls.Count + index]!.Drifted, results[brief.Calls.Count + index]!.Flag);
                    results[brief.Calls.Count + index] = null;
                }

                continue;
            }

            if (undone || context.Now >= deadline) break;
            var next = context.Now + Insistence.Backoff(round);
            await context.SleepUntil(next < deadline ? next : deadline);
        }

        return [.. results.Select(result => result!)];
    }

    /// <summary>A step back, which remembers between two attempts where the pipeline wants to be asked.</summary>
    private static Func<Task<RestoreResult>> AskBack(IWorkflowContext context, RescueCall back)
    {
        Uri? status = null;
        return async () =>
        {
            var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.Hook, new HookInput(back.Hook, back.Call, status)), Timeout);
            status = value?.Status ?? status;
            return RestoreCall.Result(back, value, problem);
        };
    }

    private static async Task<RestoreResult> RestoreOne(IWorkflowContext context, RescueTarget target)
    {
        var input = new RestoreFlagInput(target.Flag, target.Captured, target.Left, target.Pending);
        var (value, problem) = await context.Attempt(context.RunActivity(ReleaseActivities.RestoreFlag, input), Timeout);
        return value is null
            ? new RestoreResult(EffectKind.Flag, target.Flag.Key.ToString(), EffectOutcome.TimedOut, problem)
            : new RestoreResult(EffectKind.Flag, target.Flag.Key.ToString(), value.Outcome, value.Details, value.Flag, value.Drifted);
    }

    private static Task<AppendOutput> Append(IWorkflowContext context, ReleaseId release, IReadOnlyList<LedgerDraft> drafts) =>
        context.Insist(() => context.RunActivity(ReleaseActivities.Append, new AppendInput(release, drafts)));
}
