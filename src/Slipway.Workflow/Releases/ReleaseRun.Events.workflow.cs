using Slipway.Core.Ledgers;
using Slipway.Workflow.Activities;
using Slipway.Workflow.Engine;

namespace Slipway.Workflow.Releases;

/// <summary>How the run waits: for its own work and, at the same time, for commands, the watch and messages.</summary>
internal sealed partial class ReleaseRun
{
    private readonly LedgerWriter _ledger = new(context, release);
    private Task<string> _wake = null!;
    private Task<CommandsOutput>? _reading;
    private bool _unread = true;
    private long _cursor;
    private DateTimeOffset _readBegunAt;
    private DateTimeOffset _readUntil;

    private void ListenForCommands() => _wake = context.WaitForSignal(ReleaseWorkflow.Wake);

    /// <summary>
    /// Waits until the condition holds, the work is done or the deadline is there, and handles whatever else happens meanwhile. An
    /// interruptible wait also returns when the release has to stop. Callers look at the outcome themselves.
    /// </summary>
    private async Task Pump(Func<bool> until, Task? work, DateTimeOffset? deadline, bool interruptible = true)
    {
        using var cancel = new CancellationTokenSource();
        (DateTimeOffset At, Task Timer)? alarm = null;
        var sleep = deadline is { } due ? context.SleepUntil(due, cancel.Token) : null;
        try
        {
            while (true)
            {
                Harvest();
                if (until() || work is { IsCompleted: true } || sleep is { IsCompleted: true } || (interruptible && _stop is not null)) return;
                var sources = new List<Task> { _wake };
                if (work is not null) sources.Add(work);
                if (sleep is not null) sources.Add(sleep);
                if (_reading is not null) sources.Add(_reading);
                sources.AddRange(_environments.Select(environment => environment.Running).OfType<Task>());
                if (NextAlarm() is { } at)
                {
                    // One timer for what is due at a moment of its own, whatever is waited for.
                    if (alarm is not { } set || set.At != at) alarm = set = (at, context.SleepUntil(at, cancel.Token));
                    sources.Add(set.Timer);
                }

                sources.AddRange(_outgoing);
                await Task.WhenAny(sources);
            }
        }
        finally
        {
            cancel.Cancel();
        }
    }

    /// <summary>Takes in everything that has completed.</summary>
    private void Harvest()
    {
        if (_wake.IsCompleted)
        {
            // The waiter lives as long as the release and is renewed only here, so no signal can fall between two waiters.
            _wake = context.WaitForSignal(ReleaseWorkflow.Wake);
            _unread = true;
            _wakes++;
        }

        if (_reading is { IsCompleted: true } read)
        {
            _reading = null;
            _cursor = Math.Max(_cursor, read.Result.Cursor);
            _readUntil = _readBegunAt;
            if (read.Result.TakenOverBy is { } other) throw new ReleaseTakenOverException(release, other);
            foreach (var command in read.Result.Commands) Apply(command);
            foreach (var decision in read.Result.Decisions ?? []) Hear(decision);
            foreach (var unlocked in read.Result.Unlocked ?? []) OnUnlocked(unlocked);
            foreach (var answer in read.Result.Answers ?? []) Hear(answer);
            foreach (var signal in read.Result.Signals ?? []) Take(signal);
        }

        CheckAlarms();
        if (_unread && _reading is null)
        {
            _unread = false;
            _readBegunAt = context.Now;
            _reading = ReadCommands();
        }

        foreach (var environment in _environments)
        {
            if (environment.Running is not { IsCompleted: true } watch) continue;
            environment.Running = null;
            OnWatchEnded(environment, watch.Result);
        }

        _outgoing.RemoveAll(message => message.IsCompleted);
    }

    /// <summary>Reads new commands, as often as it takes: a command that is in the ledger is never given up.</summary>
    private async Task<CommandsOutput> ReadCommands()
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await Attempt(context.RunActivity(ReleaseActivities.Commands, new CommandsInput(release, _cursor)), ForwardTimeout);
            if (answer.Value is { } value) return value;
            await context.SleepUntil(context.Now + Backoff(attempt));
        }
    }

    /// <summary>Records something: buffered at once, written in order, in the background.</summary>
    private void Record(LedgerBody body, string actor = "slipway")
    {
        _ledger.Add(new LedgerDraft(NewEntryId(), context.Now, actor, body));
    }

    /// <summary>Completes when everything recorded so far is in the ledger.</summary>
    private Task Recorded() => _ledger.Recorded();

    /// <summary>Waits for an activity, but not longer than the timeout; a failure is a value.</summary>
    private async Task<Answer<T>> Attempt<T>(Task<T> activity, TimeSpan timeout)
        where T : class
    {
        using var cancel = new CancellationTokenSource();
        var timer = context.SleepUntil(context.Now + timeout, cancel.Token);
        if (await Task.WhenAny(activity, timer) == timer && !activity.IsCompleted) return new Answer<T>(null, true, $"no answer within {timeout.TotalSeconds:0} s");
        cancel.Cancel();
        try
        {
            return new Answer<T>(await activity, false, "");
        }
        catch (ActivityFailedException error)
        {
            return new Answer<T>(null, false, error.ErrorMessage);
        }
    }

    /// <summary>Waits for a forward activity while commands and the watch are heard; no value when the release has to stop first.</summary>
    private async Task<Answer<T>> Forward<T>(Task<T> activity, bool interruptible = true)
        where T : class
    {
        var attempt = Attempt(activity, ForwardTimeout);
        await Pump(() => attempt.IsCompleted, attempt, null, interruptible);
        return attempt.IsCompleted ? await attempt : new Answer<T>(null, true, "interrupted");
    }

    /// <summary>1, 2, 4 … up to 30 seconds.</summary>
    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Min(attempt, 5))));

    /// <summary>An activity's answer: a value, or why there is none.</summary>
    private sealed record Answer<T>(T? Value, bool TimedOut, string Problem)
        where T : class;
}
