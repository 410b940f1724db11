using Azure.Communication.Email;
using Azure.Core;
using Azure.Data.AppConfiguration;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Slipway.Azure.Clients;

/// <summary>
/// Makes the library's clients as the adapters need them: signed in with an identity, never with a key, with pinned versions of the
/// services and short retries. Keep one client of each kind for the life of the process.
/// </summary>
public static class AzureClients
{
    private static readonly ClientRetry Usual = new();

    // A throttled mail is not queued, and asking again counts too.
    private static readonly ClientRetry ForMail = new() { LongestWait = TimeSpan.Zero };

    /// <summary>The identity of this application: managed identity on Azure, the developer's sign-in on a workstation.</summary>
    /// <param name="clientId">The client id of a user-assigned identity; null or empty: the system-assigned one.</param>
    public static TokenCredential Identity(string? clientId = null) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = string.IsNullOrEmpty(clientId) ? null : clientId,
        ExcludeInteractiveBrowserCredential = true,
    });

    /// <summary>A client of an App Configuration store.</summary>
    /// <param name="endpoint">The store, for example <c>https://contoso.azconfig.io</c>.</param>
    /// <param name="credential">Needs the role App Configuration Data Owner.</param>
    /// <param name="retry">Null: as <see cref="ClientRetry"/> says.</param>
    /// <param name="adjust">Changes the options last, for example their transport; null: nothing.</param>
    public static ConfigurationClient Configuration(
        Uri endpoint, TokenCredential credential, ClientRetry? retry = null, Action<ClientOptions>? adjust = null) =>
        new(endpoint, credential, ConfigurationOptions(retry, adjust));

    /// <summary>A client of an emulator on this machine, which knows no identities. Throws <see cref="ArgumentException"/> when the connection
    /// string's endpoint is not on a loopback address: keys open no real store here.</summary>
    /// <param name="connectionString">Endpoint, Id and Secret.</param>
    /// <param name="retry">Null: as <see cref="ClientRetry"/> says.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static ConfigurationClient ConfigurationEmulator(string connectionString, ClientRetry? retry = null, Action<ClientOptions>? adjust = null)
    {
        const string Name = "Endpoint=";
        var endpoint = connectionString.Split(';', StringSplitOptions.TrimEntries).FirstOrDefault(part => part.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        if (endpoint is null || !Uri.TryCreate(endpoint[Name.Length..], UriKind.Absolute, out var url) || !url.IsLoopback)
        {
            throw new ArgumentException("A connection string is only for an emulator on this machine; expected Endpoint=http://127.0.0.1:PORT;Id=…;Secret=….", nameof(connectionString));
        }

        return new ConfigurationClient(connectionString, ConfigurationOptions(retry, adjust));
    }

    /// <summary>A client of Communication Services e-mail.</summary>
    /// <param name="endpoint">The resource, for example <c>https://contoso.europe.communication.azure.com</c>.</param>
    /// <param name="credential">Needs the role Communication and Email Service Owner on the resource.</param>
    /// <param name="retry">Null: as <see cref="ClientRetry"/> says, but without repeating what was throttled.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static EmailClient Mail(Uri endpoint, TokenCredential credential, ClientRetry? retry = null, Action<ClientOptions>? adjust = null) =>
        new(endpoint, credential, Adjusted(new EmailClientOptions(EmailClientOptions.ServiceVersion.V2023_03_31), retry ?? ForMail, adjust));

    /// <summary>A client of a container of Blob storage.</summary>
    /// <param name="container">The container, for example <c>https://contoso.blob.core.windows.net/ledgers</c>.</param>
    /// <param name="credential">Needs the role Storage Blob Data Contributor on it.</param>
    /// <param name="retry">Null: as <see cref="ClientRetry"/> says.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static BlobContainerClient Container(Uri container, TokenCredential credential, ClientRetry? retry = null, Action<ClientOptions>? adjust = null) =>
        new(container, credential, BlobOptions(retry, adjust));

    /// <summary>A client of a container of the storage emulator on this machine, whose account and key are the same for everybody. Throws
    /// <see cref="ArgumentException"/> when the address is not a loopback address.</summary>
    /// <param name="container">For example <c>http://127.0.0.1:10000/devstoreaccount1/ledgers</c>.</param>
    /// <param name="retry">Null: as <see cref="ClientRetry"/> says.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static BlobContainerClient ContainerEmulator(Uri container, ClientRetry? retry = null, Action<ClientOptions>? adjust = null)
    {
        // Microsoft publishes both, and every installation of the emulator has them: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
        const string Account = "devstoreaccount1";
        const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        return container.IsLoopback
            ? new BlobContainerClient(container, new StorageSharedKeyCredential(Account, Key), BlobOptions(retry, adjust))
            : throw new ArgumentException($"{container} is not on this machine; keys open no real store here.", nameof(container));
    }

    private static BlobClientOptions BlobOptions(ClientRetry? retry, Action<ClientOptions>? adjust) =>
        Adjusted(new BlobClientOptions(BlobClientOptions.ServiceVersion.V2024_11_04), retry ?? Usual, adjust);

    private static ConfigurationClientOptions ConfigurationOptions(ClientRetry? retry, Action<ClientOptions>? adjust) =>
        Adjusted(new ConfigurationClientOptions(ConfigurationClientOptions.ServiceVersion.V2023_11_01), retry ?? Usual, adjust);

    internal static TOptions Adjusted<TOptions>(TOptions options, ClientRetry retry, Action<ClientOptions>? adjust)
        where TOptions : ClientOptions
    {
        options.RetryPolicy = new BoundedRetryPolicy(retry);
        options.Retry.NetworkTimeout = retry.Timeout;
        adjust?.Invoke(options);
        return options;
    }
}
