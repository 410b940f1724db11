using System.Buffers.Text;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Slipway.Core.Approvals;

namespace Slipway.Functions.Composition;

/// <summary>The settings of the Azure adapters; infra/README.md says what each means.</summary>
internal sealed record AzureSettings
{
    private const int KeyBytes = 32;
    private const string ManagedPerMinute = "5";
    private const string ManagedPerHour = "10";

    public required Uri BaseUrl { get; init; }

    /// <summary>An endpoint, or the connection string of an emulator.</summary>
    public required string Configuration { get; init; }

    public required Uri Ledger { get; init; }

    public required Uri State { get; init; }

    public required Uri Documents { get; init; }

    public required string Workspace { get; init; }

    public Uri? LogsEndpoint { get; init; }

    public required Uri MailEndpoint { get; init; }

    public required string MailSender { get; init; }

    public required int MailPerMinute { get; init; }

    public required int MailPerHour { get; init; }

    public required ApprovalKeys ApprovalKeys { get; init; }

    /// <summary>The key of App Configuration with the server policy.</summary>
    public required string Policy { get; init; }

    public required TimeSpan Retention { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Whether the application runs on somebody's machine, whose folder then says who may do what.</summary>
    public required bool OnWorkstation { get; init; }

    /// <summary>On a workstation: the folder with its tokens; null: there are none, and nobody can sign in.</summary>
    public string? TokenFolder { get; init; }

    /// <summary>Whether the platform's sign-in is on.</summary>
    public required bool SignIn { get; init; }

    /// <summary>Reads them; throws <see cref="AdapterSettingsException"/> on the first that cannot be used.</summary>
    public static AzureSettings Read(IConfiguration settings) => new()
    {
        BaseUrl = Url(settings, "SLIPWAY_BASE_URL", "where people reach the app, for example https://contoso.azurewebsites.net"),
        Configuration = Text(settings, "SLIPWAY_APP_CONFIGURATION", "the endpoint of App Configuration, for example https://contoso.azconfig.io"),
        Ledger = Url(settings, "SLIPWAY_LEDGER", "the URL of the container with the ledgers"),
        State = Url(settings, "SLIPWAY_STATE", "the URL of the container with the state"),
        Documents = Url(settings, "SLIPWAY_DOCUMENTS", "the URL of the container with the documents"),
        Workspace = Workspaced(settings),
        LogsEndpoint = settings["SLIPWAY_LOG_ANALYTICS_ENDPOINT"] is { Length: > 0 } ? Url(settings, "SLIPWAY_LOG_ANALYTICS_ENDPOINT", "where Log Analytics is asked, for example https://api.loganalytics.io") : null,
        MailEndpoint = Url(settings, "SLIPWAY_MAIL_ENDPOINT", "the endpoint of Communication Services"),
        MailSender = Text(settings, "SLIPWAY_MAIL_SENDER", "the address that mail comes from"),
        MailPerMinute = Number(settings, "SLIPWAY_MAIL_PER_MINUTE", ManagedPerMinute, 1, 100_000),
        MailPerHour = Number(settings, "SLIPWAY_MAIL_PER_HOUR", ManagedPerHour, 1, 1_000_000),
        ApprovalKeys = Keys(settings),
        Policy = settings["SLIPWAY_POLICY"] is { Length: > 0 } policy ? policy : "slipway:policy",
        Retention = TimeSpan.FromDays(Number(settings, "SLIPWAY_RETENTION_DAYS", "30", 1, 3650)),
        ClientId = settings["AZURE_CLIENT_ID"],
        OnWorkstation = Workstation.Is(settings),
        TokenFolder = Workstation.Is(settings) && settings[AdapterSettings.DataFolder] is { Length: > 0 } folder ? folder : null,
        SignIn = string.Equals(settings[Access.EasyAuthAccess.EnabledSetting], "true", StringComparison.OrdinalIgnoreCase),
    };

    private static string Text(IConfiguration settings, string name, string expected) =>
        settings[name] is { Length: > 0 } value ? value : throw new AdapterSettingsException($"{name} is not set. Expected: {expected}.");

    /// <summary>Https, or http to this machine.</summary>
    private static Uri Url(IConfiguration settings, string name, string expected)
    {
        var text = Text(settings, name, expected);
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? url
            : throw new AdapterSettingsException($"{name} is '{text}'. Expected: {expected}; over https, or http on this machine.");
    }

    private static string Workspaced(IConfiguration settings)
    {
        var text = settings["SLIPWAY_LOG_ANALYTICS_WORKSPACE"] ?? "";
        return text.Length == 0 || Guid.TryParse(text, out _)
            ? text
            : throw new AdapterSettingsException($"SLIPWAY_LOG_ANALYTICS_WORKSPACE is '{text}'. Expected: the id of a workspace, a GUID and not its name; or nothing, and each request names its own.");
    }

    private static int Number(IConfiguration settings, string name, string otherwise, int least, int most)
    {
        var text = settings[name] is { Length: > 0 } value ? value : otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new AdapterSettingsException(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'. Expected: a whole number from {least} to {most}."));
    }

    private static ApprovalKeys Keys(IConfiguration settings)
    {
        const string Name = "SLIPWAY_APPROVAL_KEYS";
        const string Expected = "KEYID:base64url of 32 bytes, the newest first, separated by commas; infra/approval-keys makes them";
        var text = Text(settings, Name, Expected);

        // The values are secrets, so that no message shows one.
        if (text.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal))
            throw new AdapterSettingsException($"{Name} is a reference that the platform could not follow: there is no key yet, or the identity may not read it. Expected: {Expected}.");
        var keys = new List<ApprovalKey>();
        foreach (var (position, entry) in text.Split(',', StringSplitOptions.TrimEntries).Index())
        {
            var parts = entry.Split(':');
            if (parts is not [{ Length: > 0 } id, { Length: > 0 } secret] || Secret(secret) is not { Length: >= KeyBytes } bytes)
                throw new AdapterSettingsException(string.Create(CultureInfo.InvariantCulture, $"{Name} has something else than a key at position {position + 1}. Expected: {Expected}."));
            if (keys.Exists(key => key.Id == id)) throw new AdapterSettingsException($"{Name} has two keys with the id '{id}'. Expected: {Expected}.");
            keys.Add(new ApprovalKey(id, bytes));
        }

        return new ApprovalKeys(keys);
    }

    private static byte[]? Secret(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
