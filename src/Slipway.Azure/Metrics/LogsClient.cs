using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Monitor.Query;
using Azure.Monitor.Query.Models;
using Slipway.Azure.Clients;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Metrics;

/// <summary>The library's client. All that knows <c>Azure.Monitor.Query</c> is in this file, since its client has moved to
/// <c>Azure.Monitor.Query.Logs</c> with nearly the same names.</summary>
/// <param name="client">The library's client.</param>
/// <param name="time">The clock.</param>
/// <param name="patience">How long one question may take in all, above zero: with its sign-in and its repetitions. The library's own time-out is no bound:
/// it covers neither, and where the service is told one (<see cref="ServerTimeout"/>) it is that and 15 s more, whatever the client's options say.</param>
internal sealed class LogsClient(LogsQueryClient client, TimeProvider time, TimeSpan patience) : ILogsQuery
{
    /// <summary>What the service gives up after, shorter than whoever asks.</summary>
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(18);

    // The watch gives a poll up after 30 s, of which flags and ledger may have had 8, and asks again by itself: what still hangs then would hold a place of
    // LogsBudget for nobody.
    private static readonly ClientRetry Usual = new() { Timeout = TimeSpan.FromSeconds(20), Retries = 0 };

    /// <summary>The service in messages.</summary>
    public static AzureSystem Service { get; } = new("log analytics", "Log Analytics Data Reader");

    /// <summary>Makes one.</summary>
    /// <param name="credential">Needs the role Log Analytics Data Reader on the workspace.</param>
    /// <param name="time">The clock.</param>
    /// <param name="endpoint">Null: that of the public cloud; else also what tokens are asked for.</param>
    /// <param name="retry">Its time-out is that of a whole question; null: the usual ones.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static LogsClient Create(TokenCredential credential, TimeProvider time, Uri? endpoint, ClientRetry? retry, Action<ClientOptions>? adjust)
    {
        retry ??= Usual;
        var options = StorageClients.Adjusted(new LogsQueryClientOptions(), retry, adjust);
        if (endpoint is null) return new LogsClient(new LogsQueryClient(credential, options), time, retry.Timeout);

        // Tokens of another cloud are for that cloud's service, by the same name.
        options.Audience = new LogsQueryAudience(endpoint.GetLeftPart(UriPartial.Authority));
        return new LogsClient(new LogsQueryClient(endpoint, credential, options), time, retry.Timeout);
    }

    /// <inheritdoc/>
    public async Task<LogTable> QueryAsync(string workspace, string query, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var options = new LogsQueryOptions { AllowPartialErrors = true, ServerTimeout = ServerTimeout };
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await AzurePort.CallAsync(
            Service,
            time,
            async () =>
            {
                try
                {
                    return Whole((await client.QueryWorkspaceAsync(workspace, query, new QueryTimeRange(from, to), options, either.Token)).Value);
                }
                catch (RequestFailedException error) when (error.Status == 400)
                {
                    throw new LogsQueryException(Reason(error), error);
                }
            },
            cancellation);
    }

    /// <summary>The one table, when that is the whole answer.</summary>
    private static LogTable Whole(LogsQueryResult result)
    {
        if (result.Status != LogsQueryResultStatus.Success)
            throw new PortUnavailableException(Service.Name, $"only a part of the answer came, which counts as none ({result.Error?.Code}: {result.Error?.Message})");
        return result.AllTables is [var table]
            ? Read(table)
            : throw new PortUnavailableException(Service.Name, $"{result.AllTables?.Count ?? 0} tables came, expected 1");
    }

    /// <summary>What is wrong with the query stands in the innermost error.</summary>
    private static string Reason(RequestFailedException failed)
    {
        try
        {
            using var document = JsonDocument.Parse(failed.GetRawResponse()!.Content);
            var error = document.RootElement.GetProperty("error");
            while (error.TryGetProperty("innererror", out var inner) && inner.ValueKind == JsonValueKind.Object) error = inner;
            return error.GetProperty("message").GetString() ?? failed.ErrorCode ?? "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return failed.ErrorCode ?? "no reason";
        }
    }

    private static LogTable Read(LogsTable table) => new(
        [.. table.Columns.Select(column => new LogColumn(column.Name, column.Type.ToString()))],
        [.. table.Rows.Select(row => (IReadOnlyList<object?>)[.. table.Columns.Select((_, index) => Value(row[index]))])]);

    private static object? Value(object? value) => value switch
    {
        null => null,
        int number => (long)number,
        float number => (double)number,
        string or long or double or bool or DateTimeOffset => value,
        _ => value.ToString(),
    };
}
