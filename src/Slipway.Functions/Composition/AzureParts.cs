using Azure.Storage.Blobs;
using Slipway.Azure.Flags;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Functions.Policy;
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

/// <summary>Whether the state can be reached, and how the server policy stands; the engine is the platform's, and it says itself how it is.</summary>
/// <param name="state">The container of the state.</param>
/// <param name="policy">How the server policy stands.</param>
internal sealed class StoreHealth(BlobContainerClient state, Func<PolicyStanding> policy) : IHealthSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    /// <inheritdoc/>
    public async Task<HealthState> ReadAsync(CancellationToken cancellation)
    {
        var standing = policy();
        try
        {
            await state.GetPropertiesAsync(cancellationToken: cancellation).WaitAsync(Patience, cancellation);
            return State(true, "ok", standing);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return State(false, "does not answer", standing);
        }
    }

    private static HealthState State(bool healthy, string state, PolicyStanding policy) =>
        new(healthy, new Dictionary<string, string> { ["state"] = state, ["policy"] = policy.Words }) { Degraded = policy.Degraded };
}
