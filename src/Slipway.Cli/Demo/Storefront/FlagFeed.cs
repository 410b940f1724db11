using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Slipway.Cli.Demo.Storefront;

/// <summary>
/// Slipway's flags as .NET configuration, in the schema that Microsoft.FeatureManagement reads: the same way by which an application gets
/// its flags from App Configuration. Until the first <see cref="Apply"/> there are no flags, so every feature is off.
/// </summary>
internal sealed class FlagFeed : ConfigurationProvider, IConfigurationSource
{
    private string _current = "";

    /// <inheritdoc/>
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>
    /// Takes in the flags' JSON values (App Configuration's format, one per flag, in a stable order) and tells the application when they
    /// changed. Throws <see cref="System.Text.Json.JsonException"/> when a value is not JSON; then nothing changes.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    public bool Apply(IReadOnlyList<string> flags)
    {
        var document = new JsonObject
        {
            ["feature_management"] = new JsonObject
            {
                ["feature_flags"] = new JsonArray([.. flags.Select(flag => JsonNode.Parse(flag))]),
            },
        }.ToJsonString();
        if (document == _current) return false;

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
        Data = new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable()
            .Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        _current = document;
        OnReload();
        return true;
    }
}
