using System.Text.Json;
using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Worker.Shims;
using Slipway.Embedded.Time;
using Slipway.Functions.Durable;

namespace Slipway.Functions.Tests.Engine;

/// <summary>
/// Runs the activities of a task hub on the thread that drives it, all of their code between two waits at once, so that it is known when every
/// one of them waits for the virtual clock.
/// </summary>
internal sealed class HubActivities(VirtualTaskHub hub, DurableModule module) : SynchronizationContext, IDisposable
{
    private readonly Channel<Action> _posted = Channel.CreateUnbounded<Action>();
    private readonly Dictionary<(string Instance, string Run, int Task), TimerOwner> _running = [];
    private readonly CancellationTokenSource _stop = new();

    public override void Post(SendOrPostCallback d, object? state) => _posted.Writer.TryWrite(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Activities must not block on each other.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts an activity.</summary>
    public void Begin((string Instance, string Run, int Task) key, TaskScheduledEvent scheduled)
    {
        var owner = new TimerOwner();
        _running.Add(key, owner);
        Post(_ => _ = RunAsync(key, scheduled, owner), null);
    }

    /// <summary>Runs what activities have to run now; false: there was nothing.</summary>
    public bool Continue()
    {
        if (!_posted.Reader.TryRead(out var next)) return false;
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            next();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }

        return true;
    }

    /// <summary>Waits until an activity can go on; false: none is under way, or all that are wait for the virtual clock.</summary>
    public async Task<bool> WaitAsync() => _running.Count > 0 && !_running.Values.All(owner => owner.HasTimer) && await _posted.Reader.WaitToReadAsync();

    /// <summary>What is under way is cut off: nobody hears how it ends.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _running.Clear();
    }

    private async Task RunAsync((string Instance, string Run, int Task) key, TaskScheduledEvent scheduled, TimerOwner owner)
    {
        TimerOwner.Current = owner;
        string? result = null;
        Exception? failure = null;
        var stop = _stop.Token;
        try
        {
            var activity = DurableTaskShimFactory.Default.CreateActivity<JsonElement, JsonElement>(
                scheduled.Name!, (context, input) => module.RunAsync(context.Name.Name, input, stop, context.InstanceId));
            result = await activity.RunAsync(new TaskContext(new OrchestrationInstance { InstanceId = key.Instance, ExecutionId = key.Run }), scheduled.Input);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            failure = error;
        }

        Post(_ =>
        {
            if (_running.Remove(key)) hub.Answer(key, result, failure);
        }, null);
    }
}
