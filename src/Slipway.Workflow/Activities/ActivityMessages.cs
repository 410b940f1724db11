using System.Text.Json.Serialization;
using Slipway.Core.Analysis;
using Slipway.Core.Approvals;
using Slipway.Core.Ledgers;
using Slipway.Core.Messages;
using Slipway.Core.Planning;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;
using Slipway.Workflow.Ports;

namespace Slipway.Workflow.Activities;

/// <summary>What the orchestrator starts from: everything else is in the ledger.</summary>
public sealed record ReleaseInput(ReleaseId Release);

/// <summary>How the orchestration ended.</summary>
public sealed record ReleaseOutput(ReleasePhase Phase, string Reason);

/// <summary>Input of <see cref="ReleaseActivities.Load"/>.</summary>
public sealed record LoadInput(ReleaseId Release);

/// <summary>Input of <see cref="ReleaseActivities.Append"/>.</summary>
public sealed record AppendInput(ReleaseId Release, IReadOnlyList<LedgerDraft> Drafts);

/// <summary>The sequence of the last appended entry.</summary>
public sealed record AppendOutput(long Sequence);

/// <summary>Input of <see cref="ReleaseActivities.Commands"/>: reads entries after <paramref name="After"/>.</summary>
public sealed record CommandsInput(ReleaseId Release, long After);

/// <summary>The commands and decisions found, each in order, and up to where the ledger was read.</summary>
/// <param name="Cursor">Up to where the ledger was read.</param>
/// <param name="Commands">The commands.</param>
/// <param name="TakenOverBy">Who brings the release back instead of its orchestration, which has to end; null: nobody.</param>
/// <param name="Decisions">The decisions; null: none.</param>
/// <param name="Unlocked">Locks that an operator took away from the release; null: none.</param>
/// <param name="Signals">The reports; null: none.</param>
/// <param name="Answers">The answers to evaluations; null: none.</param>
public sealed record CommandsOutput(
    long Cursor,
    IReadOnlyList<ReleaseCommand> Commands,
    string? TakenOverBy = null,
    IReadOnlyList<ReceivedDecision>? Decisions = null,
    IReadOnlyList<LockRevoked>? Unlocked = null,
    IReadOnlyList<ReceivedSignal>? Signals = null,
    IReadOnlyList<ReceivedAnswer>? Answers = null);

/// <summary>Input of <see cref="ReleaseActivities.TakeLocks"/>.</summary>
public sealed record LockInput(ReleaseId Release, IReadOnlyList<string> Resources);

/// <summary>Whether the locks are held.</summary>
/// <param name="Resource">Empty: all are held; otherwise the first that another release holds.</param>
/// <param name="Holder">That release; null when all are held.</param>
/// <param name="TakenOver">Locks that releases which are over had left behind, and whose they were; null: none.</param>
public sealed record LockOutput(string Resource, ReleaseId? Holder, IReadOnlyList<string>? TakenOver = null);

/// <summary>Input of <see cref="ReleaseActivities.ReleaseLocks"/>.</summary>
public sealed record UnlockInput(ReleaseId Release);

/// <summary>Nothing to say.</summary>
public sealed record UnlockOutput;

/// <summary>Input of <see cref="ReleaseActivities.Capture"/>.</summary>
public sealed record CaptureInput(IReadOnlyList<FlagKey> Flags, IReadOnlyList<string> Keys);

/// <summary>What was captured; a non-empty <see cref="Problem"/> says why it could not be.</summary>
public sealed record CaptureOutput(IReadOnlyList<FlagState> Flags, IReadOnlyList<ConfigurationValue> Keys, string Problem);

/// <summary>Input of <see cref="ReleaseActivities.ProveKillSwitch"/>.</summary>
public sealed record KillSwitchInput(FlagSpec Flag);

/// <summary>How a gate ended.</summary>
public sealed record GateOutput(GateStatus Status, string Details, double? LatencyMs = null);

/// <summary>Input of <see cref="ReleaseActivities.Probe"/>; <see cref="ExpectStatus"/> null: any 2xx.</summary>
public sealed record ProbeInput(Uri Url, int? ExpectStatus, TimeSpan Within);

/// <summary>Input of <see cref="ReleaseActivities.Scan"/>.</summary>
public sealed record ScanInput(SecurityScanSpec Scan);

/// <summary>Input of <see cref="ReleaseActivities.Baseline"/>: the closed intervals in [From, To).</summary>
public sealed record BaselineInput(ReleasePlan Plan, DateTimeOffset From, DateTimeOffset To);

/// <summary>Input of <see cref="ReleaseActivities.ErrorTypes"/>: the closed intervals in [Before, From) and in [From, To).</summary>
public sealed record ErrorTypesInput(ReleasePlan Plan, DateTimeOffset Before, DateTimeOffset From, DateTimeOffset To);

/// <summary>Input of <see cref="ReleaseActivities.Expose"/>: the write happens only while the flag is as <see cref="Expected"/>.</summary>
public sealed record ExposeInput(FlagSpec Flag, Percentage Exposure, FlagState Expected)
{
    /// <summary>A write that is not begun by then is left undone: its host was away meanwhile, and what allowed it was looked at before. Null: no such time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NotAfter { get; init; }
}

/// <summary>How a flag effect ended, and the flag as read back (null: unknown or gone).</summary>
public sealed record FlagOutput(EffectOutcome Outcome, FlagState? Flag, string Details, bool Drifted = false);

/// <summary>Input of <see cref="ReleaseActivities.RestoreFlag"/>.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Captured">The state to come back to.</param>
/// <param name="Left">The flag as Slipway last knew that it left it.</param>
/// <param name="Pending">An exposure whose write was begun and whose outcome is unknown; null when there is none.</param>
public sealed record RestoreFlagInput(FlagSpec Flag, FlagState Captured, FlagState Left, Percentage? Pending)
{
    /// <summary>The flag as Slipway itself last wrote it, where <see cref="Left"/> was read since; null where it is the same. What was read may have been
    /// of the past, and then this is what stands there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlagState? Wrote { get; init; }
}

/// <summary>Input of <see cref="ReleaseActivities.VerifyFlags"/>.</summary>
public sealed record VerifyFlagsInput(IReadOnlyList<FlagState> Expected);

/// <summary>The flags as they are, and a line for each that is not as expected.</summary>
public sealed record VerifyFlagsOutput(IReadOnlyList<FlagState> Flags, IReadOnlyList<string> Differences);

/// <summary>Input of <see cref="ReleaseActivities.RestoreKey"/>.</summary>
public sealed record RestoreKeyInput(ConfigurationValue Captured);

/// <summary>How an effect ended.</summary>
public sealed record EffectOutput(EffectOutcome Outcome, string Details)
{
    /// <summary>Of a message: whether it may still fail although it was accepted, see <see cref="ReleaseActivities.Delivery"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unconfirmed { get; init; }

    /// <summary>Of a mail: whether rehearsal and power stood in it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Evidence { get; init; }
}

/// <summary>Input of <see cref="ReleaseActivities.Delivery"/>.</summary>
/// <param name="OperationId">The mail's operation id.</param>
public sealed record DeliveryInput(Guid OperationId);

/// <summary>Input of <see cref="ReleaseActivities.Hook"/>.</summary>
/// <param name="Hook">The hook.</param>
/// <param name="Call">The step.</param>
/// <param name="Status">Where the pipeline wants to be asked about the step, which it has accepted; null: at the hook.</param>
public sealed record HookInput(Uri Hook, HookCall Call, Uri? Status = null);

/// <summary>How a step of the hook stands.</summary>
/// <param name="Progress">How far it is.</param>
/// <param name="Details">What the pipeline said.</param>
/// <param name="Status">Where to ask next; null: at the hook.</param>
public sealed record HookOutput(HookProgress Progress, string Details, Uri? Status = null);

/// <summary>Input of <see cref="ReleaseActivities.Observe"/>.</summary>
public sealed record ObserveInput(WatchPlan Watch, DateTimeOffset From, DateTimeOffset To);

/// <summary>Observations; a non-empty <see cref="Problem"/> says why there are none.</summary>
public sealed record ObserveOutput(IReadOnlyList<Observation> Observations, string Problem);

/// <summary>Input of <see cref="ReleaseActivities.Message"/>: exactly one of mail address and webhook is set.</summary>
/// <param name="OperationId">Stable id of checkpoint and recipient.</param>
/// <param name="Facts">What it tells.</param>
/// <param name="Email">The recipient's address; null for a webhook.</param>
/// <param name="Name">The recipient's name.</param>
/// <param name="Webhook">The webhook; null for a mail.</param>
/// <param name="Ask">What the recipient is asked to approve; null: nothing.</param>
public sealed record MessageInput(Guid OperationId, MessageFacts Facts, string? Email, string Name, WebhookSpec? Webhook, ApprovalAsk? Ask = null)
{
    /// <summary>The address, or the webhook's name.</summary>
    [JsonIgnore]
    public string Recipient => Email ?? Name;

    /// <summary>What the ledger says before the first attempt.</summary>
    public EffectIntended Intended() => new($"message:{OperationId:D}", Kind, Recipient, $"tell {Recipient}: {Facts.Headline}")
    {
        Message = new MessageRecord(Facts, Name, Webhook?.Shape, Ask is not null),
    };

    /// <summary>What the ledger says after an attempt, 0 first: from the second on, the one before may have gone out too.</summary>
    public MessageSent Sent(int attempt, bool accepted, string details) =>
        new(OperationId.ToString("D"), Facts.Checkpoint, Recipient, Kind, accepted, details, attempt > 0);

    /// <summary>What the ledger says when the service had accepted it and gave it up later.</summary>
    public MessageSent Undelivered(string details) => Sent(0, false, $"accepted, and not delivered: {details}") with { GivenUp = true };

    /// <summary>What is alerted beside <see cref="Undelivered"/>.</summary>
    public AlertRaised UndeliveredAlert(string details) => new(
        "mail", AlertSeverity.Warning, $"the mail to {Recipient} was not delivered: {details}", "it is not sent again: the service has given it up");

    private EffectKind Kind => Webhook is null ? EffectKind.Mail : EffectKind.Webhook;
}

/// <summary>What an approver's link will say; it is signed where the mail is sent.</summary>
/// <param name="BaseUrl">Absolute base of the link, without a trailing slash.</param>
/// <param name="Claim">What is signed.</param>
public sealed record ApprovalAsk(string BaseUrl, ApprovalClaim Claim);
