using Slipway.Azure.Metrics;
using Slipway.Azure.Tests.Loopback;
using Slipway.Core.Analysis;
using Slipway.Core.Analysis.Calibrating;
using Slipway.Core.Planning;
using Slipway.Embedded.Telemetry;
using Slipway.Embedded.Tests.Contracts;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Tests.Metrics;

public sealed class LogAnalyticsContract : MetricSourceContract, IAsyncDisposable
{
    private readonly TestDatabase _database = TestDatabase.InMemory();
    private readonly LogsBudget _budget = new(TestClock.AtNine());
    private readonly SqliteTelemetryStore _rows;
    private readonly FakeLogAnalytics _service;

    public LogAnalyticsContract()
    {
        _rows = new SqliteTelemetryStore(_database.Database);
        _service = new FakeLogAnalytics(new StoredAnswers(_rows, LedgerSamples.Watch(60)).RunAsync);
        Source = new InLogs(LogAnalyticsMetricSource.Create(
            new FakeCredential(), TestClock.AtNine(), _budget, Rerouted.Endpoint, Rerouted.Quick, Rerouted.To(_service.Url)));
    }

    protected override IMetricSource Source { get; }

    public async ValueTask DisposeAsync()
    {
        _budget.Dispose();
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    protected override Task ReportAsync(params IReadOnlyList<TelemetryRow> rows) => _rows.IngestAsync(rows, TestContext.Current.CancellationToken);

    /// <summary>The contract's plans say nothing of workspaces.</summary>
    private sealed class InLogs(IMetricSource source) : IMetricSource
    {
        public Task<IReadOnlyList<Observation>> ReadAsync(WatchPlan watch, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
            source.ReadAsync(Here(watch), from, to, cancellation);

        public Task<CohortReading> ReadCohortAsync(WatchPlan watch, CohortQuery cohort, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
            source.ReadCohortAsync(Here(watch), cohort, from, to, cancellation);

        private static WatchPlan Here(WatchPlan watch) => watch with { Workspace = FakeLogAnalytics.Workspace, Logs = new LogsPlan { Flag = "search-v2", Kpis = ["orders"] } };
    }
}
