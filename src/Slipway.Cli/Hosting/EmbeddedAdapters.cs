using Slipway.Core.Approvals;
using Slipway.Core.Policy;
using Slipway.Embedded.Configuration;
using Slipway.Embedded.Flags;
using Slipway.Embedded.Freezes;
using Slipway.Embedded.Http;
using Slipway.Embedded.Ledger;
using Slipway.Embedded.Locks;
using Slipway.Embedded.Mail;
using Slipway.Embedded.Snapshots;
using Slipway.Embedded.Storage;
using Slipway.Embedded.Telemetry;
using Slipway.Web.Messages;
using Slipway.Workflow.Releases;

namespace Slipway.Cli.Hosting;

/// <summary>Every port, filled with the embedded adapter.</summary>
/// <param name="Ports">What the activities get.</param>
/// <param name="Flags">The flag store, also for creating flags.</param>
/// <param name="Telemetry">The telemetry store, also for taking telemetry in.</param>
/// <param name="Outbox">The folder of mails.</param>
internal sealed record EmbeddedAdapters(ReleasePorts Ports, SqliteFlagStore Flags, SqliteTelemetryStore Telemetry, string Outbox)
{
    /// <summary>Makes them over one database.</summary>
    /// <param name="database">Where everything is kept.</param>
    /// <param name="outbound">Calls the URLs that a request names.</param>
    /// <param name="policy">Says which of those URLs may be called.</param>
    /// <param name="approvalKeys">Sign the links of approvers; null: nobody is asked.</param>
    /// <param name="options">Folder and clock.</param>
    public static EmbeddedAdapters Over(SlipwayDatabase database, HttpClient outbound, ServerPolicy policy, ApprovalKeys? approvalKeys, SlipwayServerOptions options)
    {
        var flags = new SqliteFlagStore(database, options.Time);
        var telemetry = new SqliteTelemetryStore(database);
        var mailer = new OutboxMailer(Path.Combine(options.DataDirectory, "outbox"), options.Time);
        var ports = new ReleasePorts
        {
            Flags = flags,
            Configuration = new SqliteConfigurationStore(database),
            Metrics = telemetry,
            Probe = new HttpProbe(outbound, policy.AllowedUrls.Allows, options.Time),
            Hook = new HttpDeployHook(outbound, policy.AllowedUrls.Allows, options.Time),
            Mailer = mailer,
            Webhook = new HttpWebhook(outbound, policy.AllowedUrls.Allows, options.Time),
            ApprovalKeys = approvalKeys,
            Composer = new MessageComposer(),
            Ledger = new SqliteLedger(database),
            Freezes = new SqliteFreezes(database),
            Locks = new SqliteLocks(database, options.Time),
            Time = options.Time,
            Snapshots = new SqliteReleaseSnapshots(database),
        };
        return new EmbeddedAdapters(ports, flags, telemetry, mailer.Folder);
    }
}
