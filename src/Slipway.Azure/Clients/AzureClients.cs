using Azure.Communication.Email;
using Azure.Core;
using Azure.Data.AppConfiguration;

namespace Slipway.Azure.Clients;

/// <summary>
/// Makes the library's clients as the adapters need them: signed in with an identity, never with a key, with pinned versions of the
/// services and short retries. Keep one client of each kind for the life of the process.
/// </summary>
public static class AzureClients
{
    // A throttled mail is not queued, and asking again counts too; the release asks again by itself. Nobody waits for one, and what is given up too early may
    // come twice.
    private static readonly ClientRetry ForMail = new() { LongestWait = TimeSpan.Zero, Retries = 0, Timeout = TimeSpan.FromSeconds(10) };

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
    /// <param name="retry">Null: nothing is repeated, and an answer may take 10 s.</param>
    /// <param name="adjust">Changes the options last; null: nothing.</param>
    public static EmailClient Mail(Uri endpoint, TokenCredential credential, ClientRetry? retry = null, Action<ClientOptions>? adjust = null) =>
        new(endpoint, credential, StorageClients.Adjusted(new EmailClientOptions(EmailClientOptions.ServiceVersion.V2023_03_31), retry ?? ForMail, adjust));

    private static ConfigurationClientOptions ConfigurationOptions(ClientRetry? retry, Action<ClientOptions>? adjust) =>
        StorageClients.Adjusted(new ConfigurationClientOptions(ConfigurationClientOptions.ServiceVersion.V2023_11_01), retry ?? StorageClients.Usual, adjust);
}
