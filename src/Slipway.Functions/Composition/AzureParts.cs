using Azure.Storage.Blobs;
using Slipway.Azure.Flags;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Web.Api;

namespace Slipway.Functions.Composition;

/// <summary>Creates flags in App Configuration.</summary>
internal sealed class StoredFlagCreator(AppConfigurationFlagStore store) : IFlagCreator
{
    /// <inheritdoc/>
    public async Task<FlagCreation> CreateOffAsync(FlagKey flag, CancellationToken cancellation)
    {
        var write = await store.CreateAsync(flag, "", cancellation);
        return new FlagCreation(write.Written, write.Current ?? throw new InvalidOperationException($"The flag {flag} was neither made nor there."));
    }
}

/// <summary>Telemetry is in Log Analytics, and not taken in here.</summary>
internal sealed class NoTelemetrySink : ITelemetrySink
{
    /// <inheritdoc/>
    public Task<TelemetryReceipt> IngestAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation) => Task.FromResult(new TelemetryReceipt(
        0, [RequestProblem.At("", "telemetry", "none here: this server reads Log Analytics, to which applications send theirs through Application Insights")]));
}

/// <summary>Whether the state can be reached; the engine is the platform's, and it says itself how it is.</summary>
internal sealed class StoreHealth(BlobContainerClient state) : IHealthSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    /// <inheritdoc/>
    public async Task<HealthState> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await state.GetPropertiesAsync(cancellationToken: cancellation).WaitAsync(Patience, cancellation);
            return new HealthState(true, new Dictionary<string, string> { ["state"] = "ok" });
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new HealthState(false, new Dictionary<string, string> { ["state"] = "does not answer" });
        }
    }
}
