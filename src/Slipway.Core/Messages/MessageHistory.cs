using System.Collections.Immutable;
using Slipway.Core.Ledgers;

namespace Slipway.Core.Messages;

/// <summary>One try to hand a message over.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Accepted">Whether the sender accepted it.</param>
/// <param name="Details">Where it went, or why it failed.</param>
/// <param name="Evidence">Whether rehearsal and power stood in it.</param>
public sealed record MessageAttempt(DateTimeOffset At, bool Accepted, string Details, bool Evidence = false);

/// <summary>One message to one recipient, as the ledger has it.</summary>
/// <param name="Sequence">The entry before its first try.</param>
/// <param name="At">When that was written.</param>
/// <param name="Recipient">Address or webhook name.</param>
/// <param name="Record">What it said.</param>
/// <param name="Attempts">The tries that are recorded, oldest first: the first, the one that was accepted, and the last.</param>
public sealed record MessageLine(long Sequence, DateTimeOffset At, string Recipient, MessageRecord Record, ImmutableList<MessageAttempt> Attempts)
{
    /// <summary>Whether the sender accepted it.</summary>
    public bool Accepted => Attempts.Exists(attempt => attempt.Accepted);
}

/// <summary>Reads the messages of a release out of its ledger. Pure.</summary>
public static class MessageHistory
{
    private const string Prefix = "message:";
    private const string Intended = "effect.intended.v1";
    private const string Sent = "message.sent.v1";

    /// <summary>Every message, oldest first.</summary>
    public static IReadOnlyList<MessageLine> Of(IEnumerable<LedgerEntry> entries)
    {
        var lines = new Dictionary<string, MessageLine>(StringComparer.Ordinal);
        foreach (var entry in entries.Where(entry => entry.Type is Intended or Sent))
        {
            switch (entry.Read())
            {
                case EffectIntended { Message: { } record } intended when intended.EffectId.StartsWith(Prefix, StringComparison.Ordinal):
                    lines.TryAdd(intended.EffectId[Prefix.Length..], new MessageLine(entry.Sequence, entry.At, ShownEffect.Text(intended.Kind, intended.Target), record, []));
                    break;
                case MessageSent sent when lines.TryGetValue(sent.MessageId, out var line):
                    lines[sent.MessageId] = line with { Attempts = line.Attempts.Add(new MessageAttempt(entry.At, sent.Accepted, ShownEffect.Text(sent.Kind, sent.Details), sent.Evidence)) };
                    break;
                default:
                    break;
            }
        }

        return [.. lines.Values.OrderBy(line => line.Sequence)];
    }
}
