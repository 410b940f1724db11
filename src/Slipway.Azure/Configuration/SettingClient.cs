using System.Collections.Concurrent;
using Azure;
using Azure.Data.AppConfiguration;
using Slipway.Azure.Clients;
using Slipway.Azure.Throttling;
using Slipway.Workflow.Ports;

namespace Slipway.Azure.Configuration;

/// <summary>
/// Settings with compare-and-set. A read says which version it has seen, so that an unchanged setting costs an empty answer. Safe for
/// concurrent use.
/// </summary>
internal sealed class SettingClient(ConfigurationClient client, AzureSystem system, TimeProvider time, RequestBudget budget)
{
    /// <summary>More than anybody watches; beyond it the memory starts anew.</summary>
    private const int MostSeen = 10_000;

    /// <summary>How long a look may take in all. It shows what somebody else may have done, and a poll has more to see than that: a store that hangs must not
    /// cost it the telemetry, and would with all repetitions of a request.</summary>
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(3);

    private const string Allowance = "the store's hourly number of requests";

    private readonly ConcurrentDictionary<(string Key, string Label), StoredSetting> _seen = new();

    /// <summary>A setting; null when it does not exist.</summary>
    public Task<StoredSetting?> ReadAsync(string key, string label, CancellationToken cancellation)
    {
        // A read goes out whatever the budget says, as a write does: a rollback reads before it writes.
        budget.Count();
        return AskAsync(key, label, cancellation, cancellation);
    }

    /// <summary>The same for a look that can wait: it goes out only while the store has room for it and does not ask to be left alone, and takes no longer
    /// than <see cref="LookPatience"/>.</summary>
    public async Task<StoredSetting?> LookAsync(string key, string label, CancellationToken cancellation)
    {
        AzurePort.Take(system, budget, Allowance);
        using var limit = new CancellationTokenSource(LookPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await AskAsync(key, label, either.Token, cancellation);
    }

    /// <summary>Asks until one of two gives up; only what the caller ends is a cancellation, everything else is no answer in time.</summary>
    private async Task<StoredSetting?> AskAsync(string key, string label, CancellationToken patience, CancellationToken caller)
    {
        var seen = _seen.GetValueOrDefault((key, label));
        var read = await CallAsync(
            key,
            async () =>
            {
                var answer = seen is null
                    ? await client.GetConfigurationSettingAsync(key, OrNull(label), patience)
                    : await client.GetConfigurationSettingAsync(new ConfigurationSetting(key, null, OrNull(label), new ETag(seen.ETag)), true, patience);
                return answer.GetRawResponse() is { Status: not 304 } changed ? StoredSetting.Read(changed) : seen;
            },
            404,
            caller);
        if (read is not null) return See(label, read);
        _seen.TryRemove((key, label), out _);
        return null;
    }

    /// <summary>Replaces a value when the setting is still at <paramref name="ifMatch"/>, and keeps its tags. Null: somebody else was first.</summary>
    public async Task<StoredSetting?> ReplaceAsync(StoredSetting current, string value, string contentType, string ifMatch, CancellationToken cancellation)
    {
        var setting = new ConfigurationSetting(current.Key, value, OrNull(current.Label), new ETag(ifMatch)) { ContentType = OrNull(contentType) };
        foreach (var (name, tag) in current.Tags) setting.Tags[name] = tag;
        return await WriteAsync(current.Key, current.Label, () => client.SetConfigurationSettingAsync(setting, true, cancellation), cancellation);
    }

    /// <summary>Makes a setting that does not exist. Null: it does.</summary>
    public async Task<StoredSetting?> AddAsync(string key, string label, string value, string contentType, CancellationToken cancellation)
    {
        var setting = new ConfigurationSetting(key, value, OrNull(label)) { ContentType = OrNull(contentType) };
        return await WriteAsync(key, label, () => client.AddConfigurationSettingAsync(setting, cancellation), cancellation);
    }

    /// <summary>Deletes a setting that is still at <paramref name="ifMatch"/>. False: somebody else was first.</summary>
    public async Task<bool> DeleteAsync(string key, string label, string ifMatch, CancellationToken cancellation)
    {
        budget.Count();
        var setting = new ConfigurationSetting(key, null, OrNull(label), new ETag(ifMatch));
        var deleted = await CallAsync<Response>(key, async () => await client.DeleteConfigurationSettingAsync(setting, true, cancellation), 412, cancellation);
        _seen.TryRemove((key, label), out _);
        return deleted is not null;
    }

    /// <summary>Keys and labels under a prefix, in the service's order, over as many pages as there are, each of which is a request.</summary>
    public async Task<IReadOnlyList<(string Key, string Label)>> ListAsync(string prefix, CancellationToken cancellation)
    {
        AzurePort.Take(system, budget, Allowance);
        var selector = new SettingSelector { KeyFilter = $"{prefix}*", Fields = SettingFields.Key | SettingFields.Label };
        return await HeedAsync(
            async () =>
            {
                var found = new List<(string, string)>();
                var first = true;
                await foreach (var page in client.GetConfigurationSettingsAsync(selector, cancellation).AsPages())
                {
                    // The first was taken above. A list that is begun is brought to its end, so that the others are only counted.
                    if (!first) budget.Count();
                    first = false;
                    found.AddRange(page.Values.Select(setting => (setting.Key, setting.Label ?? "")));
                }

                return found;
            },
            cancellation);
    }

    private async Task<StoredSetting?> WriteAsync(string key, string label, Func<Task<Response<ConfigurationSetting>>> write, CancellationToken cancellation)
    {
        budget.Count();
        var written = await CallAsync<StoredSetting>(key, async () => StoredSetting.Read((await write()).GetRawResponse()), 412, cancellation);
        return written is null ? null : See(label, written);
    }

    /// <summary>The answer; null when its status is <paramref name="none"/>, which is a value and no failure.</summary>
    private Task<T?> CallAsync<T>(string key, Func<Task<T?>> call, int none, CancellationToken cancellation)
        where T : class => HeedAsync<T?>(
        async () =>
        {
            try
            {
                return await call();
            }
            catch (RequestFailedException error) when (error.Status == none)
            {
                return null;
            }
            catch (RequestFailedException error) when (error.Status == 409)
            {
                throw new PortUnavailableException(system.Name, $"the setting '{key}' is read-only there (409); unlock it before anything can change it", error);
            }
        },
        cancellation);

    private Task<T> HeedAsync<T>(Func<Task<T>> call, CancellationToken cancellation) =>
        AzurePort.HeedAsync(() => AzurePort.CallAsync(system, time, call, cancellation), budget, budget);

    private StoredSetting See(string label, StoredSetting setting)
    {
        if (_seen.Count >= MostSeen) _seen.Clear();
        return _seen[(setting.Key, label)] = setting;
    }

    // The library leaves out what is null, and no label is not the empty one.
    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
