using System.Text.Json.Serialization;
using Slipway.Core.Messages;
using Slipway.Core.Releases;
using Slipway.Core.Requests;
using Slipway.Core.Strategies;

namespace Slipway.Core.Ledgers;

/// <summary>The state to come back to.</summary>
/// <param name="Flags">Every flag of the plan as it was.</param>
/// <param name="Keys">Every configuration key of level 2 as it was.</param>
public sealed record StateCaptured(IReadOnlyList<FlagState> Flags, IReadOnlyList<ConfigurationValue> Keys) : LedgerBody;

/// <summary>A configuration key's value; <see cref="Value"/> and <see cref="ETag"/> null: the key did not exist.</summary>
public sealed record ConfigurationValue(string Key, string? Value, string? ETag);

/// <summary>An external effect is about to happen. Written before the act.</summary>
/// <param name="EffectId">Unique in the release; the idempotency key that the other side gets.</param>
/// <param name="Kind">What is touched.</param>
/// <param name="Target">Which one.</param>
/// <param name="Summary">What will be done, in words.</param>
public sealed record EffectIntended(string EffectId, EffectKind Kind, string Target, string Summary) : LedgerBody
{
    /// <summary>The step, where the effect is a call of the deploy hook; otherwise null.</summary>
    public HookStep? Step { get; init; }

    /// <summary>The message, where the effect is a mail or a webhook; otherwise null.</summary>
    public MessageRecord? Message { get; init; }
}

/// <summary>An external effect happened, or did not. Written after the act.</summary>
/// <param name="EffectId">The id of its <see cref="EffectIntended"/>.</param>
/// <param name="Kind">What was touched.</param>
/// <param name="Target">Which one.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Details">What was found.</param>
/// <param name="Flag">The flag as read back, for flag effects that were verified; otherwise null.</param>
public sealed record EffectFinished(string EffectId, EffectKind Kind, string Target, EffectOutcome Outcome, string Details, FlagState? Flag) : LedgerBody;

/// <summary>Flags that are not as Slipway left them: somebody else changed them. What the store says counts for whoever asks it.</summary>
/// <param name="Flags">Each as it is in its store; one that is gone is off.</param>
public sealed record FlagsFound(IReadOnlyList<FlagState> Flags) : LedgerBody;

/// <summary>What an effect touches.</summary>
public enum EffectKind
{
    /// <summary>A feature flag.</summary>
    Flag,

    /// <summary>A configuration key.</summary>
    Configuration,

    /// <summary>The deploy hook.</summary>
    Hook,

    /// <summary>A mail.</summary>
    Mail,

    /// <summary>A webhook.</summary>
    Webhook,

    /// <summary>A lock.</summary>
    Lock,
}

/// <summary>How an effect ended.</summary>
public enum EffectOutcome
{
    /// <summary>Done and, where it can be, read back.</summary>
    Done,

    /// <summary>Already as wanted; nothing was written.</summary>
    AlreadyDone,

    /// <summary>Somebody else changed the target meanwhile; nothing was written.</summary>
    Conflict,

    /// <summary>It failed; the target may be unchanged.</summary>
    Failed,

    /// <summary>No answer in time; a late write is still possible and loses on its ETag.</summary>
    TimedOut,
}

/// <summary>A message to one recipient was accepted by the sender, or was not.</summary>
/// <param name="MessageId">Stable id of checkpoint and recipient; also the operation id.</param>
/// <param name="Checkpoint">What it tells.</param>
/// <param name="Recipient">Address or webhook name.</param>
/// <param name="Kind">Mail or webhook.</param>
/// <param name="Accepted">Whether the sender accepted it.</param>
/// <param name="Details">Where it went, or why it failed.</param>
/// <param name="PossibleDuplicate">Whether an earlier attempt may have gone out too.</param>
public sealed record MessageSent(
    string MessageId, Checkpoint Checkpoint, string Recipient, EffectKind Kind, bool Accepted, string Details, bool PossibleDuplicate) : LedgerBody
{
    /// <summary>Whether the sender had accepted it and gave it up later: then nobody has read it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool GivenUp { get; init; }

    /// <summary>Whether rehearsal and power of the release stood in the mail, as they follow from its first entry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Evidence { get; init; }
}
