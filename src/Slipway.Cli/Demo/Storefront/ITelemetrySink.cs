namespace Slipway.Cli.Demo.Storefront;

/// <summary>Where the storefront's telemetry goes.</summary>
internal interface ITelemetrySink
{
    /// <summary>Sends rows. Throws <see cref="HttpRequestException"/> when they were not accepted.</summary>
    Task SendAsync(IReadOnlyList<TelemetryRow> rows, CancellationToken cancellation);
}
