using Microsoft.Data.Sqlite;

namespace Slipway.Embedded.Storage;

/// <summary>One piece of work in the writer's queue; it is answered only after the commit that holds it.</summary>
internal abstract class QueuedWork(bool reads)
{
    /// <summary>Whether it only reads, and so runs outside of the transaction.</summary>
    public bool Reads { get; } = reads;

    /// <summary>Whether it was cancelled before it began; then it is never run.</summary>
    public abstract bool Cancelled { get; }

    public abstract void Run(SqliteConnection connection);

    public abstract void Complete();

    public abstract void Fail(Exception error);
}

internal sealed class QueuedWork<T>(Func<SqliteConnection, T> work, bool reads, CancellationToken cancellation) : QueuedWork(reads)
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override bool Cancelled
    {
        get
        {
            if (!cancellation.IsCancellationRequested)
                return false;
            _answer.TrySetCanceled(cancellation);
            return true;
        }
    }

    public override void Run(SqliteConnection connection) => _result = work(connection);

    public override void Complete() => _answer.TrySetResult(_result!);

    public override void Fail(Exception error) => _answer.TrySetException(error);
}
