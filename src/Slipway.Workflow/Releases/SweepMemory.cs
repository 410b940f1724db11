using System.Collections.Concurrent;
using Slipway.Core.Releases;

namespace Slipway.Workflow.Releases;

/// <summary>What the sweeps of a host found, for those that follow. It only saves work: losing it loses nothing. Safe for concurrent use.</summary>
public sealed class SweepMemory
{
    private volatile HashSet<ReleaseId> _over = [];

    /// <summary>What an earlier sweep found of releases that wait, with nobody exposed and nothing open: up to where it had read, and their phase. As long as
    /// nothing was appended since, there is nothing to do for them, and their ledgers need not be folded again.</summary>
    internal ConcurrentDictionary<ReleaseId, (long Sequence, ReleasePhase Phase)> Quiet { get; } = new();

    /// <summary>Which releases were over, with nothing open, when the summaries were last read. Never changed once it is set.</summary>
    internal HashSet<ReleaseId> Over
    {
        get => _over;
        set => _over = value;
    }
}
