namespace Slipway.Cli.Demo.Storefront;

/// <summary>Where the storefront's telemetry goes.</summary>
internal interface ITelemetrySink
{
    /// <summary>Sends a batch; sending the same one again is safe. Throws <see cref="HttpRequestException"/> when it was not accepted.</summary>
    Task SendAsync(TelemetryBatch batch, CancellationToken cancellation);
}

/// <summary>Rows of one service that are sent together.</summary>
/// <param name="Id">Unique for the sender; a batch that is sent again under its id counts once.</param>
/// <param name="Service">The service of all rows.</param>
/// <param name="Rows">The rows.</param>
internal sealed record TelemetryBatch(string Id, string Service, IReadOnlyList<TelemetryRow> Rows);
