using System.Threading.Channels;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>
/// The engine's one logical thread. A round takes everything that has arrived, lets each instance concerned take its turn, commits the
/// turns (together, where the database can), and only then begins what they cause.
/// </summary>
internal sealed partial class EngineLoop : IDisposable
{
    /// <summary>When many timers are due at the same moment, what the first of them cause does not wait for the last.</summary>
    private const int MostDueInARound = 64;

    private readonly IEngineStore _store;
    private readonly EngineOptions _options;
    private readonly Channel<EngineMessage> _mailbox;
    private readonly LiveInstances _instances;
    private readonly DueClock _due;
    private readonly UnstoredEnds _ends = new();
    private readonly PendingWork _pending;
    private readonly Queue<string> _unchecked = new();
    private bool _loaded;

    public EngineLoop(IEngineStore store, WorkflowRegistry registry, TimeProvider time, EngineOptions options, Channel<EngineMessage> mailbox)
    {
        (_store, _options, _mailbox) = (store, options, mailbox);
        _instances = new LiveInstances(store, registry, options.MaxIdleInMemory);
        Activities = new ActivityDispatcher(registry, options.MaxConcurrentActivities, mailbox.Writer);
        _due = new DueClock(time, () => mailbox.Writer.TryWrite(new DueMessage()));
        _pending = new PendingWork(store, Activities, _ends, _due);
    }

    public ActivityDispatcher Activities { get; }

    private DateTimeOffset Now => new(_due.Now, TimeSpan.Zero);

    /// <summary>How many instances are in memory.</summary>
    public int InMemory => _instances.Count;

    /// <summary>
    /// Finds what an earlier engine left: timers to set, activities to run again, instances for which something waits. Once, after a rest where it cannot be
    /// read now. The other instances are looked at when there is nothing else to do, so that how many there are delays nobody.
    /// </summary>
    public async Task LoadAsync()
    {
        if (_loaded)
            return;
        IReadOnlyDictionary<string, string> unreadable;
        try
        {
            var (awake, running) = (await _store.AwakeAsync(), await _store.RunningAsync());
            unreadable = await _pending.LoadAsync(instance: null);
            foreach (var id in awake)
                _mailbox.Writer.TryWrite(new WakeMessage(id));
            foreach (var id in running)
                _unchecked.Enqueue(id);
            _loaded = true;
        }
        catch (Exception error)
        {
            RestBeforeLoad(error);
            return;
        }

        await FaultAsync(unreadable);
    }

    /// <summary>Does everything that can be done now; false when there was nothing.</summary>
    public async Task<bool> RoundAsync()
    {
        var batch = new RoundBatch();
        Receive(batch);

        // Before anything is due: an instance that is loaded again finds that they wait.
        foreach (var next in batch.Postponed)
        {
            _options.BeforeCommit();
            await PostponeAsync(next);
        }

        await TakeDueAsync(batch);
        var turns = new List<Turn>();
        foreach (var (id, inputs) in batch.Inputs)
        {
            if (await TakeTurnAsync(id, inputs, batch.Woken.Contains(id)) is { IsEmpty: false } turn)
                turns.Add(turn);
        }

        if (turns.Count > 0)
            await CommitAsync(turns);
        _due.Arm();
        return batch.Received || turns.Count > 0 || CheckNext();
    }

    public void Dispose()
    {
        _due.Dispose();
        Activities.Dispose();
    }

    /// <summary>Has the next instance looked at that an earlier engine left, to tell early when the present code cannot continue it; false: all were.</summary>
    private bool CheckNext() => _unchecked.TryDequeue(out var id) && _mailbox.Writer.TryWrite(new WakeMessage(id));

    private void Receive(RoundBatch batch)
    {
        while (_mailbox.Reader.TryRead(out var message))
        {
            batch.Received = true;
            switch (message)
            {
                case WakeMessage wake:
                    batch.Wake(wake.Instance);
                    break;
                case ReloadMessage reload:
                    _due.Add(new DueItem(DueKind.Reload, reload.Instance, 0, 0), _due.Now);
                    break;
                case ContinuationMessage continuation:
                    Activities.Continue(continuation);
                    break;
                case ActivityEndedMessage ended:
                    Receive(ended, batch);
                    break;
                case DueMessage:
                    _due.Fired();
                    break;
            }
        }
    }

    private void Receive(ActivityEndedMessage ended, RoundBatch batch)
    {
        var (work, outcome) = ended;
        Activities.Ended(work);
        if (outcome.Error is { } error && work.PauseAfterFailure() is { } pause)
        {
            batch.Postponed.Add(work with { Attempt = work.Attempt + 1, Due = _due.Now + pause.Ticks });
            Tell(work.Key.Instance, $"{work.Name} failed (attempt {work.Attempt} of {work.Retry!.Attempts}), next attempt in {pause}: {error.Message}", error);
        }
        else if (outcome.ToEvent(work.Key.Step) is { } input)
        {
            _ends.Keep(work.Key, input);
            batch.Add(work, input);
        }
    }

    private async Task TakeDueAsync(RoundBatch batch)
    {
        for (var taken = 0; taken < MostDueInARound && _due.TryTake(out var item); taken++)
        {
            batch.Received = true;
            switch (item.Kind)
            {
                case DueKind.Timer:
                    batch.Add(item.Instance, new TurnInput(new HistoryEvent { Kind = HistoryEventKind.TimerFired, Step = item.Step }, item.Run));
                    break;
                case DueKind.Retry:
                    Activities.StartPostponed(new ActivityKey(item.Instance, item.Run, item.Step));
                    break;
                case DueKind.Load:
                    await LoadAsync();
                    break;
                default:
                    await ReloadAsync(item.Instance, batch);
                    break;
            }
        }
    }

    private async Task PostponeAsync(ActivityWork next)
    {
        try
        {
            await _pending.PostponeAsync(next);
        }
        catch (Exception error)
        {
            Tell(next.Key.Instance, $"The pause before {next.Name} could not be stored; after a restart it runs at once.", error);
        }
    }

    private async Task<Turn?> TakeTurnAsync(string id, List<TurnInput> inputs, bool woken)
    {
        if (await ReadAsync(id, inputs, woken) is not { } instance)
            return null;
        if (instance is { Execution: not null, NextSequence: 0 })
        {
            var start = new HistoryEvent { Kind = HistoryEventKind.Started, Name = instance.Workflow, InstanceId = id, Value = instance.Input };
            inputs.Insert(0, new TurnInput(start, instance.Run));
        }

        var turn = Turn.Take(instance, inputs, Now);
        if (turn.IsEmpty)
            _instances.Settle(instance, Now);
        return turn;
    }

    private async Task CommitAsync(List<Turn> turns)
    {
        _options.BeforeCommit();
        var commits = turns.Where(turn => turn.Fault is null)
            .Select(turn => (Turn: turn, Awake: _store.CommitAsync(turn))).ToList();
        foreach (var turn in turns.Where(turn => turn.Fault is not null))
            await FaultAsync(turn.Instance, $"The code breaks the rules of orchestrators: {turn.Fault}.");
        foreach (var (_, awake) in commits)
            await ((Task)awake).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _options.AfterCommit();
        foreach (var (turn, awake) in commits)
        {
            if (awake.IsCompletedSuccessfully)
                Begin(turn, awake.Result);
            else
                Rest(turn.Instance.Id, "A step could not be stored", awake.Exception?.InnerException);
        }
    }

    /// <summary>Begins what a committed turn causes.</summary>
    private void Begin(Turn turn, List<string> awake)
    {
        var instance = turn.Instance;
        _ends.Stored(instance.Id, turn.EndedActivities);
        _pending.Begin(instance, turn.Events);
        if (turn.Events.Count > 0)
            (instance.NextSequence, instance.LastAt) = (turn.Events[^1].Sequence + 1, turn.Events[^1].At);
        if (turn.End is not null)
            Forget(instance.Id);
        else
            _instances.Settle(instance, Now);
        foreach (var id in awake)
            _mailbox.Writer.TryWrite(new WakeMessage(id));
    }

    private void Forget(string id)
    {
        if (_instances.Forget(id) is { Execution: { } execution } instance)
            _pending.ForgetTimers(instance, execution.PendingTimers);
    }

    private void Tell(string instance, string message, Exception? error) => _options.OnIncident(new EngineIncident(instance, message, error));
}
