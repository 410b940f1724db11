using System.Text;
using System.Text.Json;
using Slipway.Core.Ledgers;
using Slipway.Fuzz.Running;

namespace Slipway.Fuzz.Targets;

/// <summary>The reader of exported ledgers: what reads is printed as it was read, and the verification ends with a verdict, whatever was read.</summary>
internal sealed class LedgerTarget : IFuzzTarget
{
    /// <inheritdoc/>
    public string Name => "ledger";

    /// <inheritdoc/>
    public IReadOnlyList<string> Words { get; } =
    [
        "\"sequence\":1", "\"entry_id\":\"e\"", "\"at\":\"2026-12-01T09:00:00.0000000Z\"", "\"actor\":\"slipway\"", "\"type\":\"stage.started.v1\"", "\"body\":{}", "\"previous_hash\":\"\"", "\"hash\":\"\"",
        "release.created.v1", "interval.judged.v1", "command.received.v1", "approval.decided.v1", LedgerChain.Genesis,
    ];

    /// <inheritdoc/>
    public string Read(byte[] input)
    {
        IReadOnlyList<LedgerEntry> entries;
        try
        {
            entries = LedgerLines.ReadAll(Encoding.UTF8.GetString(input).Split('\n'));
        }
        catch (FormatException problem)
        {
            return string.Join(' ', problem.Message.Split(' ').Where(word => word.All(letter => char.IsAsciiLetter(letter) || letter == '\'')).Take(9));
        }

        foreach (var entry in entries)
        {
            if (LedgerLines.Write(LedgerLines.Read(LedgerLines.Write(entry))) != LedgerLines.Write(entry)) throw new BrokenPromiseException("an entry is printed in another way than it is read");
        }

        var verdict = LedgerChain.Verify(entries);
        if (verdict.Ok != (verdict.Fault == ChainFault.None)) throw new BrokenPromiseException("a good ledger with a fault");
        return $"{Math.Min(entries.Count, 6)} {verdict.Fault} {string.Concat(entries.Take(2).Select(Body))} {verdict.Sentence.Length > 0}";
    }

    private static string Body(LedgerEntry entry)
    {
        try
        {
            return entry.Read() is UnknownBody ? "unknown " : $"{entry.Type} ";
        }
        catch (JsonException)
        {
            return $"bad {entry.Type} ";
        }
    }
}
