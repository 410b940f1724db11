using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Slipway.Embedded.Storage;

/// <summary>Commits works together, each in its own savepoint, and answers them.</summary>
internal sealed class CommitWriter(SqliteConnection connection)
{
    /// <summary>Runs a work that only reads.</summary>
    public void Answer(QueuedWork read)
    {
        try
        {
            read.Run(connection);
        }
        catch (Exception error)
        {
            read.Fail(error);
            return;
        }

        read.Complete();
    }

    /// <summary>Runs works in one transaction. Never throws: each work is answered with its own outcome.</summary>
    public void Commit(List<QueuedWork> works)
    {
        var failed = new List<(QueuedWork Work, Exception Error)>();
        try
        {
            connection.Execute("BEGIN IMMEDIATE");
            if (works is [var alone])
                alone.Run(connection); // Its failure fails the whole transaction: a savepoint would only cost.
            else
                works.ForEach(work => RunInSavepoint(work, failed));
            connection.Execute("COMMIT");
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
        connection.Execute("SAVEPOINT work");
        try
        {
            work.Run(connection);
        }
        catch (Exception error)
        {
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                throw; // SQLite itself gave up the whole transaction.
            connection.Execute("ROLLBACK TO work");
            failed.Add((work, error));
        }

        connection.Execute("RELEASE work");
    }

    private void Undo()
    {
        try
        {
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
                connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The connection is beyond use: the next BEGIN says so to whoever asks next, and these works are failed with the first error.
        }
    }
}
