using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Slipway.Embedded.Time;
using Slipway.Functions.Durable;

namespace Slipway.Functions.Tests.Engine;

/// <summary>
/// A task hub in memory and in virtual time. Orchestrations run by Durable Task's own executor and the worker's own shims; the hub keeps
/// histories and carries messages by the rules of Durable Task's dispatcher. A short orchestration is replayed from its whole history at every
/// turn; one that has grown is kept in memory as in an extended session and replayed when it has grown by half, so that a run of weeks does
/// not take the square of its length. Timers fire when the clock gets there, each into the run that set it. One thread drives it.
/// </summary>
internal sealed class VirtualTaskHub(VirtualTimeProvider time, DurableModule module)
{
    /// <summary>Below this many lines of history every turn is a replay.</summary>
    private const int AlwaysReplayed = 200;

    private readonly Dictionary<string, HubInstance> _instances = new(StringComparer.Ordinal);
    private readonly Queue<HubInstance> _ready = new();
    private readonly HashSet<HubInstance> _waiting = [];
    private DurableModule _module = module;
    private int _runs;

    /// <summary>Activities that were asked for and have not been answered, in the order of asking.</summary>
    public Dictionary<(string Instance, string Run, int Task), TaskScheduledEvent> Open { get; } = [];

    /// <summary>Told of each activity that is asked for.</summary>
    public Action<(string Instance, string Run, int Task), TaskScheduledEvent> Asked { get; set; } = (_, _) => { };

    public IReadOnlyCollection<HubInstance> Instances => _instances.Values;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public HubInstance? Find(string id) => _instances.GetValueOrDefault(id);

    public void Forget(string id) => _instances.Remove(id);

    /// <summary>What runs from the next turn on.</summary>
    public void Deploy(DurableModule module)
    {
        _module = module;
        foreach (var instance in Instances) instance.Session = null;
    }

    /// <summary>Starts an orchestration. False: one of that id is there already.</summary>
    public bool Start(string name, string id, string? input)
    {
        if (_instances.ContainsKey(id)) return false;
        Add(new ExecutionStartedEvent(-1, input) { Name = name, Version = "", OrchestrationInstance = NewRun(id) });
        return true;
    }

    /// <summary>Sends an event to an orchestration; false: nobody is there to get it.</summary>
    public bool Raise(string id, string name, string? payload) => Deliver(id, new EventRaisedEvent(-1, payload) { Name = name });

    /// <summary>An activity ended.</summary>
    public void Answer((string Instance, string Run, int Task) key, string? result, Exception? error)
    {
        if (!Open.Remove(key)) return;
        Deliver(key.Instance, error is null
            ? new TaskCompletedEvent(-1, key.Task, result)
            : new TaskFailedEvent(-1, key.Task, error.Message, error.ToString(), DetailsOf(error)), key.Run);
    }

    /// <summary>Lets the orchestration go on whose message came first; false: nothing arrived anywhere.</summary>
    public bool Turn()
    {
        if (!_ready.TryDequeue(out var instance)) return false;
        _waiting.Remove(instance);
        if (!instance.IsOver && instance.HasNews) Turn(instance);
        return true;
    }

    /// <summary>Runs an orchestration's code over what is kept of it; null when it asks for nothing new, as it must, else what it asks for.</summary>
    public string? Replay(HubInstance instance, DurableModule code)
    {
        var asked = new HubSession(instance.History).Execute(code).Actions.ToList();
        if (instance.Completed is { } completed && asked is [OrchestrationCompleteOrchestratorAction again])
            return (again.OrchestrationStatus, again.Result) == (completed.OrchestrationStatus, completed.Result) ? null : $"{instance.Id} ended with {again.OrchestrationStatus} {again.FailureDetails?.ErrorMessage}";
        return asked.Count == 0 ? null : $"{instance.Id} asked for {string.Join(", ", asked.Select(action => action.OrchestratorActionType))}";
    }

    private void Turn(HubInstance instance)
    {
        var session = SessionFor(instance, out var fresh);
        var state = session.State;
        state.NewEvents.Clear();
        state.AddEvent(new OrchestratorStartedEvent(-1) { Timestamp = Now });
        foreach (var message in instance.TakeNews())
        {
            message.Timestamp = Now;
            state.AddEvent(message);
        }

        var done = fresh ? session.Execute(_module) : session.Executor!.ExecuteNewEvents();
        instance.CustomStatus = done.CustomStatus;
        OrchestrationCompleteOrchestratorAction? ended = null;
        var messages = new List<Action>();
        foreach (var action in done.Actions)
        {
            state.AddEvent(Recorded(action, instance, messages));
            ended = action as OrchestrationCompleteOrchestratorAction ?? ended;
        }

        state.AddEvent(new OrchestratorCompletedEvent(-1) { Timestamp = Now });
        instance.Turned([.. state.Events], time.GetUtcNow());
        if (ended is { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew })
        {
            var renewed = new ExecutionStartedEvent(-1, ended.Result)
            {
                Name = instance.Name,
                Version = "",
                OrchestrationInstance = NewRun(instance.Id),
                ParentInstance = instance.Started.ParentInstance,
            };
            instance.Renew(renewed, ended.CarryoverEvents);
            Ready(instance);
        }
        else if (ended is not null && instance.Started.ParentInstance is { } parent)
        {
            messages.Add(() => Deliver(parent.OrchestrationInstance.InstanceId, ended.OrchestrationStatus == OrchestrationStatus.Completed
                ? new SubOrchestrationInstanceCompletedEvent(-1, parent.TaskScheduleId, ended.Result)
                : new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, ended.Result, ended.Details, ended.FailureDetails), parent.OrchestrationInstance.ExecutionId));
        }

        foreach (var send in messages) send();
    }

    private static HubSession SessionFor(HubInstance instance, out bool fresh)
    {
        var lines = instance.History.Count;
        fresh = instance.Session is null || lines < AlwaysReplayed || lines > instance.Session.Replayed + (instance.Session.Replayed / 2);
        if (fresh) instance.Session = new HubSession(instance.History);
        return instance.Session!;
    }

    private HistoryEvent Recorded(OrchestratorAction action, HubInstance instance, List<Action> messages)
    {
        var run = instance.Started.OrchestrationInstance;
        switch (action)
        {
            case ScheduleTaskOrchestratorAction activity:
                var scheduled = new TaskScheduledEvent(activity.Id, activity.Name!, activity.Version, activity.Input) { Timestamp = Now };
                var key = (instance.Id, run.ExecutionId, activity.Id);
                Open[key] = scheduled;
                messages.Add(() => Asked(key, scheduled));
                return scheduled;
            case CreateTimerOrchestratorAction timer:
                messages.Add(() => FireAt(timer, run));
                return new TimerCreatedEvent(timer.Id, timer.FireAt) { Timestamp = Now };
            case CreateSubOrchestrationAction child:
                var parent = new ParentInstance { OrchestrationInstance = run, Name = instance.Name, Version = "", TaskScheduleId = child.Id };
                messages.Add(() =>
                {
                    // One that runs is left, and one that is over is begun anew, as stores do.
                    if (Find(child.InstanceId!) is { IsOver: false }) return;
                    Add(new ExecutionStartedEvent(-1, child.Input) { Name = child.Name, Version = "", OrchestrationInstance = NewRun(child.InstanceId!), ParentInstance = parent });
                });
                return new SubOrchestrationInstanceCreatedEvent(child.Id) { Name = child.Name, Version = "", InstanceId = child.InstanceId, Input = child.Input, Timestamp = Now };
            case SendEventOrchestratorAction sent:
                messages.Add(() => Raise(sent.Instance!.InstanceId, sent.EventName!, sent.EventData));
                return new EventSentEvent(sent.Id) { InstanceId = sent.Instance!.InstanceId, Name = sent.EventName, Input = sent.EventData, Timestamp = Now };
            case OrchestrationCompleteOrchestratorAction { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew } renewed:
                return new ContinueAsNewEvent(renewed.Id, renewed.Result) { Timestamp = Now };
            case OrchestrationCompleteOrchestratorAction ended:
                return new ExecutionCompletedEvent(ended.Id, ended.Result, ended.OrchestrationStatus, ended.FailureDetails) { Timestamp = Now };
            default:
                throw new NotSupportedException($"The hub does not know {action.OrchestratorActionType}.");
        }
    }

    private void FireAt(CreateTimerOrchestratorAction timer, OrchestrationInstance run)
    {
        ITimer? waiting = null;
        var due = new DateTimeOffset(DateTime.SpecifyKind(timer.FireAt, DateTimeKind.Utc)) - time.GetUtcNow();
        waiting = time.CreateTimer(_ => Fire(), null, due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        void Fire()
        {
            waiting?.Dispose();
            Deliver(run.InstanceId, new TimerFiredEvent(-1, timer.FireAt) { TimerId = timer.Id }, run.ExecutionId);
        }
    }

    private void Add(ExecutionStartedEvent started)
    {
        var instance = new HubInstance(started, time.GetUtcNow());
        _instances[instance.Id] = instance;
        Deliver(instance.Id, started);
    }

    private bool Deliver(string id, HistoryEvent message, string? run = null)
    {
        if (Find(id) is not { } instance || !instance.Arrive(message, run)) return false;
        Ready(instance);
        return true;
    }

    private void Ready(HubInstance instance)
    {
        if (_waiting.Add(instance)) _ready.Enqueue(instance);
    }

    private OrchestrationInstance NewRun(string id) => new() { InstanceId = id, ExecutionId = $"run{++_runs}" };

    private static FailureDetails DetailsOf(Exception error) =>
        new(error.GetType().FullName!, error.Message, error.StackTrace, error.InnerException is { } inner ? DetailsOf(inner) : null, isNonRetriable: false);
}
