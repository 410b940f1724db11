using Slipway.Core.Ledgers;

namespace Slipway.Core.Reporting;

/// <summary>Interim: the reporting slice replaces this file.</summary>
public static class ReleaseReporter
{
    /// <summary>What is known.</summary>
    public static object Report(ReleaseState state, DateTimeOffset now) => new { state.Sequence, Now = now };
}
