using Slipway.Core.Ledgers;

namespace Slipway.Scenarios.World;

/// <summary>Interim.</summary>
internal static class ReportContract
{
    public static void CheckEveryPrefix(IReadOnlyList<LedgerEntry> entries) => Assert.NotEmpty(entries);
}
