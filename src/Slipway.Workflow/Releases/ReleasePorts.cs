using Slipway.Core.Approvals;
using Slipway.Workflow.Diagnostics;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Releases;

/// <summary>Every port that the activities need, as the composition root fills them.</summary>
public sealed record ReleasePorts
{
    /// <summary>Feature flags.</summary>
    public required IFlagStore Flags { get; init; }

    /// <summary>Configuration keys of level 2.</summary>
    public required IConfigurationStore Configuration { get; init; }

    /// <summary>Observations.</summary>
    public required IMetricSource Metrics { get; init; }

    /// <summary>HTTP checks.</summary>
    public required IProbe Probe { get; init; }

    /// <summary>The deploy hook: forward steps, and level 3.</summary>
    public required IDeployHook Hook { get; init; }

    /// <summary>Mail.</summary>
    public required IMailer Mailer { get; init; }

    /// <summary>Webhooks.</summary>
    public required IWebhook Webhook { get; init; }

    /// <summary>The words of messages.</summary>
    public required IMessageComposer Composer { get; init; }

    /// <summary>Sign the links of approvers; null: this server asks nobody for approval.</summary>
    public ApprovalKeys? ApprovalKeys { get; init; }

    /// <summary>Ledgers.</summary>
    public required ILedger Ledger { get; init; }

    /// <summary>Locks on flags and keys.</summary>
    public required ILocks Locks { get; init; }

    /// <summary>The clock by which a step that is begun too late is left undone, and a poll waits for flags and ledger no longer.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Freezes of every release.</summary>
    public required IFreezes Freezes { get; init; }

    /// <summary>Published summaries and reports.</summary>
    public required IReleaseSnapshots Snapshots { get; init; }

    /// <summary>Told what Slipway does; null: nobody is told.</summary>
    public ReleaseDiagnostics? Diagnostics { get; init; }
}
