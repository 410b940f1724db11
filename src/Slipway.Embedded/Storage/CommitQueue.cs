using System.Threading.Channels;

namespace Slipway.Embedded.Storage;

/// <summary>
/// The one writer of a database. Works that wait at the same moment share a transaction, each in its own savepoint, so that many small
/// writes cost one flush to the disk and a failing work undoes only itself.
/// </summary>
internal sealed class CommitQueue : ICommitQueue
{
    // Bounds how long the first work of a batch waits for its answer.
    private const int LargestBatch = 256;

    private readonly Channel<QueuedWork> _queue = Channel.CreateUnbounded<QueuedWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CommitWriter _writer;
    private readonly Task _loop;

    public CommitQueue(CommitWriter writer)
    {
        _writer = writer;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Queues a work. False: the queue is closed.</summary>
    public bool TryAdd(QueuedWork work) => _queue.Writer.TryWrite(work);

    /// <summary>Refuses new work, finishes what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var writes = new List<QueuedWork>();
        var reads = new List<QueuedWork>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (writes.Count + reads.Count < LargestBatch && _queue.Reader.TryRead(out var work))
            {
                if (!work.Cancelled)
                    (work.Reads ? reads : writes).Add(work);
            }

            if (writes.Count > 0)
                _writer.Commit(writes);
            foreach (var read in reads)
                _writer.Answer(read);
            writes.Clear();
            reads.Clear();
        }
    }
}
