using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Embedded.Faults;

/// <summary>A configuration store that fails by plan.</summary>
public sealed class FaultyConfigurationStore(IConfigurationStore inner, FaultPlan plan) : IConfigurationStore
{
    private const string StoreName = "configuration store";

    /// <inheritdoc/>
    public Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation) =>
        FaultyCall.RunAsync(plan, StoreName, FaultOperations.ConfigurationRead, key, () => inner.ReadAsync(key, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation) =>
        FaultyCall.RunAsync(
            plan, StoreName, FaultOperations.ConfigurationWrite, key,
            () => inner.WriteAsync(key, value, ifMatch, cancellation), cancellation, () => Task.FromResult(false));
}
