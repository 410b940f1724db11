namespace Slipway.Core.Ledgers;

/// <summary>
/// An operator takes a lock away from this release; written before it is done. A running release that reads it goes no further on its own:
/// before any user is exposed it stops, afterwards it is held.
/// </summary>
/// <param name="Resource">What is no longer locked: <c>flag:NAME</c> or <c>key:NAME</c>.</param>
/// <param name="By">The authenticated operator.</param>
/// <param name="Reason">Why, in the operator's words.</param>
/// <param name="Forced">Whether users were exposed by the release, so that it took force.</param>
public sealed record LockRevoked(string Resource, string By, string Reason, bool Forced) : LedgerBody;
