using System.Globalization;
using Slipway.Core.Ledgers;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Tests.Fakes;

/// <summary>Configuration keys in memory; a test can step in around a write.</summary>
internal sealed class FakeConfiguration : IConfigurationStore
{
    private readonly Dictionary<string, ConfigurationValue> _values = new(StringComparer.Ordinal);
    private int _version;

    public string? this[string key] => _values.GetValueOrDefault(key)?.Value;

    public int Writes { get; private set; }

    public Action BeforeWrite { get; set; } = () => { };

    public Action AfterWrite { get; set; } = () => { };

    /// <summary>When set, the store does not answer.</summary>
    public bool Away { get; set; }

    /// <summary>What reads answer in place of what is there, as a replica that is behind does; null: what is there.</summary>
    public ConfigurationValue? Past { get; set; }

    /// <summary>What anybody may do; null deletes.</summary>
    public void Set(string key, string? value)
    {
        if (value is null) _values.Remove(key);
        else _values[key] = new ConfigurationValue(key, value, (++_version).ToString(CultureInfo.InvariantCulture));
    }

    public Task<ConfigurationValue> ReadAsync(string key, CancellationToken cancellation) => Away
        ? throw new PortUnavailableException("configuration", "no answer")
        : Task.FromResult(Past ?? _values.GetValueOrDefault(key) ?? new ConfigurationValue(key, null, null));

    public Task<bool> WriteAsync(string key, string? value, string? ifMatch, CancellationToken cancellation)
    {
        BeforeWrite();
        if (_values.GetValueOrDefault(key)?.ETag != ifMatch) return Task.FromResult(false);
        Set(key, value);
        Writes++;
        AfterWrite();
        return Task.FromResult(true);
    }
}
