using System.Collections.Concurrent;
using Azure.Core;
using Slipway.Azure.Clients;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Metrics;

/// <summary>
/// Observations out of a Log Analytics workspace: one question a poll for everything that the plan judges. By default it reads the tables of
/// Application Insights (AppRequests, AppEvents, AppExceptions, AppDependencies, AppMetrics); which version a request got is said by the
/// <c>FeatureEvaluation</c> events of the flag, or by a property of the request. Whatever is not a whole and well-formed answer is none, so
/// that a release is without sight and never judged by half. Safe for concurrent use; one instance for each process.
/// </summary>
public sealed class LogAnalyticsMetricSource : IMetricSource
{
    private readonly ILogsQuery _logs;
    private readonly LogsBudget _budget;
    private readonly OwnQueryCheck _own = new();

    /// <summary>How far requests had come in, by workspace and service: of what was asked for last, so that nothing is asked for it alone.</summary>
    private readonly ConcurrentDictionary<(string Workspace, string Service), IngestionWatermark> _watermarks = new();

    internal LogAnalyticsMetricSource(ILogsQuery logs, LogsBudget budget) => (_logs, _budget) = (logs, budget);

    /// <summary>Opens the source.</summary>
    /// <param name="credential">Needs the role Log Analytics Data Reader on each workspace that requests name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budget">The process's questions.</param>
    /// <param name="endpoint">The service; null: <c>https://api.loganalytics.io</c>.</param>
    /// <param name="retry">Its time-out is that of a whole question, sign-in and repetitions included; null: 20 s and no repetitions.</param>
    /// <param name="adjust">Changes the client's options last, for example their transport; null: nothing.</param>
    public static LogAnalyticsMetricSource Create(
        TokenCredential credential, TimeProvider time, LogsBudget budget, Uri? endpoint = null, ClientRetry? retry = null, Action<ClientOptions>? adjust = null) =>
        new(LogsClient.Create(credential, time, endpoint, retry, adjust), budget);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var query = Query(watch, from, to);
        var reading = await AskAsync(query, KqlObservations.Write(query), ObservationReader.Read, cancellation);
        if (reading.Watermark is { } watermark) _watermarks[(watch.Workspace, watch.Service)] = watermark;
        return reading.Observations;
    }

    /// <summary>How far the requests of the service had come in at the last answer that had any of them; null: none had yet.</summary>
    public Task<IngestionWatermark?> WatermarkAsync(WatchPlan watch, CancellationToken cancellation) =>
        Task.FromResult(_watermarks.GetValueOrDefault((watch.Workspace, watch.Service)));

    /// <inheritdoc/>
    public async Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var query = Query(watch, from, to);
        var reading = await AskAsync(query, KqlCohort.Write(query, cohort), ObservationReader.ReadCohort, cancellation);
        return reading switch
        {
            { Observations.Count: > 0 } => new CohortReading(CohortSight.Seen, reading.Observations),
            { Seen: 0 } => CohortReading.None(CohortSight.NoRows),
            { Known: 0, Exposed: false } => CohortReading.None(CohortSight.NoUsers),
            { Exposed: true } => CohortReading.None(CohortSight.Exposed),
            _ => CohortReading.None(CohortSight.OtherFlag),
        };
    }

    private static WatchQuery Query(WatchPlan watch, DateTimeOffset from, DateTimeOffset to) => watch.Logs is { } logs && watch.Workspace.Length > 0
        ? new WatchQuery(watch, logs, from, to)
        : throw new PortUnavailableException(LogsClient.Service.Name, "the release's plan names no workspace; its telemetry comes from elsewhere, and this server reads Log Analytics");

    private async Task<LogReading> AskAsync(WatchQuery query, string text, Func<LogTable, WatchQuery, LogReading> read, CancellationToken cancellation)
    {
        try
        {
            await _own.CheckAsync(query, schema => QueryAsync(query, schema, cancellation));
            return read(await QueryAsync(query, text, cancellation), query);
        }
        catch (LogTableException error)
        {
            throw new PortUnavailableException(LogsClient.Service.Name, error.Message, error);
        }
        catch (LogsQueryException error)
        {
            var whose = query.Watch.Queries.Count == 0 ? "" : $" (the release has queries of its own: {string.Join(", ", query.Watch.Queries.Keys.Order(StringComparer.Ordinal))})";
            throw new PortUnavailableException(LogsClient.Service.Name, $"the workspace cannot run the query{whose}: {error.Message}", error);
        }
    }

    private async Task<LogTable> QueryAsync(WatchQuery query, string text, CancellationToken cancellation) => await _budget.RunAsync(
        () =>
        {
            var workspace = _budget.Of(query.Watch.Workspace);
            AzurePort.Take(LogsClient.Service, workspace, "");
            AzurePort.Take(LogsClient.Service, _budget.Requests, "the number of questions in 30 seconds");
            return AzurePort.HeedAsync(() => _logs.QueryAsync(query.Watch.Workspace, text, query.From, query.To + WatchQuery.Slack, cancellation), _budget.Requests, workspace);
        },
        cancellation);
}
