using Slipway.Core.Ledgers;
using Slipway.Core.Releases;
using Slipway.Core.Rescue;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Ports;
using Slipway.Workflow.Releases;

namespace Slipway.Workflow.Rescue;

/// <summary>
/// The rescue without an engine: a person brings a release back from its ledger alone: the deploy hook's traffic, flags and configuration keys. Only while no engine runs
/// on the same ledger; an orchestration that is started again later reads the takeover and ends itself.
/// </summary>
/// <param name="journal">Ledgers with their folded state.</param>
/// <param name="ports">The adapters.</param>
/// <param name="time">The clock of this host.</param>
/// <param name="client">Keeps a wake-up for the engine that runs next, so that the orchestration reads the takeover and ends itself.</param>
public sealed class DirectRollback(ReleaseJournal journal, ReleasePorts ports, TimeProvider time, IReleaseClient client)
{
    /// <summary>A store that does not answer is asked this often; each call of an adapter has its own time limit.</summary>
    private const int Attempts = 5;

    /// <summary>Brings a release back. Safe to repeat after it was interrupted: it goes on with the same entries.</summary>
    /// <param name="release">The release.</param>
    /// <param name="by">Who asks; recorded.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="cancellation">Stops between two steps; what is done stays done and is recorded at the next run.</param>
    public async Task<DirectOutcome> RunAsync(ReleaseId release, string by, string reason, CancellationToken cancellation)
    {
        if (await journal.StateAsync(release, cancellation) is not { } state) return new DirectOutcome.NotFound();
        if (state.IsTerminal) return new DirectOutcome.Over(state.Phase, state.LeftToDo);
        if (!state.ExposureBegun || state.Captured is null) return new DirectOutcome.NotExposed(state.Phase);

        var startedAt = time.GetUtcNow();
        var why = reason.Length == 0 ? $"rolled back without an engine by {by}" : $"rolled back without an engine by {by}: {reason}";
        if (state.TakenOver is null) await journal.AppendAsync(release, RescueEntries.TakeOver(state, by, false, why, startedAt), cancellation);
        await WakeAsync(release, cancellation);
        var brief = await BriefAsync(release, cancellation);
        await journal.AppendAsync(release, RescueEntries.Intents(brief, true, startedAt), cancellation);

        var callHook = new CallHook(ports.Hook, journal);
        var flags = new List<RestoreResult>();
        foreach (var back in brief.Calls) flags.Add(await CallAsync(callHook, back, cancellation));

        var restore = new RestoreFlag(ports.Flags);
        foreach (var target in brief.Targets)
        {
            var done = await InsistAsync(
                () => restore.RunAsync(new RestoreFlagInput(target.Flag, target.Captured, target.Left, target.Pending), cancellation), output => output.Outcome);
            flags.Add(new RestoreResult(EffectKind.Flag, target.Flag.Key.ToString(), done.Outcome, done.Details, done.Flag, done.Drifted));
        }

        var restoreKey = new RestoreKey(ports.Configuration);
        var keys = new List<RestoreResult>();
        foreach (var key in brief.Keys)
        {
            var done = await InsistAsync(() => restoreKey.RunAsync(new RestoreKeyInput(key), cancellation), output => output.Outcome);
            keys.Add(new RestoreResult(EffectKind.Configuration, key.Key, done.Outcome, done.Details));
        }

        brief = await BriefAsync(release, cancellation);
        var ending = RescueEntries.End(brief, flags, keys, startedAt, time.GetUtcNow());
        var loaded = await new LoadRelease(ports.Ledger).RunAsync(new LoadInput(release), cancellation);
        var messages = RescueMessages.For(release, loaded, brief, ending, time.GetUtcNow());
        await journal.AppendAsync(
            release, [.. ending.Entries, .. messages.Select(message => RescueMessages.Intent(message, brief.By, time.GetUtcNow()))], cancellation);
        await ports.Locks.ReleaseAllAsync(release, cancellation);
        return new DirectOutcome.Done(ending, [.. flags, .. keys], await TellAsync(release, brief.By, messages, cancellation));
    }

    private async Task WakeAsync(ReleaseId release, CancellationToken cancellation)
    {
        try
        {
            await client.WakeAsync(release, cancellation);
        }
        catch (PortUnavailableException)
        {
            // Users come first; the orchestration is refused every further move by the takeover in the ledger.
        }
    }

    /// <summary>A step that is under way is asked about a few times; nobody waits here for a pipeline that takes minutes.</summary>
    private static async Task<RestoreResult> CallAsync(CallHook hook, RescueCall back, CancellationToken cancellation)
    {
        var input = new HookInput(back.Hook, back.Call);
        var answer = await hook.RunAsync(input, cancellation);
        for (var attempt = 1; attempt < Attempts && answer.Progress != HookProgress.Done; attempt++) answer = await hook.RunAsync(input with { Status = answer.Status }, cancellation);
        return RestoreCall.Result(back, answer, "");
    }

    private async Task<RescueBrief> BriefAsync(ReleaseId release, CancellationToken cancellation) =>
        await new ReadBrief(journal).RunAsync(new RescueInput(release), cancellation);

    /// <summary>Tries each message once; returns who was not reached.</summary>
    private async Task<IReadOnlyList<string>> TellAsync(ReleaseId release, string by, IReadOnlyList<MessageInput> messages, CancellationToken cancellation)
    {
        var send = new SendMessage(ports.Mailer, ports.Webhook, ports.Composer);
        var missed = new List<string>();
        foreach (var message in messages)
        {
            var told = await send.RunAsync(message, cancellation);
            var accepted = told.Outcome == EffectOutcome.Done;
            if (!accepted) missed.Add(message.Email ?? message.Name);
            await journal.AppendAsync(release, RescueMessages.Told(message, by, "0", [message.Sent(0, accepted, told.Details)], time.GetUtcNow()), cancellation);
        }

        return missed;
    }

    private static async Task<T> InsistAsync<T>(Func<Task<T>> act, Func<T, EffectOutcome> outcome)
    {
        var answer = await act();
        for (var attempt = 1; attempt < Attempts && outcome(answer) is not (EffectOutcome.Done or EffectOutcome.AlreadyDone); attempt++) answer = await act();
        return answer;
    }
}

/// <summary>How a direct rollback ended.</summary>
public abstract record DirectOutcome
{
    /// <summary>It ran to its end.</summary>
    /// <param name="Ending">Rolled back or failed, why, and what is left.</param>
    /// <param name="Results">What was done to each flag and key.</param>
    /// <param name="NotTold">Who could not be told.</param>
    public sealed record Done(RescueEnding Ending, IReadOnlyList<RestoreResult> Results, IReadOnlyList<string> NotTold) : DirectOutcome;

    /// <summary>There is no such release.</summary>
    public sealed record NotFound : DirectOutcome;

    /// <summary>The release was over before; nothing was done.</summary>
    public sealed record Over(ReleasePhase Phase, IReadOnlyList<string> LeftToDo) : DirectOutcome;

    /// <summary>No flag was written yet, so there is nothing to bring back; nothing was done.</summary>
    public sealed record NotExposed(ReleasePhase Phase) : DirectOutcome;
}
