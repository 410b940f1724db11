using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>A release that was rolled back or failed is tried again, as a release of its own. The only thing that this changes here is that.</summary>
/// <param name="Successor">The next attempt.</param>
/// <param name="Attempt">Which attempt that is, 2 or more.</param>
/// <param name="By">The authenticated starter.</param>
/// <param name="Reason">Why, in their words; may be empty.</param>
public sealed record ReleaseRetried(ReleaseId Successor, int Attempt, string By, string Reason) : LedgerBody;

/// <summary>What a further attempt changes in the state of the one before.</summary>
internal static class RetryFold
{
    public static ReleaseState Retry(ReleaseState state, ReleaseRetried retried) => state with { RetriedBy = state.RetriedBy ?? retried.Successor };
}
