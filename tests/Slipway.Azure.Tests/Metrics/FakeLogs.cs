using System.Collections.Concurrent;
using Slipway.Azure.Metrics;

namespace Slipway.Azure.Tests.Metrics;

/// <summary>A workspace that answers with tables; asked for schemas it answers with those.</summary>
internal sealed class FakeLogs : ILogsQuery
{
    public ConcurrentQueue<string> Queries { get; } = [];

    public LogTable Answer { get; set; } = Observations();

    public LogTable Schemas { get; set; } = new([new("Query", "string"), new("ColumnName", "string"), new("ColumnType", "string")], []);

    /// <summary>What a question waits for; null: nothing.</summary>
    public Task? Gate { get; set; }

    /// <summary>What a question ends with; null: an answer.</summary>
    public Exception? Error { get; set; }

    public static LogTable Observations(params IReadOnlyList<IReadOnlyList<object?>> rows) => new(ObservationTable.Columns, rows);

    public static LogTable Schema(string query, params (string Name, string Type)[] columns) => new(
        [new("Query", "string"), new("ColumnName", "string"), new("ColumnType", "string")],
        [.. columns.Select(column => (IReadOnlyList<object?>)[query, column.Name, column.Type])]);

    public async Task<LogTable> QueryAsync(string workspace, string query, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        Queries.Enqueue(query);
        if (Gate is not null) await Gate.WaitAsync(cancellation);
        if (Error is not null) throw Error;
        return query.Contains("getschema", StringComparison.Ordinal) ? Schemas : Answer;
    }
}
