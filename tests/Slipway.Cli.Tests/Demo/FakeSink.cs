using System.Collections.Concurrent;
using Slipway.Cli.Demo.Storefront;

namespace Slipway.Cli.Tests.Demo;

/// <summary>Keeps the telemetry that it gets.</summary>
internal sealed class FakeSink : ITelemetrySink
{
    private readonly ConcurrentQueue<TelemetryRow> _rows = new();

    public IReadOnlyCollection<TelemetryRow> Rows => _rows;

    public Task SendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        foreach (var row in batch.Rows) _rows.Enqueue(row);
        return Task.CompletedTask;
    }
}
