using Slipway.Workflow.Ports;

namespace Slipway.Azure.Metrics;

/// <summary>Asks a workspace. One implementation knows the library, whose client has moved to a package of another name.</summary>
internal interface ILogsQuery
{
    /// <summary>The one table of a query, complete. Throws <see cref="PortUnavailableException"/> when the workspace does not answer, or only in
    /// part; <see cref="LogsQueryException"/> when it says that the query is wrong.</summary>
    /// <param name="workspace">The workspace's id.</param>
    /// <param name="query">KQL.</param>
    /// <param name="from">Rows from this moment on, inclusive …</param>
    /// <param name="to">… up to this one.</param>
    /// <param name="cancellation">Ends the question.</param>
    Task<LogTable> QueryAsync(string workspace, string query, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);
}

/// <summary>The workspace says that a query is wrong: the same again gives the same answer.</summary>
internal sealed class LogsQueryException(string message, Exception inner) : Exception(message, inner);
