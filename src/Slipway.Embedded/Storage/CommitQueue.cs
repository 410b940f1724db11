using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Embedded.Storage;

/// <summary>
/// The one writer of a database. Works that wait at the same moment share a transaction, each in its own savepoint, so that many small
/// writes cost one flush to the disk and a failing work undoes only itself.
/// </summary>
internal sealed class CommitQueue : IAsyncDisposable
{
    // Bounds how long the first work of a batch waits for its answer.
    private const int LargestBatch = 256;

    private readonly Channel<QueuedWork> _queue = Channel.CreateUnbounded<QueuedWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Task _loop;

    public CommitQueue(SqliteConnection connection)
    {
        _connection = connection;
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
                Commit(writes);
            foreach (var read in reads)
                Answer(read);
            writes.Clear();
            reads.Clear();
        }
    }

    private void Answer(QueuedWork read)
    {
        try
        {
            read.Run(_connection);
        }
        catch (Exception error)
        {
            read.Fail(error);
            return;
        }

        read.Complete();
    }

    private void Commit(List<QueuedWork> works)
    {
        var failed = new List<(QueuedWork Work, Exception Error)>();
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            foreach (var work in works)
                RunInSavepoint(work, failed);
            _connection.Execute("COMMIT");
        }
        catch (Exception error)
        {
            // The transaction as a whole is lost (disk full, I/O error, a constraint checked at commit): nothing of it is visible.
            Undo();
            foreach (var work in works)
                work.Fail(error);
            return;
        }

        foreach (var (work, error) in failed)
            work.Fail(error);
        foreach (var work in works)
            work.Complete(); // Answers only those that did not fail: a task is completed once.
    }

    private void RunInSavepoint(QueuedWork work, List<(QueuedWork, Exception)> failed)
    {
        _connection.Execute("SAVEPOINT work");
        try
        {
            work.Run(_connection);
        }
        catch (Exception error)
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
                throw; // SQLite itself gave up the whole transaction.
            _connection.Execute("ROLLBACK TO work");
            failed.Add((work, error));
        }

        _connection.Execute("RELEASE work");
    }

    private void Undo()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The connection is beyond use: the next BEGIN says so to whoever asks next, and these works are failed with the first error.
        }
    }
}
