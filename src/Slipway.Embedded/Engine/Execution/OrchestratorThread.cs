namespace Slipway.Embedded.Engine.Execution;

/// <summary>
/// The one logical thread of an orchestrator. Continuations run in the order in which they were posted, only while the engine drains
/// them, so the same inputs give the same order at every replay.
/// </summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private int _drainer;

    /// <summary>Whether the calling code runs inside of <see cref="Run"/>, on its thread.</summary>
    public bool IsCurrent => Current == this && _drainer == Environment.CurrentManagedThreadId;

    /// <summary>Set when something outside tried to continue the orchestrator: it awaited a task that is not the engine's.</summary>
    public bool WasLeft { get; private set; }

    /// <summary>What an <c>async void</c> method of the orchestrator threw.</summary>
    public Exception? Stray { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_drainer == Environment.CurrentManagedThreadId)
            _posted.Enqueue((d, state));
        else
            WasLeft = true;
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("An orchestrator has one thread: its own.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="begin"/> and everything that it posts, until nothing is left to do.</summary>
    public void Run(Action begin)
    {
        var outer = Current;
        _drainer = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            begin();
            while (_posted.TryDequeue(out var next))
                next.Callback(next.State);
        }
        catch (Exception error)
        {
            Stray = error;
        }
        finally
        {
            SetSynchronizationContext(outer);
            _drainer = 0;
        }
    }
}
