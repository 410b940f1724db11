using System.Threading.Channels;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>
/// Runs activities, a bounded number at a time, and reports each end to the loop. Only the loop calls it.
/// </summary>
internal sealed class ActivityDispatcher(WorkflowRegistry registry, int most, ChannelWriter<EngineMessage> mailbox) : IDisposable
{
    private readonly Queue<ActivityWork> _queued = new();
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
    public void Start(ActivityWork work)
    {
        if (_stop.IsCancellationRequested || !_known.Add(work.Key))
            return;
        _queued.Enqueue(work);
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
    }

    public void Dispose() => _stop.Dispose();

    private void StartQueued()
    {
        while (_running.Count < most && !_stop.IsCancellationRequested && _queued.TryDequeue(out var work))
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
