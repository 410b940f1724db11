using Slipway.Core.Requests;

namespace Slipway.Web.Api;

/// <summary>Takes telemetry in.</summary>
public interface ITelemetrySink
{
    /// <summary>
    /// Takes a JSON body in: all of it or nothing. Sending the same rows again must not count them twice where the body says so. Expected
    /// faults of the body are in the receipt; an exception means that the store failed.
    /// </summary>
    Task<TelemetryReceipt> IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation);
}

/// <summary>How taking in ended.</summary>
/// <param name="Rows">Rows that were stored; 0 when there are errors.</param>
/// <param name="Errors">Everything that is wrong with the body; empty when it was stored.</param>
public sealed record TelemetryReceipt(int Rows, IReadOnlyList<RequestProblem> Errors);
