using System.Text;
using Azure.Data.AppConfiguration;
using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Throttling;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Workflow.Flags;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Flags;

/// <summary>
/// Feature flags in App Configuration, with a value for each label. What Slipway changes in a flag's JSON is decided by
/// <see cref="FlagJson"/>; everything else, tags included, stays. Safe for concurrent use; one instance for each store, since it remembers
/// what it has seen.
/// </summary>
public sealed class AppConfigurationFlagStore : IFlagStore
{
    /// <summary>What stands before a flag's name in its key.</summary>
    public const string KeyPrefix = ".appconfig.featureflag/";

    /// <summary>The content type by which applications know a flag.</summary>
    public const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";

    private static readonly AzureSystem Service = new("flag store", "App Configuration Data Owner");

    private readonly SettingClient _settings;

    /// <summary>Opens the store.</summary>
    /// <param name="client">The store; see <see cref="AzureClients"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budget">The store's requests, shared with other adapters over it; see <see cref="AppConfigurationLimits.Standard"/>.</param>
    public AppConfigurationFlagStore(ConfigurationClient client, TimeProvider time, RequestBudget budget) =>
        _settings = new SettingClient(client, Service, time, budget);

    /// <summary>
    /// Creates a flag that is off. Not written when a flag of that name and label exists, which then is the result's current state. Throws
    /// <see cref="FlagFormatException"/> on a name that cannot be, <see cref="PortUnavailableException"/> when the store does not answer.
    /// </summary>
    public async Task<FlagWrite> CreateAsync(FlagKey flag, string description, CancellationToken cancellation)
    {
        var json = FlagJson.CreateOff(flag.Name, description);
        CheckSize(flag, json, null);
        return await _settings.AddAsync(KeyOf(flag), flag.Label, json, ContentType, cancellation) is { } added
            ? new FlagWrite(true, FlagJson.Read(flag, json, added.ETag))
            : new FlagWrite(false, await ReadAsync(flag, cancellation));
    }

    /// <inheritdoc/>
    public async Task<FlagState?> ReadAsync(FlagKey flag, CancellationToken cancellation) =>
        await _settings.ReadAsync(KeyOf(flag), flag.Label, cancellation) is { } setting ? State(flag, setting) : null;

    /// <inheritdoc/>
    public async Task<FlagState?> LookAsync(FlagKey flag, CancellationToken cancellation) =>
        await _settings.LookAsync(KeyOf(flag), flag.Label, cancellation) is { } setting ? State(flag, setting) : null;

    /// <summary>All flags whose name and label a request can state, ascending by name and then label.</summary>
    public async Task<IReadOnlyList<FlagKey>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await _settings.ListAsync(KeyPrefix, cancellation))
            .Select(setting => (Name: setting.Key[KeyPrefix.Length..], setting.Label))
            .Where(flag => FlagKey.Problem(flag.Name, flag.Label) is null)
            .Select(flag => new FlagKey(flag.Name, flag.Label))
            .Order(),
    ];

    /// <summary>
    /// Sets a flag's exposure as the port says. Throws <see cref="FlagFormatException"/> when the flag's JSON cannot carry what is asked, or
    /// would be larger than the store takes; turning off never fails of that.
    /// </summary>
    public async Task<FlagWrite> SetExposureAsync(FlagSpec spec, Percentage exposure, string ifMatch, CancellationToken cancellation) => await WriteAsync(
        spec.Key,
        ifMatch,
        current =>
        {
            var json = FlagJson.SetExposure(current.Value, spec, exposure);
            if (exposure > Percentage.Zero) CheckSize(spec.Key, json, current);
            return json;
        },
        cancellation);

    /// <summary>Writes verbatim JSON when the ETag is still <paramref name="ifMatch"/>. Throws <see cref="FlagFormatException"/> when it
    /// is not this flag's JSON.</summary>
    public async Task<FlagWrite> RestoreAsync(FlagKey flag, string json, string ifMatch, CancellationToken cancellation)
    {
        FlagJson.Parse(flag, json, ifMatch);
        return await WriteAsync(flag, ifMatch, _ => json, cancellation);
    }

    private async Task<FlagWrite> WriteAsync(FlagKey flag, string ifMatch, Func<StoredSetting, string> decide, CancellationToken cancellation)
    {
        var current = await _settings.ReadAsync(KeyOf(flag), flag.Label, cancellation);
        if (current is null) return new FlagWrite(false, null);
        if (current.ETag != ifMatch) return new FlagWrite(false, State(flag, current));

        var json = decide(current);
        return await _settings.ReplaceAsync(current, json, ContentType, ifMatch, cancellation) is { } written
            ? new FlagWrite(true, FlagJson.Read(flag, json, written.ETag))
            : new FlagWrite(false, await ReadAsync(flag, cancellation));
    }

    private static FlagState State(FlagKey flag, StoredSetting setting) => FlagJson.Read(flag, setting.Value, setting.ETag);

    private static string KeyOf(FlagKey flag) => KeyPrefix + flag.Name;

    // The flag's JSON alone is checked where it is written; the store counts what stands around it too.
    private static void CheckSize(FlagKey flag, string json, StoredSetting? current)
    {
        var bytes = new[] { KeyOf(flag), flag.Label, json, ContentType }
            .Concat((current?.Tags ?? new Dictionary<string, string>()).SelectMany(tag => new[] { tag.Key, tag.Value }))
            .Sum(Encoding.UTF8.GetByteCount);
        if (bytes > AppConfigurationLimits.MaxSettingBytes)
        {
            throw new FlagFormatException(
                flag.Name,
                $"with key, label, content type and tags it would have {bytes} bytes; the store takes at most {AppConfigurationLimits.MaxSettingBytes} for one setting.");
        }
    }
}
