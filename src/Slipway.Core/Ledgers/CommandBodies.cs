using Slipway.Core.Releases;

namespace Slipway.Core.Ledgers;

/// <summary>A person asked for something. The append is the acknowledgement of receipt.</summary>
public sealed record CommandReceived(ReleaseCommand Command) : LedgerBody;

/// <summary>A command was carried out.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="Effect">What changed, in one sentence.</param>
public sealed record CommandApplied(string CommandId, string Effect) : LedgerBody;

/// <summary>A command was not carried out.</summary>
/// <param name="CommandId">The command.</param>
/// <param name="Why">Why not, and what would work.</param>
public sealed record CommandRefused(string CommandId, string Why) : LedgerBody;
