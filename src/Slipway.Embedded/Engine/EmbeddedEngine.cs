using System.Threading.Channels;
using Slipway.Embedded.Engine.Persistence;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Time;
using Slipway.Workflow.Engine;

namespace Slipway.Embedded.Engine;

/// <summary>
/// The workflow engine of one machine: durable, event-sourced in a <see cref="SlipwayDatabase"/>. At most one engine runs on a database.
/// Starting, signalling and reading are safe from any thread, also while nothing runs; a run method drives it, one at a time.
/// </summary>
public sealed class EmbeddedEngine : IAsyncDisposable
{
    private readonly IEngineStore _store;
    private readonly WorkflowRegistry _registry;
    private readonly TimeProvider _time;
    private readonly EngineOptions _options;
    private readonly EngineLoop _loop;
    private readonly Channel<EngineMessage> _mailbox = Channel.CreateUnbounded<EngineMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _driving = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private bool _stopped;

    /// <summary>Makes an engine; nothing runs before a run method is called.</summary>
    public EmbeddedEngine(SlipwayDatabase database, WorkflowRegistry registry, TimeProvider time, EngineOptions? options = null)
        : this(new SqliteEngineStore(database), registry, time, options)
    {
    }

    /// <summary>Makes an engine that goes on from what is stored elsewhere than in a database.</summary>
    internal EmbeddedEngine(IEngineStore store, WorkflowRegistry registry, TimeProvider time, EngineOptions? options = null)
    {
        (_store, _registry, _time, _options) = (store, registry, time, options ?? new EngineOptions());
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxConcurrentActivities, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(_options.MaxIdleInMemory, nameof(options));
        _loop = new EngineLoop(store, registry, time, _options, _mailbox);
    }

    /// <summary>How many instances are in memory; for tests. Read it while nothing runs, or from what the engine runs on its own thread.</summary>
    internal int InMemory => _loop.InMemory;

    /// <summary>
    /// Starts an instance; durable when the task completes. False: the id exists already, in whatever state, and nothing was changed.
    /// Throws <see cref="ArgumentException"/> when the workflow is not registered.
    /// </summary>
    public async Task<bool> StartAsync<TInput, TOutput>(
        WorkflowName<TInput, TOutput> workflow, string instanceId, TInput input, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (!_registry.Workflows.ContainsKey(workflow.Value))
            throw new ArgumentException($"No workflow with the name {workflow.Value} is registered.", nameof(workflow));
        var value = _store.KeepsValues ? RecordedValue.Kept(input) : RecordedValue.Of(WorkflowRegistry.ToJson(input));
        var now = _time.GetUtcNow().UtcTicks;
        var added = await _store.AddInstanceAsync(instanceId, workflow.Value, value, now, cancellation);
        if (added)
            Wake(instanceId);
        return added;
    }

    /// <summary>
    /// Sends a signal; durable when the task completes, delivered in order, kept when nobody waits for it. False: there is no such
    /// instance, or it is over.
    /// </summary>
    public async Task<bool> SignalAsync(string instanceId, string name, string payload, CancellationToken cancellation = default)
    {
        var signal = TurnCommit.Signal(name, payload);
        var sent = await _store.AddMessageAsync(instanceId, signal, cancellation);
        if (sent)
            Wake(instanceId);
        return sent;
    }

    /// <summary>What is known of an instance; null when there is none.</summary>
    public Task<InstanceInfo?> GetAsync(string instanceId, CancellationToken cancellation = default) =>
        _store.InfoAsync(instanceId, cancellation);

    /// <summary>Instances, newest first, optionally only those in one state.</summary>
    public async Task<IReadOnlyList<InstanceInfo>> ListAsync(
        InstanceStatus? status = null, int skip = 0, int take = 100, CancellationToken cancellation = default) =>
        await _store.ListAsync(status, skip, take, cancellation);

    /// <summary>The history of the instance's present (or last) run, for replay tests and diagnosis; empty when it has none.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> ReadHistoryAsync(string instanceId, CancellationToken cancellation = default) =>
        await _store.HistoryAsync(instanceId, cancellation);

    /// <summary>
    /// Lets a faulted instance try again with the present code; what waited for it is still there. False: it is not faulted. When it was a
    /// child, its parent has been told that it failed and does not hear of it again.
    /// </summary>
    public async Task<bool> ResumeFaultedAsync(string instanceId, CancellationToken cancellation = default)
    {
        var resumed = await _store.ResumeAsync(instanceId, cancellation);
        if (resumed)
            _mailbox.Writer.TryWrite(new ReloadMessage(instanceId));
        return resumed;
    }

    /// <summary>
    /// Forgets an instance and everything below it (ids that begin with its own and a slash): state, history, inbox, timers and activities, in one
    /// commit. One that still runs is left. Idempotent; returns how many were forgotten. An id that is forgotten can be started again, so the caller
    /// has to know that it never will be.
    /// </summary>
    public Task<int> PurgeAsync(string instanceId, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return _store.PurgeAsync(instanceId, cancellation);
    }

    /// <summary>
    /// Runs in real time until cancelled: goes on with what an earlier engine left, runs activities on the thread pool, fires timers. On
    /// cancellation activities are cancelled and those that end in time are recorded; the others run again with the next engine. Throws
    /// only for defects of the engine. An engine that was stopped cannot run again.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await DriveAsync(inline: false, async stop =>
        {
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    if (!await _loop.RoundAsync())
                        await _mailbox.Reader.WaitToReadAsync(stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Told to stop.
            }

            await StopAsync();
            return true;
        }, cancellation);
    }

    /// <summary>
    /// Runs on the caller until everything that can happen at the present time has happened: no instance can go on and no activity is in
    /// flight, except those that wait for the virtual clock (see <see cref="RunVirtualAsync"/>).
    /// </summary>
    public Task RunUntilIdleAsync(CancellationToken cancellation = default) => DriveAsync(inline: true, async stop =>
    {
        await SettleAsync(stop);
        return true;
    }, cancellation);

    /// <summary>
    /// Runs in virtual time: does everything that can happen now, jumps to the next timer, and again, until <paramref name="until"/> is
    /// met, nothing is left, or the next timer is due after <paramref name="limit"/>. Timers are the engine's and those made from the
    /// <see cref="VirtualTimeProvider"/>.
    /// <para>
    /// Activities run inside of this call, one at a time, in the order of scheduling. Time stands still while one of them is in flight,
    /// unless every activity in flight holds a virtual timer of its own (a <c>Task.Delay</c> or a time-out on the clock, made in its
    /// flow) and none of their code can go on: then the clock jumps to the next timer. So a fake that is slow on the virtual clock takes
    /// virtual time only, and one that hangs runs into its time-out; an activity that waits for the real world while it holds a virtual
    /// time-out may see it expire early, so use a database in memory and fakes.
    /// </para>
    /// </summary>
    /// <param name="limit">Not after this time.</param>
    /// <param name="until">Asked before each jump; by default nothing ends the run early.</param>
    /// <param name="cancellation">Ends the run with an exception.</param>
    public Task<VirtualRunEnd> RunVirtualAsync(DateTimeOffset limit, Func<ValueTask<bool>>? until = null, CancellationToken cancellation = default)
    {
        if (_time is not VirtualTimeProvider clock)
            throw new InvalidOperationException("The engine was made with a real clock; virtual time needs a VirtualTimeProvider.");
        return DriveAsync(inline: true, async stop =>
        {
            while (true)
            {
                await SettleAsync(stop);
                if (until is not null && await until())
                    return VirtualRunEnd.Reached;
                if (clock.NextTimerDue is not { } next)
                    return VirtualRunEnd.Idle;
                if (next > limit)
                {
                    if (limit > clock.GetUtcNow())
                        clock.AdvanceTo(limit);
                    return VirtualRunEnd.Limit;
                }

                clock.AdvanceTo(next);
            }
        }, cancellation);
    }

    /// <summary>Stops running and lets go; nothing that was acknowledged is lost. The database stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
            return;
        await _disposing.CancelAsync();
        await _driving.WaitAsync();
        if (!_stopped)
            _loop.Activities.Stop();
        _loop.Dispose();
        _disposing.Dispose();
        _driving.Dispose();
    }

    private void Wake(string instance) => _mailbox.Writer.TryWrite(new WakeMessage(instance));

    private async Task SettleAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await _loop.RoundAsync())
                continue;
            var activities = _loop.Activities;
            if (activities.Running == 0 || (_time is VirtualTimeProvider && activities.AllWaitForTimers))
                return;
            await _mailbox.Reader.WaitToReadAsync(cancellation);
        }
    }

    private async Task StopAsync()
    {
        _stopped = true;
        _loop.Activities.Stop();
        using var patience = new CancellationTokenSource(_options.StopTimeout, _time);
        try
        {
            while (true)
            {
                patience.Token.ThrowIfCancellationRequested();
                if (await _loop.RoundAsync())
                    continue;
                if (_loop.Activities.Running == 0)
                    return;
                await _mailbox.Reader.WaitToReadAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What has not ended by now runs again with the next engine.
        }
    }

    private async Task<T> DriveAsync<T>(bool inline, Func<CancellationToken, Task<T>> drive, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        if (!await _driving.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            throw new InvalidOperationException("The engine is running already.");
        try
        {
            if (_stopped)
                throw new InvalidOperationException("The engine was stopped; make a new one.");
            _loop.Activities.Inline = inline;
            await _loop.LoadAsync();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _disposing.Token);
            return await drive(stop.Token);
        }
        finally
        {
            _driving.Release();
        }
    }
}
