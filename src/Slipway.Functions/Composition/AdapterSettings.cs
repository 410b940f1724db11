using Microsoft.Extensions.Configuration;

namespace Slipway.Functions.Composition;

/// <summary>Reads which adapters the application runs on, and makes them.</summary>
public static class AdapterSettings
{
    /// <summary>The setting that names the adapters.</summary>
    public const string Adapters = "SLIPWAY_ADAPTERS";

    /// <summary>The setting that names the data folder.</summary>
    public const string DataFolder = "SLIPWAY_DATA";

    /// <summary>The setting that says where people reach the application.</summary>
    public const string BaseUrl = "SLIPWAY_BASE_URL";

    /// <summary>The adapters over Azure's services.</summary>
    public const string OverAzure = "azure";

    /// <summary>The adapters over a data folder of this machine.</summary>
    public const string OverDataFolder = "data-folder";

    /// <summary>
    /// Makes the adapters that the settings name. Throws <see cref="AdapterSettingsException"/> with what was found and what is expected.
    /// </summary>
    public static SlipwayAdapters Open(IConfiguration settings, TimeProvider time) => settings[Adapters] switch
    {
        OverDataFolder => DataFolderAdapters.Open(Required(settings, DataFolder, "an absolute path, the folder is made when it is missing"), LoopbackUrl(settings), time),
        OverAzure => OpenAzure(AzureSettings.Read(settings), time),
        null or "" => throw new AdapterSettingsException($"{Adapters} is not set. Expected: {OverAzure} or {OverDataFolder}."),
        var other => throw new AdapterSettingsException($"{Adapters} is '{other}'. Expected: {OverAzure} or {OverDataFolder}."),
    };

#if SLIPWAY_AZURE_SDK
    private static SlipwayAdapters OpenAzure(AzureSettings settings, TimeProvider time) => AzureAdapters.Open(settings, time);
#else
    private static SlipwayAdapters OpenAzure(AzureSettings settings, TimeProvider time) =>
        throw new AdapterSettingsException($"{Adapters} is '{OverAzure}', and this build of the application has no clients of Azure's services (SlipwayAzureSdk=false). Expected: {OverDataFolder}.");
#endif

    private static string Required(IConfiguration settings, string name, string expected) =>
        settings[name] is { Length: > 0 } value ? value : throw new AdapterSettingsException($"{name} is not set. Expected: {expected}.");

    /// <summary>A data folder's tokens are for this machine, so is the application that reads them.</summary>
    private static Uri LoopbackUrl(IConfiguration settings)
    {
        const string Expected = "the address of the Functions host on this machine, for example http://localhost:7071";
        var text = Required(settings, BaseUrl, Expected);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.IsLoopback && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new AdapterSettingsException($"{BaseUrl} is '{text}'. Expected with {Adapters}={OverDataFolder}: {Expected}.");
    }
}

/// <summary>The application cannot be composed from its settings; the message is for the person who starts it.</summary>
public sealed class AdapterSettingsException(string message, Exception? inner = null) : Exception(message, inner);
