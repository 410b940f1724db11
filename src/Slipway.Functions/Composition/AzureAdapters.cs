using Azure.Core;
using Azure.Data.AppConfiguration;
using Azure.Storage.Blobs;
using Slipway.Azure.Archive;
using Slipway.Azure.Clients;
using Slipway.Azure.Configuration;
using Slipway.Azure.Flags;
using Slipway.Azure.Freezes;
using Slipway.Azure.Ledger;
using Slipway.Azure.Locks;
using Slipway.Azure.Mail;
using Slipway.Azure.Metrics;
using Slipway.Azure.Policy;
using Slipway.Azure.Snapshots;
using Slipway.Cli.Client;
using Slipway.Core.Approvals;
using Slipway.Core.Policy;
using Slipway.Core.Requests;
using Slipway.Embedded.Http;
using Slipway.Functions.Access;
using Slipway.Functions.Policy;
using Slipway.Web.Access;
using Slipway.Web.Messages;
using Slipway.Web.Pages.Handlers;
using Slipway.Workflow.Releases;

namespace Slipway.Functions.Composition;

/// <summary>The adapters over App Configuration, Log Analytics, Communication Services and Blob storage, each once for the life of the process.</summary>
internal static class AzureAdapters
{
    /// <summary>What is archived is larger than anything else, and no release waits for it.</summary>
    private static readonly ClientRetry ForDocuments = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Opens them; throws <see cref="AdapterSettingsException"/> when a setting cannot be used; a server
    /// policy that cannot is told, and keeps nothing from starting.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="adjust">Changes each client's options last, for tests; null: nothing.</param>
    /// <param name="identity">Null: this application's own.</param>
    public static SlipwayAdapters Open(AzureSettings settings, TimeProvider time, Action<ClientOptions>? adjust = null, TokenCredential? identity = null)
    {
        identity ??= StorageClients.Identity(settings.ClientId);
        var configuration = Configuration(settings, identity, adjust);
        var budget = AppConfigurationLimits.Standard(time);
        var flags = new AppConfigurationFlagStore(configuration, time, budget);
        var keys = new AppConfigurationStore(configuration, time, budget);
        var state = Container(settings.State, identity, adjust);
        var stored = new StoredPolicy(keys, new BlobPolicyCopy(state, time), settings.Policy, time, found => Hosted(found, settings));
        // The one wait of the start: nothing may be answered before it is known who may do what.
        stored.LookAsync(CancellationToken.None).GetAwaiter().GetResult();
        ServerPolicy Policy() => stored.Standing.Policy;
        bool MayCall(Uri url) => Policy().MayCall(url);
        var mailer = new QueuedMailer(
            Mailer(settings, identity, time, adjust),
            state,
            time);
        var outbound = OutboundHttp.CreatePublicClient(host => Policy().AllowedUrls.Names.Contains(host, StringComparer.OrdinalIgnoreCase), thisMachine: settings.OnWorkstation);
        var pages = PageServices.Over(new WebKeys(Secret(settings.ApprovalKeys)), new TokenAccessControl([], []), time, settings.BaseUrl.Scheme == Uri.UriSchemeHttps);
        EasyAuthAccess Access(ServerPolicy policy) => new(policy, pages.Sessions, settings.SignIn);
        var tokens = settings.TokenFolder is { } folder ? FolderTokens.Open(folder, settings.BaseUrl, Policy(), time) : null;
        return new SlipwayAdapters
        {
            Ports = new ReleasePorts
            {
                Flags = flags,
                Configuration = keys,
                Metrics = LogAnalyticsMetricSource.Create(identity, time, new LogsBudget(time), settings.LogsEndpoint, adjust: adjust),
                Probe = new HttpProbe(outbound, MayCall, time),
                Hook = new HttpDeployHook(outbound, MayCall, time),
                Mailer = mailer,
                Webhook = new HttpWebhook(outbound, MayCall, time),
                ApprovalKeys = settings.ApprovalKeys,
                Composer = new MessageComposer(),
                Ledger = new BlobLedger(Container(settings.Ledger, identity, adjust), time),
                Freezes = new BlobFreezes(state, time),
                Locks = new BlobLocks(state, time),
                Time = time,
                Snapshots = new BlobReleaseSnapshots(state, time),
            },
            FlagCreator = new StoredFlagCreator(flags),
            Telemetry = new NoTelemetrySink(),
            Health = new StoreHealth(state, () => stored.Standing),
            Access = tokens is null ? Access : _ => tokens.Control,
            Pages = tokens?.Pages ?? pages with { Platform = context => Access(Policy()).SignedIn(context) },

            // Whoever reaches the application under another name reaches it through the platform, which knows its names. Before a workstation
            // there is none.
            Hosts = settings.OnWorkstation ? HostAllowList.Loopback : new HostAllowList(["*"]),
            Notices = settings.OnWorkstation ? [WorkstationNotice(settings)] : [],
            ClientAddress = ForwardedClient.Of,
            Policy = Policy,
            Standing = () => stored.Standing,
            LookAtPolicy = stored.LookAsync,
            BaseUrl = settings.BaseUrl.AbsoluteUri.TrimEnd('/'),
            Source = TelemetrySource.LogAnalytics,
            Workspace = settings.Workspace,
            DrainMail = mailer.DrainAsync,
            Archive = new BlobReleaseArchive(Container(settings.Documents, identity, adjust, ForDocuments), time),
            KeepInstances = settings.Retention,
        };
    }

    /// <summary>What counts of a policy. Keys and approvers of a request are for one machine: who could sign in by a key is not one whom the platform
    /// lets in, and a release that waited for such an approver would wait for nobody.</summary>
    private static ServerPolicy Hosted(ServerPolicy policy, AzureSettings settings) => settings.TokenFolder is null
        ? policy with { PlatformSignsIn = settings.SignIn, Keys = [], InlineApprovers = policy.InlineApprovers && settings.OnWorkstation }
        : policy;

    private static string WorkstationNotice(AzureSettings settings) => settings.TokenFolder is { } folder
        ? $"On this machine the tokens of {Path.Combine(folder, ServerFile.Name)} sign in: slipway list --data {folder}, and slipway dashboard --data {folder} for a browser"
        : $"Nobody can sign in on this machine: only approval links and /health answer. Set {AdapterSettings.DataFolder} to a folder for its tokens";

    private static ConfigurationClient Configuration(AzureSettings settings, TokenCredential identity, Action<ClientOptions>? adjust)
    {
        const string Name = "SLIPWAY_APP_CONFIGURATION";
        if (Uri.TryCreate(settings.Configuration, UriKind.Absolute, out var endpoint) && endpoint.Scheme == Uri.UriSchemeHttps) return AzureClients.Configuration(endpoint, identity, adjust: adjust);
        try
        {
            return AzureClients.ConfigurationEmulator(settings.Configuration, adjust: adjust);
        }
        catch (ArgumentException problem)
        {
            // What is set may hold a key.
            throw new AdapterSettingsException($"{Name} is neither an https endpoint nor the connection string of an emulator on this machine: {problem.Message}", problem);
        }
        catch (InvalidOperationException)
        {
            // The library quotes what it cannot read, which may be the key, so that nothing of what it says is passed on.
            throw new AdapterSettingsException($"{Name} is a connection string that cannot be read. Expected: Endpoint=http://127.0.0.1:PORT;Id=…;Secret=…, each once, and the secret in base64.");
        }
    }

    private static AcsMailer Mailer(AzureSettings settings, TokenCredential identity, TimeProvider time, Action<ClientOptions>? adjust)
    {
        try
        {
            return new AcsMailer(
                AzureClients.Mail(settings.MailEndpoint, identity, adjust: adjust),
                settings.MailSender,
                new MailLimits { Sends = MailLimits.PerMinuteAndHour(settings.MailPerMinute, settings.MailPerHour) },
                time);
        }
        catch (FormatException problem)
        {
            throw new AdapterSettingsException($"SLIPWAY_MAIL_SENDER: {problem.Message}", problem);
        }
    }

    private static BlobContainerClient Container(Uri url, TokenCredential identity, Action<ClientOptions>? adjust, ClientRetry? retry = null) =>
        url.IsLoopback ? StorageClients.ContainerEmulator(url, retry, adjust) : StorageClients.Container(url, identity, retry, adjust);

    /// <summary>Whoever rotates the approval keys ends every session.</summary>
    private static byte[] Secret(ApprovalKeys keys) => keys.Signing.Derive("slipway/web-keys/1");
}
