using Azure.Data.AppConfiguration;
using Slipway.Azure.Clients;
using Slipway.Azure.Throttling;
using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Configuration;

/// <summary>
/// Configuration keys in App Configuration, all under one label. A write keeps the setting's content type and tags. Safe for concurrent
/// use; one instance for each store, since it remembers what it has seen.
/// </summary>
public sealed class AppConfigurationStore : IConfigurationStore
{
    private static readonly AzureSystem Service = new("configuration store", "App Configuration Data Owner");

    private readonly SettingClient _settings;
    private readonly string _label;

    /// <summary>Opens the store.</summary>
    /// <param name="client">The store; see <see cref="AzureClients"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budget">The store's requests, shared with the flag store; see <see cref="AppConfigurationLimits.Standard"/>.</param>
    /// <param name="label">The label of every key. Default: none.</param>
    public AppConfigurationStore(ConfigurationClient client, TimeProvider time, RequestBudget budget, string label = "") =>
        (_settings, _label) = (new SettingClient(client, Service, time, budget), label);

    /// <inheritdoc/>
    public async Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation)
    {
        var setting = await _settings.ReadAsync(key, _label, cancellation);
        return new ConfigurationValue(key, setting?.Value, setting?.ETag);
    }

    /// <inheritdoc/>
    public async Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation)
    {
        if (ifMatch is null)
        {
            return value is null
                ? await _settings.ReadAsync(key, _label, cancellation) is null
                : await _settings.AddAsync(key, _label, value, "", cancellation) is not null;
        }

        if (value is null) return await _settings.DeleteAsync(key, _label, ifMatch, cancellation);
        return await _settings.ReadAsync(key, _label, cancellation) is { } current
            && current.ETag == ifMatch
            && await _settings.ReplaceAsync(current, value, current.ContentType, ifMatch, cancellation) is not null;
    }
}
