using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>
/// Runs activities, a bounded number at a time, and reports each end to the loop. Only the loop calls it.
/// <para>
/// Where more wait than may run, those come first that carry on what was begun (their orchestrator asked for them when another activity or a child of it had
/// ended): when a thousand releases look at their telemetry at the same moment, one that has seen a breach is safe before the last has looked. Every
/// fourth that starts is the one that has waited longest of the others, so that nobody is forgotten.
/// </para>
/// </summary>
internal sealed class ActivityDispatcher(WorkflowRegistry registry, int most, ChannelWriter<EngineMessage> mailbox) : IDisposable
{
    private const int OneOf = 4;

    private readonly Queue<ActivityWork> _queued = new();
    private readonly Queue<ActivityWork> _carryingOn = new();
    private int _ahead;
    private readonly Dictionary<ActivityKey, ActivityWork> _postponed = [];
    private readonly Dictionary<ActivityKey, TimerOwner> _running = [];
    private readonly HashSet<ActivityKey> _known = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ActivityContext _context = new(mailbox);

    /// <summary>Whether activities run inside of the loop, one at a time, instead of on the thread pool.</summary>
    public bool Inline { get; set; }

    public int Running => _running.Count;

    /// <summary>Whether every activity that runs holds a virtual timer.</summary>
    public bool AllWaitForTimers => _running.Values.All(owner => owner.HasTimer);

    /// <summary>Starts an activity now or as soon as there is room; one that is already known is not started twice.</summary>
    /// <param name="work">The activity.</param>
    /// <param name="carriesOn">Whether it goes on with what was begun. In virtual time it makes no difference: they run in the order of scheduling.</param>
    public void Start(ActivityWork work, bool carriesOn = false)
    {
        if (_stop.IsCancellationRequested || !_known.Add(work.Key))
            return;
        (carriesOn && !Inline ? _carryingOn : _queued).Enqueue(work);
        StartQueued();
    }

    /// <summary>An attempt ended.</summary>
    public void Ended(ActivityWork work)
    {
        _running.Remove(work.Key);
        _known.Remove(work.Key);
        StartQueued();
    }

    /// <summary>Keeps an activity until <see cref="StartPostponed"/>.</summary>
    public void Postpone(ActivityWork work)
    {
        if (_known.Add(work.Key))
            _postponed.Add(work.Key, work);
    }

    public void StartPostponed(ActivityKey key)
    {
        if (!_postponed.Remove(key, out var work))
            return;
        _known.Remove(key);
        Start(work);
    }

    public bool Knows(ActivityKey key) => _known.Contains(key);

    public void Continue(ContinuationMessage message) => _context.Run(message);

    /// <summary>Cancels what runs and starts nothing more.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _queued.Clear();
        _carryingOn.Clear();
    }

    public void Dispose() => _stop.Dispose();

    private void StartQueued()
    {
        while (_running.Count < most && !_stop.IsCancellationRequested && TryDequeue(out var work))
        {
            var owner = new TimerOwner();
            _running.Add(work.Key, owner);
            var token = _stop.Token;
            if (Inline)
                _context.Post(_ => _ = RunAsync(work, owner, token), null);
            else
                _ = Task.Run(() => RunAsync(work, owner, token));
        }
    }

    private bool TryDequeue([MaybeNullWhen(false)] out ActivityWork work)
    {
        if (_carryingOn.Count == 0 || (_queued.Count > 0 && ++_ahead % OneOf == 0))
            return _queued.TryDequeue(out work);
        return _carryingOn.TryDequeue(out work);
    }

    private async Task RunAsync(ActivityWork work, TimerOwner owner, CancellationToken stop)
    {
        TimerOwner.Current = owner;
        ActivityOutcome outcome;
        try
        {
            outcome = new ActivityOutcome(await registry.RunActivityAsync(work.Name, work.Key.Instance, work.Input, stop), null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome = default;
        }
        catch (Exception error)
        {
            outcome = new ActivityOutcome(null, error);
        }

        mailbox.TryWrite(new ActivityEndedMessage(work, outcome));
    }

    /// <summary>Brings the code of activities back into the loop, so that the loop knows when all of it waits.</summary>
    private sealed class ActivityContext(ChannelWriter<EngineMessage> mailbox) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => mailbox.TryWrite(new ContinuationMessage(d, state));

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Activities must not block on each other.");

        public override SynchronizationContext CreateCopy() => this;

        public void Run(ContinuationMessage message)
        {
            var outer = Current;
            SetSynchronizationContext(this);
            try
            {
                message.Callback(message.State);
            }
            finally
            {
                SetSynchronizationContext(outer);
            }
        }
    }
}
