namespace Slipway.Core.Ledgers;

/// <summary>What is wrong with a ledger.</summary>
public enum ChainFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An entry is missing.</summary>
    Gap,

    /// <summary>An entry stands at another place than its sequence says, or twice.</summary>
    Reordered,

    /// <summary>Two entries have the same id.</summary>
    DuplicateId,

    /// <summary>An entry does not name the hash of the one before.</summary>
    WrongPreviousHash,

    /// <summary>An entry's hash is not the hash of its content.</summary>
    WrongHash,
}

/// <summary>How the verification of a ledger ended.</summary>
public sealed record ChainVerdict
{
    /// <summary>Whether every entry is where and what it was when it was written.</summary>
    public required bool Ok { get; init; }

    /// <summary>Entries that are good, from the first on: all of them when <see cref="Ok"/>.</summary>
    public required long Count { get; init; }

    /// <summary>The hash of the last good entry; 64 zeros when there is none.</summary>
    public required string HeadHash { get; init; }

    /// <summary>What is wrong; <see cref="ChainFault.None"/> when nothing is.</summary>
    public ChainFault Fault { get; init; }

    /// <summary>The sequence at which the first fault stands (the one that is expected there); 0 when there is none.</summary>
    public long BadSequence { get; init; }

    /// <summary>What stands there; empty when there is no fault.</summary>
    public string Found { get; init; } = "";

    /// <summary>What should stand there; empty when there is no fault.</summary>
    public string Expected { get; init; } = "";

    /// <summary>The verdict in one sentence.</summary>
    public string Sentence => Ok
        ? $"{Count} entries verified; head {HeadHash}"
        : $"entry {BadSequence}: {Name}: found {Found}, expected {Expected}; {Count} entries before it are good";

    private string Name => Fault switch
    {
        ChainFault.Gap => "an entry is missing",
        ChainFault.Reordered => "the order was changed",
        ChainFault.DuplicateId => "an id occurs twice",
        ChainFault.WrongPreviousHash => "it does not follow the entry before",
        ChainFault.WrongHash => "its content was changed",
        _ => "no fault",
    };
}
