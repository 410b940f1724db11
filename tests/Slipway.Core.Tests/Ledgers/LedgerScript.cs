using Slipway.Core.Ledgers;

namespace Slipway.Core.Tests.Ledgers;

/// <summary>Writes a ledger by hand, entry after entry, with a clock that only moves when told to.</summary>
internal sealed class LedgerScript(DateTimeOffset start)
{
    private readonly List<LedgerEntry> _entries = [];

    public DateTimeOffset Now { get; private set; } = start;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public LedgerScript Wait(double minutes)
    {
        Now = Now.AddSeconds(Math.Round(minutes * 60));
        return this;
    }

    public LedgerScript Add(LedgerBody body, string actor = "slipway")
    {
        var previous = _entries.Count == 0 ? null : _entries[^1];
        _entries.Add(LedgerChain.Link(previous, new LedgerDraft($"entry-{_entries.Count + 1}", Now, actor, body)));
        return this;
    }
}
