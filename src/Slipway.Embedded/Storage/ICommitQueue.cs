namespace Slipway.Embedded.Storage;

/// <summary>Takes works for a database's one writer.</summary>
internal interface ICommitQueue : IAsyncDisposable
{
    /// <summary>Takes a work. False: the queue is closed.</summary>
    bool TryAdd(QueuedWork work);
}

/// <summary>
/// The writer of a database in memory: there is no disk to wait for, so a work runs at once on its caller's thread. That keeps a run in
/// virtual time on one thread, in one order.
/// </summary>
internal sealed class ImmediateCommits(CommitWriter writer) : ICommitQueue
{
    private readonly Lock _gate = new();
    private bool _closed;
    private bool _busy;

    public bool TryAdd(QueuedWork work)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            if (_busy)
                throw new InvalidOperationException("A work must not begin another one: return first.");
            if (work.Cancelled)
                return true;
            _busy = true;
            if (work.Reads)
                writer.Answer(work);
            else
                writer.Commit([work]);
            _busy = false;
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _closed = true;
        return ValueTask.CompletedTask;
    }
}
