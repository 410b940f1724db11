using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Slipway.Azure.Clients;

/// <summary>
/// This application's identity, and clients of Blob storage: signed in with it, never with a key, with a pinned version of the service and short
/// retries. Keep one client of each container for the life of the process.
/// </summary>
public static class StorageClients
{
    internal static ClientRetry Usual { get; } = new();

    /// <summary>The identity of this application: managed identity on Azure, the developer's sign-in on a workstation.</summary>
    /// <param name="clientId">The client id of a user-assigned identity; null or empty: the system-assigned one.</param>
    public static TokenCredential Identity(string? clientId = null) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = string.IsNullOrEmpty(clientId) ? null : clientId,
        ExcludeInteractiveBrowserCredential = true,
    });

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

    internal static TOptions Adjusted<TOptions>(TOptions options, ClientRetry retry, Action<ClientOptions>? adjust)
        where TOptions : ClientOptions
    {
        options.RetryPolicy = new BoundedRetryPolicy(retry);
        options.Retry.NetworkTimeout = retry.Timeout;
        adjust?.Invoke(options);
        return options;
    }
}
