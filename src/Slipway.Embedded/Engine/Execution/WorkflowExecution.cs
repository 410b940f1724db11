using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine.Execution;

/// <summary>
/// One run of an orchestrator in memory: inputs go in one by one, what the code asks for comes out. It knows no database and no clock,
/// so a live run, a rebuilt one and a recorded history are the same thing.
/// </summary>
/// <param name="workflow">The orchestrator.</param>
/// <param name="instanceId">The instance.</param>
/// <param name="keepsValues">Whether inputs and outputs are handed on as they are, and not as their JSON says.</param>
internal sealed class WorkflowExecution(RegisteredWorkflow workflow, string instanceId, bool keepsValues = false) : IWorkflowContext
{
    private readonly OrchestratorThread _thread = new();
    private readonly Dictionary<int, PendingStep> _pending = [];
    private readonly SignalBox _signals = new();
    private List<HistoryEvent> _asked = [];
    private Task<RecordedValue>? _code;
    private RecordedValue? _nextInput;
    private DateTimeOffset _startedAt;
    private int _steps;
    private int _guids;

    public string InstanceId { get; } = instanceId;

    public DateTimeOffset Now { get; private set; }

    public bool IsReplaying { get; set; }

    /// <summary>How the run ended; null while it goes on.</summary>
    public HistoryEvent? End { get; private set; }

    /// <summary>Why the run cannot go on at all: the code broke the rules of orchestrators. Null while it kept them.</summary>
    public string? Fault { get; private set; }

    /// <summary>The status published last, as JSON; null before the first.</summary>
    public string? Status { get; private set; }

    /// <summary>Signals that arrived and were not taken.</summary>
    public IReadOnlyList<(string Name, string Payload)> UnreadSignals => _signals.Unread;

    /// <summary>The steps of timers that are not due yet.</summary>
    public IEnumerable<int> PendingTimers => _pending.Where(pair => pair.Value.Asked.Kind == HistoryEventKind.TimerScheduled).Select(pair => pair.Key);

    /// <summary>Whether it waits for nothing but signals and timers that are due at a moment or later: no activity and no child of it is under way.</summary>
    public bool IsIdleUntil(DateTimeOffset moment) =>
        End is null && Fault is null && _pending.Values.All(step => step.Asked.Kind == HistoryEventKind.TimerScheduled && step.Asked.Due >= moment);

    /// <summary>Whether an input would be heard.</summary>
    public bool Accepts(HistoryEvent input) => input.Kind switch
    {
        _ when End is not null || Fault is not null => false,
        HistoryEventKind.Started => _code is null,
        HistoryEventKind.SignalReceived => true,
        _ => _pending.TryGetValue(input.Step ?? -1, out var step) && step.IsEndedBy(input.Kind),
    };

    /// <summary>Hands over one input that is accepted, runs the code until it waits, and returns what it asked for, in order.</summary>
    public IReadOnlyList<HistoryEvent> Deliver(HistoryEvent input)
    {
        Now = input.At;
        _thread.Run(() => Hand(input));
        Conclude();
        var asked = _asked;
        _asked = [];
        return asked;
    }

    public Guid NewGuid()
    {
        Guard();
        return DeterministicGuid.Create(InstanceId, _startedAt, _guids++);
    }

    public Task<TOutput> RunActivity<TInput, TOutput>(ActivityName<TInput, TOutput> activity, TInput input, ActivityRetry? retry = null) =>
        Ask<TOutput>(new HistoryEvent
        {
            Kind = HistoryEventKind.ActivityScheduled,
            Name = activity.Value,
            Value = Record(input),
            Retry = retry,
        });

    public Task<TOutput> RunChild<TInput, TOutput>(WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input) =>
        Ask<TOutput>(new HistoryEvent
        {
            Kind = HistoryEventKind.ChildScheduled,
            Name = workflow.Value,
            InstanceId = instanceId,
            Value = Record(input),
        });

    public Task SleepUntil(DateTimeOffset due, CancellationToken cancellation = default)
    {
        Guard();
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled(cancellation);
        var step = _steps;
        var task = Ask<bool>(new HistoryEvent { Kind = HistoryEventKind.TimerScheduled, Due = due.ToUniversalTime() });
        if (cancellation.CanBeCanceled)
            cancellation.UnsafeRegister(_ => CancelTimer(step, cancellation), null);
        return task;
    }

    public Task<string> WaitForSignal(string name)
    {
        Guard();
        if (_signals.HasWaiter(name))
            throw WorkflowRules.SecondWaiter(name);
        _asked.Add(new HistoryEvent { Kind = HistoryEventKind.SignalAwaited, Step = _steps++, Name = name });
        return _signals.Take(name);
    }

    public void PublishStatus<T>(T status)
    {
        Guard();
        var json = WorkflowRegistry.ToJson(status);
        WorkflowRules.CheckStatus(json);
        Status = json.GetRawText();
    }

    public void ContinueAsNew<TInput>(TInput input)
    {
        Guard();
        _nextInput = Record(input);
    }

    private void Hand(HistoryEvent input)
    {
        switch (input.Kind)
        {
            case HistoryEventKind.Started:
                _startedAt = input.At;
                _code = Begin(input.Value ?? RecordedValue.Of(default));
                break;
            case HistoryEventKind.SignalReceived:
                _signals.Arrive(input.Name!, input.Data?.GetString() ?? "");
                break;
            default:
                if (_pending.Remove(input.Step!.Value, out var step))
                    step.End(input);
                break;
        }
    }

    private async Task<RecordedValue> Begin(RecordedValue input) => keepsValues && workflow.RunKept is { } run
        ? await run(this, input)
        : RecordedValue.Of(await workflow.Run(this, input.Json));

    private RecordedValue Record<T>(T value) => keepsValues ? RecordedValue.Kept(value) : RecordedValue.Of(WorkflowRegistry.ToJson(value));

    private void Conclude()
    {
        if (_thread.Stray is { } stray)
            Fault = $"an async void method of {workflow.Name} threw {stray.GetType().FullName}: {stray.Message}";
        else if (_thread.WasLeft)
            Fault = $"{workflow.Name} awaited a task that does not come from its context";
        else if (_code is { IsCompleted: true })
            _asked.Add(End = Ending(_code));
        else if (_pending.Count == 0 && !_signals.HasWaiters)
            Fault = $"{workflow.Name} waits for something that the engine does not know; it may await only tasks of its context";
    }

    private HistoryEvent Ending(Task<RecordedValue> code)
    {
        if (code.IsCompletedSuccessfully)
        {
            return _nextInput is { } next
                ? new HistoryEvent { Kind = HistoryEventKind.ContinuedAsNew, Value = next }
                : new HistoryEvent { Kind = HistoryEventKind.Completed, Value = code.Result };
        }

        var error = code.Exception?.InnerException ?? new TaskCanceledException(code);
        return new HistoryEvent { Kind = HistoryEventKind.Failed, ErrorType = error.GetType().FullName, ErrorMessage = error.Message };
    }

    private Task<T> Ask<T>(HistoryEvent what)
    {
        Guard();
        var asked = what with { Step = _steps++ };
        var step = new PendingStep<T>(asked);
        _pending.Add(asked.Step!.Value, step);
        _asked.Add(asked);
        return step.Task;
    }

    private void CancelTimer(int step, CancellationToken cancellation)
    {
        if (!_pending.TryGetValue(step, out var timer))
            return; // It fired before.
        Guard();
        _pending.Remove(step);
        _asked.Add(new HistoryEvent { Kind = HistoryEventKind.TimerCancelled, Step = step });
        timer.Cancel(cancellation);
    }

    private void Guard()
    {
        if (!_thread.IsCurrent)
            throw new InvalidOperationException($"{workflow.Name} left the engine's single thread; orchestrator code may await only tasks of its context.");
    }
}
