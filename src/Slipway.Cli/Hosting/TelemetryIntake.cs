using Slipway.Embedded.Telemetry;
using Slipway.Web.Api;

namespace Slipway.Cli.Hosting;

/// <summary>Takes the bodies of <c>POST /telemetry</c> into the embedded store.</summary>
internal sealed class TelemetryIntake(SqliteTelemetryStore store, TimeProvider time) : ITelemetrySink
{
    /// <inheritdoc/>
    public async Task<TelemetryReceipt> IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var batch = TelemetryBatchReader.Read(body, time.GetUtcNow());
        if (batch.Problems.Count > 0)
            return new TelemetryReceipt(0, batch.Problems);
        await store.IngestAsync(batch.Rows, cancellation);
        return new TelemetryReceipt(batch.Rows.Count, []);
    }
}
